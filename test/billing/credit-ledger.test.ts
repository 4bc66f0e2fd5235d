import { expect, test } from '@jest/globals';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditHistory, Credits, SendChatMessage } from '../../generated/documents.js';
import { adjustCredits, holdCredits, settleHold } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { giveCredits } from '../support/answers.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { startRoles } from '../support/role.js';

const world = harness();

/** For every user and bucket: the balance is the sum of its entries, and no hold is left. */
async function expectLedgerToAddUp(): Promise<void> {
  const rows = await world.sql(
    `select bucket.account_id from billing.credit_bucket bucket left join billing.credit_entry entry using (account_id, bucket)
     group by bucket.account_id, bucket.bucket, bucket.balance having bucket.balance <> coalesce(sum(entry.amount), 0)`,
  );
  expect(rows).toEqual([]);
}

const credits = async (person: Person) => (await person.ok(Credits, {})).credits;

test('of 100 questions at once with 5 credits, exactly 5 start', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const sent = await Promise.all(
    Array.from({ length: 100 }, () => ada.send(SendChatMessage, { input: { content: 'Hello' } })),
  );
  const refused = sent.filter(({ body }) => body.errors);
  expect(refused).toHaveLength(95);
  expect(refused[0]?.body.errors?.[0]?.extensions).toMatchObject({
    code: 'INSUFFICIENT_CREDITS',
    required: 1,
    available: 0,
  });
  await eventually(
    () => credits(ada),
    ({ held }) => held === 0,
  );
  expect(await credits(ada)).toMatchObject({ total: 0, kickstart: 0, held: 0 });
  await expectLedgerToAddUp();
});

/** What a question that begins a conversation is answered with. Told to come again, it does so, as clients do. */
async function codeOfQuestion(person: Person): Promise<unknown> {
  const { body } = await person.send(SendChatMessage, { input: { content: 'Hello' } });
  const code = body.errors?.[0]?.extensions?.['code'] ?? 'OK';
  return code === 'UNAVAILABLE' ? codeOfQuestion(person) : code;
}

test('200 parallel AI requests on a balance of 10 from two processes: 10 run, none more, and the ledger adds up', async () => {
  const ada = await world.user();
  await giveCredits(world, ada, 5);
  await world.model({ tokensPerSecond: 0 });
  const other = await startRoles(world.config, ['api']);
  try {
    const places = [ada, ada.at(other.url)];
    const codes = await Promise.all(Array.from({ length: 100 }, () => places.map(codeOfQuestion)).flat());
    const counts = Map.groupBy(codes, (code) => code);
    expect([...counts].map(([code, { length }]) => [code, length]).toSorted()).toEqual([
      ['INSUFFICIENT_CREDITS', 190],
      ['OK', 10],
    ]);
    await eventually(
      () => credits(ada),
      ({ held }) => held === 0,
    );
  } finally {
    await other.kill();
  }
  expect(await credits(ada)).toMatchObject({ total: 0, purchased: 0, kickstart: 0 });
  expect((await world.modelState()).requests).toBe(10);
  const runs = await world.sql('select state, count(*)::int from llm.run group by state');
  expect(runs).toEqual([{ state: 'COMPLETE', count: 10 }]);
  const lines = await world.sql(
    'select kind, count(*)::int, sum(amount)::int from billing.credit_entry group by kind order by kind',
  );
  expect(lines).toEqual([
    { kind: 'GRANT', count: 2, sum: 10 },
    { kind: 'HOLD', count: 10, sum: -10 },
    { kind: 'RELEASE', count: 10, sum: 10 },
    { kind: 'SPEND', count: 10, sum: -10 },
  ]);
  await expectLedgerToAddUp();
});

