import { expect, test } from '@jest/globals';
import { AllowanceLimit } from '../../entities/accounts/allowance.js';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditHistory, CreditStatement, Credits, SendChatMessage } from '../../generated/documents.js';
import { grantAllowance } from '../../src/accounts/index.js';
import { adjustCredits, holdCredits, refundHold, settleHold } from '../../src/billing/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';

const world = harness({ lastingTokens: true, worker: false });

const at = (text: string) => new Date(`2027-03-${text}Z`);

/** Somebody whose account was made at noon of March 1, and has the Pro plan since. */
async function proUser(): Promise<{ ada: Person; ctx: Context }> {
  world.clock.stopAt(at('01T12:00:00'));
  const ada = await world.user();
  await makePro(ada, world, 0);
  return { ada, ctx: asAccount(await world.jobContext(), ada.id) };
}

const credits = async (person: Person) => (await person.ok(Credits, {})).credits;
const statement = async (person: Person, moment: Date) =>
  (await person.ok(CreditStatement, { at: moment.toISOString() })).creditStatement;

/** The ledger in its order: when, what, where, how much. */
async function lines(person: Person): Promise<string[]> {
  const nodes = nodesOf((await person.ok(CreditHistory, { first: 100 })).creditHistory);
  return nodes
    .toReversed()
    .map(({ createdAt, kind, bucket, amount }) => `${createdAt.slice(8, 19)} ${kind} ${bucket} ${amount}`);
}

test('the credits of a day are there at 00:00 whatever the job does, and gone at the next', async () => {
  const { ada, ctx } = await proUser();
  expect(await credits(ada)).toMatchObject({ daily: 0, total: 5, dailyResetAt: '2027-03-02T00:00:00.000Z' });
  world.clock.stopAt(at('01T23:59:59.999'));
  expect(await credits(ada)).toMatchObject({ daily: 0, total: 5 });
  world.clock.stopAt(at('02T00:00:00'));
  expect(await credits(ada)).toMatchObject({ daily: 10, total: 15, dailyResetAt: '2027-03-03T00:00:00.000Z' });
  world.clock.stopAt(at('02T00:00:01'));
  expect(await credits(ada)).toMatchObject({ daily: 10, total: 15 });
  const { holdId } = await transaction(ctx, (tx) => holdCredits(tx, { amount: 12, key: 'first', reason: 'test' }));
  await transaction(ctx, (tx) => settleHold(tx, holdId, 3));
  expect(await credits(ada)).toMatchObject({ daily: 7, kickstart: 5, total: 12 });
  // Nobody looks for two days.
  world.clock.stopAt(at('04T09:00:00'));
  expect(await credits(ada)).toMatchObject({ daily: 10, kickstart: 5, total: 15 });
  expect(await lines(ada)).toEqual([
    '01T12:00:00 GRANT KICKSTART 5',
    '02T00:00:00 GRANT DAILY 10',
    '02T00:00:01 HOLD DAILY -10',
    '02T00:00:01 HOLD KICKSTART -2',
    '02T00:00:01 RELEASE DAILY 10',
    '02T00:00:01 SPEND DAILY -3',
    '02T00:00:01 RELEASE KICKSTART 2',
    '03T00:00:00 EXPIRE DAILY -7',
    '03T00:00:00 GRANT DAILY 10',
    '04T00:00:00 EXPIRE DAILY -10',
    '04T00:00:00 GRANT DAILY 10',
  ]);
  expect(await statement(ada, at('01T23:59:59.999'))).toMatchObject({ daily: 0, kickstart: 5, total: 5 });
  expect(await statement(ada, at('02T00:00:00'))).toMatchObject({ daily: 10, kickstart: 5, total: 15 });
  expect(await statement(ada, at('02T23:59:59.999'))).toMatchObject({ daily: 7, total: 12, held: 0 });
  expect(await statement(ada, at('03T12:00:00'))).toMatchObject({ daily: 10, total: 15 });
  expect(await statement(ada, at('01T11:00:00'))).toMatchObject({ total: 0, entries: { totalCount: 0 } });
});

