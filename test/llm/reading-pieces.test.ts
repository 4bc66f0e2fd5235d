import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Context, RunStatement } from '../../src/kernel/context.js';
import { TextReads } from '../../src/llm/text-reads.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

/** The texts that another process writes, as far as they are stored, and the statements by which they are read. */
async function begin(texts: readonly string[]) {
  const ctx = await world.jobContext();
  const runs = [];
  for (const text of texts) {
    const { id: accountId } = await world.user();
    const run = { id: randomUUID(), accountId };
    await world.sql(
      `insert into llm.run (account_id, id, purpose, model, state, lease_owner, lease_until, created_at)
       values ($1, $2, 'CHAT', 'x', 'RUNNING', gen_random_uuid(), now() + interval '1 h', now())`,
      [accountId, run.id],
    );
    await world.sql(
      'insert into llm.piece (account_id, run_id, position, reversed_text) values ($1, $2, 0, reverse($3))',
      [accountId, run.id, text],
    );
    runs.push(run);
  }
  let statements = 0;
  let fails = false;
  const runStatement: RunStatement = async (text, values) => {
    statements += 1;
    if (fails) throw new Error('The connection broke.');
    return ctx.services.runStatement<never>(text, values);
  };
  const counted: Context['services'] = { ...ctx.services, runStatement };
  return {
    runs,
    reads: TextReads.of(counted),
    statements: () => statements,
    fail: (value: boolean) => {
      fails = value;
    },
  };
}

test('readers of several runs who ask together are answered by one statement, each from its own position on', async () => {
  const { runs, reads, statements } = await begin(['one 🦊', 'two', '']);
  const [one, two, empty] = runs;
  if (!one || !two || !empty) throw new Error('There is no run.');
  const unknown = { ...one, id: randomUUID() };
  const found = await Promise.all([
    ...[reads.read(two, 0), reads.read(one, 2), reads.read(two, 3), reads.read(two, 0)],
    ...[reads.read(empty, 0), reads.read(unknown, 0), reads.read({ ...one, accountId: two.accountId }, 0)],
  ]);
  const [ofOne, ofTwo] = [
    { position: 0, text: 'one 🦊' },
    { position: 0, text: 'two' },
  ];
  expect(found).toEqual([ofTwo, ofOne, ofTwo, ofTwo, { position: 0, text: '' }, null, null]);
  expect(statements()).toBe(1);
});

test('who asks again later gets what is stored by then, and null once the run has ended', async () => {
  const { runs, reads } = await begin(['one']);
  const [run] = runs;
  if (!run) throw new Error('There is no run.');
  expect((await reads.read(run, 3))?.text).toBe('one');
  await world.sql(`update llm.piece set reversed_text = reverse('one and two') where run_id = $1`, [run.id]);
  expect((await reads.read(run, 3))?.text).toBe('one and two');
  await world.sql(
    `update llm.run set state = 'COMPLETE', ended_at = now(), lease_owner = null, lease_until = null where id = $1`,
    [run.id],
  );
  expect(await reads.read(run, 3)).toBeNull();
});

test('a statement that fails fails those who asked, and nobody after them', async () => {
  const { runs, reads, fail } = await begin(['one']);
  const [run] = runs;
  if (!run) throw new Error('There is no run.');
  fail(true);
  const asked = await Promise.allSettled([reads.read(run, 0), reads.read(run, 1)]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fail(false);
  expect((await reads.read(run, 0))?.text).toBe('one');
});
