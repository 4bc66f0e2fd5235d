import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { holdCredits } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { adminJson, because, runAdmin, spawnAdmin } from '../support/admin.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

const run = (...args: readonly string[]) => runAdmin(world.config, args);

test('ledgers that add up are proved, of more accounts than one page has', async () => {
  await world.user();
  await world.sql(
    `with account as (insert into accounts.account (id, kind, created_at)
       select gen_random_uuid(), 'PERSON', now() from generate_series(1, 120) returning id)
     insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     select gen_random_uuid(), account.id, 'GRANT', 'PURCHASED', amount, 'test', 'test' || amount, now()
     from account, generate_series(1, 3) as amount`,
  );
  expect(await adminJson(world.config, 'ledger', 'check')).toEqual({ accounts: 121, count: 0, faults: [] });
  expect(await run('ledger', 'check')).toEqual({
    ...{ code: 0, out: 'Every ledger adds up.\n121 accounts, 0 faults\n', err: '' },
  });
});

test('each place at which a ledger does not add up is named, with what stands there and what should', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  const { holdId } = await transaction(ctx, (tx) => holdCredits(tx, { amount: 2, key: 'test', reason: 'test' }));
  await run('grant', ada.id, '7', ...because);
  await world.sql("update billing.credit_bucket set balance = 9 where bucket = 'KICKSTART'");
  await world.sql('update billing.credit_hold_part set amount = 1');
  await world.sql('alter table billing.credit_entry disable trigger all');
  const [line] = await world.sql<{ number: string }>(
    `update billing.credit_entry set balance_after = 8 where bucket = 'PURCHASED' returning number::text`,
  );
  const { code, out } = await run('ledger', 'check', '--json');
  const fault = (what: string, place: string | undefined, stored: number, expected: number) => ({
    ...{ accountId: ada.id, what, place, stored, expected },
  });
  expect([code, JSON.parse(out)]).toEqual([
    1,
    {
      ...{ accounts: 1, count: 3 },
      faults: [fault('BALANCE', 'KICKSTART', 9, 3), fault('HOLD', holdId, 2, 1), fault('LINE', line?.number, 8, 7)],
    },
  ]);
  expect((await run('ledger', 'check')).out).toMatch(/ LINE +\d+ +8 +7\n1 account, 3 faults\n$/);
});

/** Jobs that have failed for good, as the queue keeps them, and one that waits. */
async function makeJobs(): Promise<string[]> {
  const rows = await world.sql<{ id: string }>(
    `insert into pgboss.job (name, data, state, retry_count, retry_limit, output, completed_on)
     select 'notifications.push', $1, 'failed', 12, 12, '{"message":"gone"}', now() from generate_series(1, 2)
     returning id::text`,
    [JSON.stringify({ version: 1, requestId: 'r-1', accountId: randomUUID(), data: { secret: 'hidden' } })],
  );
  await world.sql("insert into pgboss.job (name, data) values ('achievements.recompute', $1)", [
    JSON.stringify({ version: 1, requestId: 'r-2', data: {} }),
  ]);
  return rows.map(({ id }) => id);
}

test('jobs that wait or have failed are listed by queue and state, without what they carry', async () => {
  const ids = await makeJobs();
  const jobs = await adminJson<{ id: string; state: string }[]>(world.config, 'jobs', 'list');
  expect(jobs.map(({ state }) => state).sort()).toEqual(['FAILED', 'FAILED', 'WAITING']);
  const failed = await adminJson<object[]>(world.config, 'jobs', 'list', '--state', 'FAILED', '--limit', '1');
  expect(failed).toEqual([
    {
      ...{ id: expect.any(String), queue: 'notifications.push', state: 'FAILED', retryCount: 12, retryLimit: 12 },
      ...{ createdAt: expect.stringMatching(/Z$/), startAfter: expect.any(String), endedAt: expect.any(String) },
      ...{ reason: 'gone', accountId: expect.any(String), requestId: 'r-1' },
    },
  ]);
  const { out } = await run('jobs', 'list', '--queue', 'notifications.push');
  for (const id of ids) expect(out).toContain(id);
  expect(out).toContain('notifications.push FAILED: 2\n');
  expect(out).not.toContain('hidden');
});

test('a failed job is run again by its id, and all of a queue by its name, with a record of it', async () => {
  const [first] = await makeJobs();
  const retry = (named = '') => adminJson(world.config, 'jobs', 'retry', named, ...because);
  expect(await retry(first)).toEqual({ queue: 'notifications.push', retried: 1 });
  const states = () =>
    world.sql("select state::text, retry_limit as limit from pgboss.job where name ~ 'push' order by 1");
  expect(await states()).toEqual([
    { state: 'failed', limit: 12 },
    { state: 'retry', limit: 13 },
  ]);
  expect(await retry('notifications.push')).toEqual({ queue: 'notifications.push', retried: 1 });
  expect(await states()).toEqual([
    { state: 'retry', limit: 13 },
    { state: 'retry', limit: 13 },
  ]);
  expect(await world.sql('select action, account_id, details from activity.operator_action order by id')).toEqual([
    { action: 'JOBS_RETRIED', account_id: null, details: { queue: 'notifications.push', jobs: 1, job: first } },
    { action: 'JOBS_RETRIED', account_id: null, details: { queue: 'notifications.push', jobs: 1 } },
  ]);
  expect(await run('jobs', 'retry', 'notifications.push', ...because)).toMatchObject({ code: 2 });
});

test('what fails on its way leaves no record', async () => {
  // The app that runs beside it meets the same.
  world.expectErrors(/the queue failed/);
  const [first = ''] = await makeJobs();
  await world.sql('revoke update on pgboss.job from test_app');
  const { code, out, err } = await spawnAdmin(world.config, ['jobs', 'retry', first, ...because]);
  expect([code, out, err]).toEqual([1, '', expect.stringContaining('permission denied for table job')]);
  expect(await world.sql('select from activity.operator_action')).toEqual([]);
});