test('a question holds its credit before, and pays it after', async () => {
  const ada = await world.user();
  await world.model({ delayMs: 300, tokensPerSecond: 0 });
  const { creditsRemaining } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage;
  expect(creditsRemaining).toBe(4);
  expect(await credits(ada)).toMatchObject({ total: 4, held: 1 });
  await eventually(
    () => credits(ada),
    ({ held }) => held === 0,
  );
  const nodes = nodesOf((await ada.ok(CreditHistory, {})).creditHistory);
  expect(nodes.map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter])).toEqual([
    ['SPEND', -1, 4],
    ['RELEASE', 1, 5],
    ['HOLD', -1, 4],
    ['GRANT', 5, 5],
  ]);
});

test('buckets are spent in their order', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  await world.model({ tokensPerSecond: 0 });
  for (const bucket of ['PURCHASED', 'SUBSCRIPTION', 'DAILY'] as const)
    await adjustCredits(ctx, { bucket: CreditBucketName[bucket], amount: 1, reason: 'test', key: bucket });
  const spend = async () => {
    await ada.ok(SendChatMessage, { input: { content: 'Hello' } });
    await eventually(
      () => credits(ada),
      ({ held }) => held === 0,
    );
    const { daily, subscription, purchased, kickstart } = await credits(ada);
    return [daily, subscription, purchased, kickstart];
  };
  expect(await spend()).toEqual([0, 1, 1, 5]);
  expect(await spend()).toEqual([0, 0, 1, 5]);
  expect(await spend()).toEqual([0, 0, 0, 5]);
  expect(await spend()).toEqual([0, 0, 0, 4]);
  await expectLedgerToAddUp();
});

test('of what is held a part is paid, in the order of the buckets, and the rest returns to those it came from', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  for (const bucket of [CreditBucketName.DAILY, CreditBucketName.PURCHASED])
    await adjustCredits(ctx, { bucket, amount: 3, reason: 'test', key: bucket });
  const hold = (key: string) => transaction(ctx, (tx) => holdCredits(tx, { amount: 8, key, reason: 'test' }));
  const settle = (holdId: string, paid: number) => transaction(ctx, (tx) => settleHold(tx, holdId, paid));
  const { holdId } = await hold('first');
  expect(await credits(ada)).toMatchObject({ daily: 0, purchased: 0, kickstart: 3, held: 8 });
  await settle(holdId, 5);
  expect(await credits(ada)).toMatchObject({ daily: 0, purchased: 1, kickstart: 5, held: 0 });
  // A hold ends once.
  await settle(holdId, 8);
  expect(await credits(ada)).toMatchObject({ total: 6, held: 0 });
  expect(await spentBy(ada)).toEqual([5]);
  // No more is paid than was held, and 0 pays nothing.
  await adjustCredits(ctx, { bucket: CreditBucketName.PURCHASED, amount: 10, reason: 'test', key: 'more' });
  await settle((await hold('second')).holdId, 0);
  expect(await credits(ada)).toMatchObject({ total: 16, held: 0 });
  await settle((await hold('third')).holdId, 9);
  expect(await credits(ada)).toMatchObject({ total: 8, held: 0 });
  expect(await spentBy(ada)).toEqual([5, 8]);
  await expectLedgerToAddUp();
});

/** What the log says was spent, in its order. */
async function spentBy(person: Person): Promise<number[]> {
  const rows = await world.sql<{ amount: number }>(
    `select (metadata->>'amount')::int as amount from activity.event
     where account_id = $1 and type = 'ai.credits_consumed' order by number`,
    [person.id],
  );
  return rows.map(({ amount }) => amount);
}

test('the database refuses to rewrite the ledger, and a balance below zero', async () => {
  const ada = await world.user();
  await expect(world.sql('update billing.credit_entry set amount = 9 where account_id = $1', [ada.id])).rejects.toThrow(
    'append-only',
  );
  await expect(world.sql('delete from billing.credit_entry where account_id = $1', [ada.id])).rejects.toThrow(
    'append-only',
  );
  const overdraw = `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
    values (gen_random_uuid(), $1, 'SPEND', 'KICKSTART', -6, 'test', 'overdraw', now())`;
  await expect(world.sql(overdraw, [ada.id])).rejects.toThrow('credit_bucket_never_negative');
});
