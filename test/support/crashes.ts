import { expect } from '@jest/globals';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

/**
 * Seconds for which a dead process vouches at most, and some for what it knew wrongly of the database's clock; with two looks
 * of a sweeper behind them, less than a minute.
 */
const longestLease = 15 + 5;

/**
 * Lets a person's runs that a dead process has left lapse, and has the sweepers of another process look for what is due: a
 * run is ended by the second look behind its lease.
 */
export async function endLapsedRuns(world: Harness, { id }: Person): Promise<void> {
  const left = await world.sql<{ ahead: number }>(
    `update llm.run set lease_until = now() - interval '1 s' where account_id = $1 and ended_at is null
     returning extract(epoch from old.lease_until - clock_timestamp())::float8 as ahead`,
    [id],
  );
  for (const { ahead } of left) expect(ahead).toBeLessThanOrEqual(longestLease);
  for (let looks = 0; looks < 2; looks += 1) await world.runJobs('llm.sweep-runs');
  await world.runJobs('billing.sweep-holds');
}

/** Every balance is the sum of its lines, what is held as well, as the daily reconciliation sees it; once a test. */
export async function expectLedgerToAddUp(world: Harness): Promise<void> {
  await world.runJobs('billing.reconcile-credits');
  const [looked] = await world.sql<{ finished: boolean }>(
    'select finished_at is not null as finished from billing.credit_reconciliation',
  );
  expect(looked).toEqual({ finished: true });
  expect(await world.sql('select account_id, place, stored, booked from billing.credit_difference')).toEqual([]);
}
