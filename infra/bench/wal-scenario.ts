import { setTimeout as pause } from 'node:timers/promises';
import type { BenchUser } from './accounts.js';
import { askAssistant } from './client.js';
import { atMost, type Figure, plain } from './report.js';
import type { World } from './world.js';

/** Bytes of one answer; a token of these is six bytes on average. */
const textBytes = 28_000;
const warmUpBytes = 2_000;

/** Answers at once: what else the database logs meanwhile, for itself and the queue, weighs little beside them. */
const answers = 16;

/**
 * What an answer's text costs the log of the database, a byte of text, from the question to the stored answer. The bars
 * are for what is logged of the changes: how often whole pages are logged beside them depends on the time between
 * checkpoints alone.
 */
export async function benchWal(world: World): Promise<Figure[]> {
  await world.pool.query('create extension if not exists pg_walinspect');
  const figures: Figure[] = [];
  for (const [tokensPerSecond, bar] of [
    [50, 12],
    [200, 4],
  ] as const) {
    const { changes, pages } = await bytesOfByte(world, tokensPerSecond);
    figures.push(
      atMost('wal', `changes at ${tokensPerSecond} tokens/s`, changes, 'bytes a byte of text', bar),
      plain('wal', `whole pages at ${tokensPerSecond} tokens/s`, pages, 'bytes a byte of text'),
    );
  }
  return figures;
}

async function bytesOfByte(world: World, tokensPerSecond: number): Promise<{ changes: number; pages: number }> {
  await written(world, { tokens: incompressible(warmUpBytes), tokensPerSecond: 0 });
  const before = await position(world);
  const bytes = await written(world, { tokens: incompressible(textBytes), tokensPerSecond });
  const { rows } = await world.pool.query<{ changes: number; pages: number }>(
    `select sum(record_size)::float8 / $2 as changes, sum(fpi_size)::float8 / $2 as pages
     from pg_get_wal_stats($1, pg_current_wal_insert_lsn())`,
    [before, bytes],
  );
  if (!rows[0]) throw new Error('The log says nothing.');
  return rows[0];
}

/** Has that many people ask at once; the bytes of the texts that they have got in the end. */
async function written(world: World, behaviour: object): Promise<number> {
  const users = await world.users(answers);
  await world.model(behaviour);
  await Promise.all(users.map((user) => askAssistant(world, user)));
  const { rows } = await settled(world, users);
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Tokens of random letters: nothing in them repeats. */
function incompressible(textBytes: number): string[] {
  const tokens: string[] = [];
  for (let bytes = 0; bytes < textBytes; ) {
    const length = 3 + Math.floor(Math.random() * 5);
    const letters = Array.from({ length }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26)));
    tokens.push(`${letters.join('')} `);
    bytes += length + 1;
  }
  return tokens;
}

async function position({ pool }: World): Promise<string> {
  const { rows } = await pool.query<{ at: string }>('select pg_current_wal_insert_lsn()::text as at');
  return rows[0]?.at ?? '';
}

/** The answers' bytes, once all have ended. */
async function settled({ pool }: World, users: readonly BenchUser[]) {
  for (;;) {
    const found = await pool.query<{ bytes: number }>(
      `select octet_length(content) as bytes from assistant.chat_message
       where account_id = any($1) and role = 'ASSISTANT' and state = 'COMPLETE'`,
      [users.map(({ id }) => id)],
    );
    if (found.rows.length === users.length) return found;
    await pause(500);
  }
}