test('a perk counts from the next 00:00 on, without the plan as well', async () => {
  world.clock.stopAt(at('01T12:00:00'));
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  world.clock.stopAt(at('02T08:00:00'));
  const perk = { key: 'achievement:streak_3', limit: AllowanceLimit.DAILY_CREDITS, amount: 1 };
  await transaction(ctx, (tx) => grantAllowance(tx, perk));
  expect(await credits(ada)).toMatchObject({ daily: 0, total: 5 });
  world.clock.stopAt(at('05T00:00:00'));
  expect(await credits(ada)).toMatchObject({ daily: 1, total: 6 });
  const daily = (await lines(ada)).filter((line) => line.includes('DAILY'));
  expect(daily).toEqual([
    '03T00:00:00 GRANT DAILY 1',
    '04T00:00:00 EXPIRE DAILY -1',
    '04T00:00:00 GRANT DAILY 1',
    '05T00:00:00 EXPIRE DAILY -1',
    '05T00:00:00 GRANT DAILY 1',
  ]);
});

test('a daily credit that returns on the next day is gone, and the history says so', async () => {
  const { ada, ctx } = await proUser();
  world.clock.stopAt(at('02T23:59:00'));
  const hold = (key: string) => transaction(ctx, (tx) => holdCredits(tx, { amount: 2, key, reason: 'test' }));
  const [released, refunded] = [await hold('released'), await hold('refunded')];
  await transaction(ctx, (tx) => settleHold(tx, refunded.holdId, 1));
  world.clock.stopAt(at('03T00:01:00'));
  expect(await credits(ada)).toMatchObject({ daily: 10, held: 2 });
  await transaction(ctx, (tx) => settleHold(tx, released.holdId, 0));
  const refund = () => transaction(ctx, (tx) => refundHold(tx, refunded.holdId, 'It was wrong'));
  expect(await refund()).toBe(1);
  expect(await refund()).toBe(0);
  expect(await credits(ada)).toMatchObject({ daily: 10, held: 0, total: 15 });
  expect((await lines(ada)).slice(-6)).toEqual([
    '03T00:00:00 EXPIRE DAILY -7',
    '03T00:00:00 GRANT DAILY 10',
    '03T00:01:00 RELEASE DAILY 2',
    '03T00:01:00 EXPIRE DAILY -2',
    '03T00:01:00 REFUND DAILY 1',
    '03T00:01:00 EXPIRE DAILY -1',
  ]);
});

test('what is refunded in time can be spent again, from the buckets that it came from', async () => {
  const { ada, ctx } = await proUser();
  world.clock.stopAt(at('02T12:00:00'));
  const { holdId } = await transaction(ctx, (tx) => holdCredits(tx, { amount: 12, key: 'x', reason: 'test' }));
  // What is still held was not paid.
  expect(await transaction(ctx, (tx) => refundHold(tx, holdId, 'test'))).toBe(0);
  await transaction(ctx, (tx) => settleHold(tx, holdId, 11));
  expect(await credits(ada)).toMatchObject({ daily: 0, kickstart: 4 });
  expect(await transaction(ctx, (tx) => refundHold(tx, holdId, 'test'))).toBe(11);
  expect(await credits(ada)).toMatchObject({ daily: 10, kickstart: 5 });
});

