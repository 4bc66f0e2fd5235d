import { expect, test } from '@jest/globals';
import { Activity } from '../../generated/documents.js';
import { holdCredits, reconcileCredits } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';

const world = harness({ lastingTokens: true, worker: false });

test('balances that add up are not reported, and each that does not is, once a day', async () => {
  world.expectErrors(/a balance differs from its ledger/);
  const people = await Promise.all(['Ada', 'Bob', 'Cleo'].map((name) => world.user(name)));
  const [ada, bob, cleo] = people;
  if (!ada || !bob || !cleo) throw new Error('Somebody is missing.');
  const ctx = await world.jobContext();
  const reconcile = () => reconcileCredits(ctx);
  await transaction(asAccount(ctx, cleo.id), (tx) => holdCredits(tx, { amount: 2, key: 'x', reason: 'test' }));
  await reconcile();
  expect(await world.sql('select from billing.credit_difference')).toEqual([]);
  // The next day somebody has written behind the ledger's back.
  world.clock.advance(dayMs);
  await world.sql("update billing.credit_bucket set balance = 9 where account_id = $1 and bucket = 'KICKSTART'", [
    ada.id,
  ]);
  await world.sql("update billing.credit_hold set state = 'RELEASED' where account_id = $1", [cleo.id]);
  await Promise.all([reconcile(), reconcile()]);
  await reconcile();
  const found = await world.sql(
    'select account_id, place, stored, booked from billing.credit_difference order by place',
  );
  expect(found).toEqual([
    { account_id: cleo.id, place: 'HELD', stored: 0, booked: 2 },
    { account_id: ada.id, place: 'KICKSTART', stored: 9, booked: 5 },
  ]);
  const events = async (person: typeof ada) =>
    nodesOf((await person.ok(Activity, { filter: { types: ['credits.differ'] } })).activity).map(
      ({ metadata }) => metadata,
    );
  expect(await events(ada)).toEqual([{ place: 'KICKSTART', stored: 9, booked: 5 }]);
  expect(await events(bob)).toEqual([]);
  const metrics = await ctx.services.metrics.registry.metrics();
  for (const place of ['KICKSTART', 'HELD'])
    expect(metrics).toContain(`credit_differences_total{place="${place}"} 1\n`);
  world.clock.advance(dayMs);
  await reconcile();
  expect(await events(ada)).toHaveLength(2);
});

test('an account that has lost its buckets, as a bad restore leaves it, is reported by its lines', async () => {
  world.expectErrors(/a balance differs from its ledger/);
  const ada = await world.user();
  await world.sql('delete from billing.credit_bucket where account_id = $1', [ada.id]);
  await world.runJobs('billing.reconcile-credits');
  expect(await world.sql('select place, stored, booked from billing.credit_difference')).toEqual([
    { place: 'KICKSTART', stored: 0, booked: 5 },
  ]);
});
