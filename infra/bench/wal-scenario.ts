import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type Figure, plain } from './report.js';
import type { BenchUser, World } from './world.js';

/** Bytes of one answer; a token of these is six bytes on average. */
const textBytes = 28_000;
const warmUpBytes = 2_000;

/** What an answer's text costs the log of the database, a byte of text, from the question to the stored answer. */
export async function benchWal(world: World): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [tokensPerSecond, bar] of [
    [50, 12],
    [200, 4],
  ] as const) {
    for (const answers of [1, 16]) {
      const value = await bytesOfByte(world, answers, tokensPerSecond);
      figures.push(atMost('wal', `${answers} at ${tokensPerSecond} tokens/s`, value, 'bytes a byte of text', bar));
    }
  }
  const { rows } = await world.pool.query<{ pieces: number }>('select count(*)::int as pieces from llm.piece');
  return [...figures, plain('wal', 'pieces left', rows[0]?.pieces ?? Number.NaN, '')];
}

async function bytesOfByte(world: World, answers: number, tokensPerSecond: number): Promise<number> {
  // The first change of a page after a checkpoint, of which there is one in five minutes, logs the whole page.
  await written(world, answers, { tokens: incompressible(warmUpBytes), tokensPerSecond: 0 });
  const before = await logged(world);
  const bytes = await written(world, answers, { tokens: incompressible(textBytes), tokensPerSecond });
  return ((await logged(world)) - before) / bytes;
}

/** Has that many people ask at once; the bytes of the texts that they have got in the end. */
async function written(world: World, answers: number, behaviour: object): Promise<number> {
  const users = await world.users(answers);
  await world.model(behaviour);
  await Promise.all(users.map((user) => ask(world, user)));
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

async function logged({ pool }: World): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`);
  return Number(rows[0]?.bytes);
}

async function ask({ productUrl }: World, { token }: BenchUser): Promise<void> {
  const query = 'mutation { sendChatMessage(input: { content: "bench" }) { answer { id } } }';
  const response = await fetch(`${productUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  if (!response.ok) throw new Error(await response.text());
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
