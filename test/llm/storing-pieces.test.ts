import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Context, RunStatement } from '../../src/kernel/context.js';
import { readText } from '../../src/llm/run-rows.js';
import { TextStore } from '../../src/llm/store-text.js';
import { LiveText } from '../../src/platform/live-texts.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

/** A run that this test writes; `lose` makes the answer to the next statement get lost. */
async function begin() {
  const ada = await world.user();
  const ctx = await world.jobContext();
  const run = { id: randomUUID(), accountId: ada.id, model: 'x' };
  await world.sql(
    `insert into llm.run (account_id, id, purpose, model, state, lease_owner, lease_until, created_at)
     values ($1, $2, 'CHAT', 'x', 'RUNNING', $3, now() + interval '1 h', now())`,
    [run.accountId, run.id, ctx.services.instanceId],
  );
  let loses = false;
  let late: (() => Promise<unknown>) | 'next' | null = null;
  const runStatement: RunStatement = async (text, values) => {
    if (late === 'next') {
      late = () => ctx.services.runStatement(text, values);
      throw new Error('The connection broke.');
    }
    const rows = await ctx.services.runStatement<never>(text, values);
    if (!loses) return rows;
    loses = false;
    throw new Error('The connection broke.');
  };
  const unreliable: Context = { ...ctx, services: { ...ctx.services, runStatement } };
  const live = new LiveText();
  const store = new TextStore(unreliable, run, live);
  return {
    ctx,
    run,
    live,
    store,
    write: async (text: string) => {
      live.text += text;
      await store.append();
    },
    lose: () => {
      loses = true;
    },
    /** The next statement fails, and is carried out when the answer is called. */
    delay: () => {
      late = 'next';
      return async () => typeof late === 'function' && late();
    },
    stored: async (from = 0) => readText(ctx, run, from),
  };
}

test('a text is stored in pieces, and read from any position on', async () => {
  const { live, write, stored } = await begin();
  for (let index = 0; index < 500; index += 1) await write(`${index % 7 ? 'word' : '🦊 é'}${index} `);
  expect(await stored()).toEqual({ position: 0, text: live.text });
  const pieces = await world.sql<{ bytes: number }>(
    `select octet_length(reversed_text) as bytes from llm.piece where account_id = (select max(account_id::text)::uuid from llm.piece)`,
  );
  expect(pieces.length).toBeGreaterThan(1);
  expect(Math.max(...pieces.map(({ bytes }) => bytes))).toBeLessThanOrEqual(1_600);
  for (const from of [1, 1_599, 1_600, 1_800, live.text.length - 1, live.text.length, 100_000]) {
    const read = await stored(from);
    expect(read?.position).toBeLessThanOrEqual(from);
    expect(live.text.slice(read?.position)).toBe(read?.text);
    // What was read before is not read again, but for the beginning of a piece.
    if (from >= 1_600) expect(read?.text.length).toBeLessThan(live.text.length);
  }
});

test('what was stored although the answer got lost is not stored a second time', async () => {
  const { live, store, write, lose, stored } = await begin();
  for (const before of ['', 'first ', 'second ']) {
    if (before) await write(before);
    lose();
    await expect(write('lost ')).rejects.toThrow('The connection broke.');
    live.text += 'more ';
    // Finds how far it got, and then stores what is missing.
    await store.append();
    await store.append();
    expect(await stored()).toEqual({ position: 0, text: live.text });
    expect(live.storedLength).toBe(live.text.length);
  }
  expect(live.stop.signal.aborted).toBe(false);
});

test('what was stored although the answer got lost is not stored a second time by the next piece', async () => {
  const { live, store, write, lose, stored } = await begin();
  await write('first ');
  lose();
  await expect(write('lost ')).rejects.toThrow('The connection broke.');
  // More than fits into a piece has come meanwhile.
  live.text += 'more '.repeat(400);
  await store.append();
  await store.append();
  expect(await stored()).toEqual({ position: 0, text: live.text });
});

test('what is carried out only when its writer has given it up, and gone on, changes nothing', async () => {
  const { live, store, write, delay, stored } = await begin();
  await write('first ');
  const carryOut = delay();
  await expect(write('late ')).rejects.toThrow('The connection broke.');
  live.text += 'more '.repeat(400);
  await store.append();
  await write('and another piece');
  await carryOut();
  expect(await stored()).toEqual({ position: 0, text: live.text });
});

test.each([
  ['has ended', `state = 'FAILED', ended_at = now(), lease_owner = null, lease_until = null`],
  ['was stopped', `state = 'STOPPED'`],
  ['is another process’s', 'lease_owner = gen_random_uuid()'],
])('a run that %s takes no more text, and its writer stops', async (_, change) => {
  const { run, live, write } = await begin();
  await write('first ');
  await world.sql(`update llm.run set ${change} where id = $1`, [run.id]);
  await write('late ');
  expect(live.stop.signal.aborted).toBe(true);
  // Nor does one that had not stored anything yet.
  await world.sql('delete from llm.piece where run_id = $1', [run.id]);
  const other = new TextStore(await world.jobContext(), run, Object.assign(new LiveText(), { text: 'x' }));
  await other.append();
  expect(await world.sql('select from llm.piece where run_id = $1', [run.id])).toEqual([]);
});

test('a text that comes all at once is stored, however long', async () => {
  const { live, write, stored } = await begin();
  await write('🦊'.repeat(16_000));
  await write('and more');
  expect((await stored())?.text).toBe(live.text);
  expect((await stored(live.text.length))?.text).toBe('and more');
});
