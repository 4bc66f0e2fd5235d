import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { entities } from '../../entities/index.js';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { openOrm } from '../../src/platform/database/orm.js';
import { Doorbell } from '../../src/platform/doorbell/doorbell.js';
import { NotifyBridge } from '../../src/platform/doorbell/notify-bridge.js';
import { createLog } from '../../src/platform/log.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { Cable } from '../support/cable.js';
import { connectClient, eventually, harness } from '../support/harness.js';

// Before the database is dropped.
afterEach(() => holder.end());
const world = harness({ worker: false, config: { DATABASE_POOL_SIZE: '6' } });
/** Somebody who holds the lock of every account. */
let holder: pg.Client;
let holderPid: number;

beforeEach(async () => {
  holder = await connectClient(world.config.DATABASE_URL);
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  holderPid = rows[0]?.pid ?? 0;
});

/** Backends of this database that somebody else than the test's own pool has in a transaction. */
const inTransaction = () =>
  world.sql<{ pid: number; waiting: boolean }>(
    `select pid, wait_event_type = 'Lock' as waiting from pg_stat_activity
     where datname = current_database() and xact_start is not null and pid not in (pg_backend_pid(), $1)`,
    [holderPid],
  );

test('the server ends connections in the middle of a transaction: they are replaced', async () => {
  const people = [await world.user(), await world.user(), await world.user()];
  for (let round = 0; round < 2; round += 1) {
    await holder.query('begin');
    await holder.query('select from accounts.account for update');
    const waiting = people.slice(0, 2).map((person) => person.send(CreateTask, { input: { title: 'x' } }));
    const backends = await eventually(inTransaction, (rows) => rows.filter((row) => row.waiting).length === 2);
    await world.sql('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [backends.map(({ pid }) => pid)]);
    for (const { body } of await Promise.all(waiting))
      expect(body.errors?.[0]?.extensions?.['code']).toBe('UNAVAILABLE');
    await holder.query('rollback');
    for (const person of people) await person.ok(CreateTask, { input: { title: 'y' } });
  }
  for (const person of people) expect((await person.ok(Tasks, {})).tasks.totalCount).toBe(2);
});

test('a statement that is given up on takes its connection with it, and leaves no lock behind', async () => {
  await world.user();
  const orm = openOrm(entities, {
    ...{ url: world.config.DATABASE_URL, poolSize: 1, migrationsFolder: null },
    ...{ preparesStatements: true, statementTimeoutMs: 1_000 },
  });
  await holder.query('begin');
  await holder.query('select from accounts.account for update');
  const locking = () => orm.em.fork().transactional((em) => em.execute('select head from accounts.account for update'));
  await expect(locking()).rejects.toThrow('Query read timeout');
  await holder.query('rollback');
  expect(await locking()).not.toEqual([]);
  await eventually(inTransaction, (rows) => rows.length === 0);
  await orm.close(true);
});

const rung = (bell: Doorbell) => new Promise<void>((resolve) => bell.listen('topic', resolve));

test('a doorbell line that broke tries again twice a second on one connection, until it rings again', async () => {
  const cable = new Cable(world.config.DATABASE_URL);
  const bell = new Doorbell();
  const line = new NotifyBridge(
    await cable.lay(),
    bell,
    createLog('silent', { write: () => undefined }),
    createMetrics(),
  );
  await line.open();
  cable.cut();
  const cutAt = performance.now();
  await eventually(
    () => cable.attempts,
    (attempts) => attempts >= 5,
  );
  expect(performance.now() - cutAt).toBeGreaterThan(1_800);
  const woken = rung(bell);
  cable.isCut = false;
  await woken;
  const { attempts } = cable;
  const heard = rung(bell);
  await world.sql(`select pg_notify('doorbell', 'somebody topic')`);
  await heard;
  expect([cable.open, cable.attempts]).toEqual([1, attempts]);
  await line.close();
  bell.close();
  await eventually(
    () => cable.open,
    (open) => open === 0,
  );
  await cable.remove();
});

test('what rings a moment after other rings waits, and goes along with what is urgent', async () => {
  const [here, elsewhere] = [new Doorbell(), new Doorbell()];
  const log = createLog('silent', { write: () => undefined });
  const metrics = createMetrics();
  const line = new NotifyBridge(world.config.DATABASE_URL, here, log, metrics);
  const other = new NotifyBridge(world.config.DATABASE_URL, elsewhere, log, createMetrics());
  await Promise.all([line.open(), other.open()]);
  const heard: string[] = [];
  for (const topic of ['first', 'waits', 'urgent']) elsewhere.listen(topic, () => heard.push(topic));
  line.ring(['first']);
  await eventually(
    () => heard,
    ({ length }) => length === 1,
  );
  line.ring(['waits']);
  line.ring(['urgent'], true);
  await eventually(
    () => heard,
    ({ length }) => length === 3,
  );
  expect(heard).toEqual(['first', 'waits', 'urgent']);
  const { values } = await metrics.notifications.get();
  expect(values.find(({ labels }) => labels.direction === 'sent')?.value).toBe(2);
  await Promise.all([line.close(), other.close()]);
  here.close();
  elsewhere.close();
});

test('a dump that reads the log keeps nobody from writing while the partitions are to be made', async () => {
  const ada = await world.user();
  await holder.query('begin');
  await holder.query('lock table activity.event in access share mode');
  world.clock.advance(86_400_000);
  const again = await world.signIn({ email: ada.session.user.email });
  // Each run waits for a moment only: they follow one another until the wait was seen.
  let isSeen = false;
  const making = (async () => {
    while (!isSeen) await world.runJobs('activity.keep-event-partitions');
  })();
  await eventually(
    () => world.sql(`select from pg_locks where relation = 'activity.event'::regclass and not granted`),
    (waiting) => waiting.length > 0,
  ).finally(() => {
    isSeen = true;
  });
  await again.ok(CreateTask, { input: { title: 'x' } });
  await making;
  await holder.query('rollback');
  await world.runJobs('activity.keep-event-partitions');
  const newest = new Date(world.clock.now().getTime() + 7 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  expect(await world.sql(`select to_regclass('activity.event_${newest}') is not null as made`)).toEqual([
    { made: true },
  ]);
});