test('the job books what is due, late and twice at once, and passes over accounts without daily credits', async () => {
  const { ada } = await proUser();
  const bob = await world.user('Bob');
  world.clock.stopAt(at('04T03:00:00'));
  await Promise.all([1, 2, 3].map(() => world.runJobs('billing.grant-daily-credits')));
  const entries = await world.sql<{ account_id: string; kind: string }>(
    "select account_id, kind from billing.credit_entry where bucket = 'DAILY' order by number",
  );
  expect(entries.map(({ account_id, kind }) => [account_id === ada.id, kind])).toEqual([
    [true, 'GRANT'],
    [true, 'EXPIRE'],
    [true, 'GRANT'],
    [true, 'EXPIRE'],
    [true, 'GRANT'],
  ]);
  const due = await world.sql<{ account_id: string; expires_at: Date }>(
    "select account_id, expires_at from billing.credit_bucket where bucket = 'DAILY'",
  );
  expect(due.map(({ expires_at }) => expires_at)).toEqual([at('05T00:00:00'), at('05T00:00:00')]);
  expect(await credits(bob)).toMatchObject({ daily: 0, total: 5 });
});

test('after years without anybody a year of days is booked, and what was left has expired', async () => {
  const { ada, ctx } = await proUser();
  await adjustCredits(ctx, { bucket: CreditBucketName.DAILY, amount: 3, reason: 'test', key: 'test' });
  world.clock.stopAt(new Date('2031-03-01T12:00:00Z'));
  expect(await credits(ada)).toMatchObject({ daily: 10, total: 15 });
  const { totalCount } = (await ada.ok(CreditHistory, {})).creditHistory;
  expect(totalCount).toBe(2 + 1 + 367 + 366);
  expect(await credits(ada)).toMatchObject({ daily: 10, total: 15 });
});

test('a statement of a moment that is yet to come is refused, and its lines name what was paid for', async () => {
  world.clock.goTo(at('01T12:00:00'));
  const ada = await world.user();
  await ada.refused(CreditStatement, { at: at('02T00:00:00').toISOString() }, 'VALIDATION_FAILED');
  await world.model({ tokensPerSecond: 0 });
  await ada.ok(SendChatMessage, { input: { content: 'Hello' } });
  const done = await eventually(
    async () => (await ada.ok(CreditStatement, {})).creditStatement,
    ({ held }) => held === 0,
  );
  expect(done).toMatchObject({ kickstart: 4, total: 4 });
  const [spend, release, hold, grant] = nodesOf(done.entries);
  expect([spend?.holdId, release?.holdId]).toEqual([hold?.holdId, hold?.holdId]);
  expect(spend).toMatchObject({ kind: 'SPEND', run: { purpose: 'CHAT', state: 'COMPLETE' } });
  expect(grant).toMatchObject({ kind: 'GRANT', holdId: null, run: null });
});

test('a perk that is committed only after midnight, and was earned before it, counts at that midnight', async () => {
  world.clock.stopAt(at('01T23:59:59.999'));
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  const perk = { key: 'achievement:streak_3', limit: AllowanceLimit.DAILY_CREDITS, amount: 1 };
  await transaction(ctx, async (tx) => {
    await grantAllowance(tx, perk);
    world.clock.stopAt(at('02T00:00:01'));
    await world.runJobs('billing.grant-daily-credits');
  });
  expect(await credits(ada)).toMatchObject({ daily: 1, total: 6 });
});

test('the lines of a statement are read page by page, and stay those of its moment', async () => {
  const { ada } = await proUser();
  world.clock.stopAt(at('05T12:00:00'));
  const moment = at('03T12:00:00').toISOString();
  const page = async (after: string | null) =>
    (await ada.ok(CreditStatement, { at: moment, first: 2, after })).creditStatement.entries;
  const first = await page(null);
  expect(first.totalCount).toBe(4);
  const second = await page(first.pageInfo.endCursor);
  const amounts = [...nodesOf(first), ...nodesOf(second)].map(({ amount }) => amount);
  expect(amounts).toEqual([10, -10, 10, 5]);
  expect(second.pageInfo.hasNextPage).toBe(false);
  await ada.refused(CreditStatement, { at: moment, first: 2, after: 'no cursor' }, 'VALIDATION_FAILED');
});
