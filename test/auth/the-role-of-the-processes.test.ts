import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { CreateTask } from '../../generated/documents.js';
import { toEnv } from '../../src/config.js';
import { migrate } from '../../src/migrate.js';
import { testConfig } from '../support/config.js';
import { connectClient, harness } from '../support/harness.js';

// Before the database is dropped.
afterEach(() => app.end());
const world = harness({ worker: false });
let app: pg.Client;

beforeEach(async () => {
  app = await connectClient(world.config.DATABASE_URL);
  await (await world.user()).ok(CreateTask, { input: { title: 'x' } });
  await world.runJobs('activity.keep-event-partitions');
});

test('processes run as a role that owns nothing', async () => {
  const roles = await world.sql<{ name: string }>(
    `select distinct usename as name from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  expect(roles.map(({ name }) => name)).toContain(world.config.DATABASE_APP_ROLE);
  const owned = await world.sql('select from pg_class where pg_get_userbyid(relowner) = $1', [
    world.config.DATABASE_APP_ROLE,
  ]);
  expect(owned).toEqual([]);
});

test.each([
  'create table auth.mine (id int)',
  'create table public.mine (id int)',
  'create schema mine',
  'create function auth.mine() returns int language sql as $$ select 1 $$',
  'alter table tasks.task add column mine int',
  'alter table billing.credit_entry disable trigger all',
  'drop table tasks.task cascade',
  'truncate billing.credit_entry',
  'update billing.credit_entry set amount = 1000',
  'delete from billing.credit_entry',
  "update activity.event set type = 'nothing'",
  'delete from activity.event',
  'delete from activity.event_default',
  'truncate activity.event',
  'create role mine',
  'set role postgres',
  "copy tasks.task to program 'cat'",
])('%s: refused', async (statement) => {
  await expect(app.query(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^42(501|P01)$/) });
});

test('young days of the log are dropped by nobody, whatever day it is said to be', async () => {
  await expect(app.query('select upkeep.drop_event_partition(current_date)')).rejects.toMatchObject({
    code: '23001',
  });
  const [row] = await world.sql<{ count: number }>('select count(*)::int as count from activity.event');
  expect(row?.count).toBeGreaterThan(0);
});

test('in production the role cannot move time', async () => {
  const move = 'insert into platform.clock_shift (id, ahead_ms) values (1, 0) on conflict do nothing';
  await app.query(move);
  const own = {
    NODE_ENV: 'production',
    METRICS_TOKEN: 'a-token-of-16-or-more',
    GOOGLE_BASE_URL: '',
    OPENAI_BASE_URL: '',
    DEEPGRAM_BASE_URL: '',
    CHECKOUT_BASE_URL: 'https://real.api.checkout.com',
    APP_URL: 'https://app.example.com',
  };
  const keys = {
    GOOGLE_CLIENT_ID: 'real',
    OPENAI_API_KEY: 'real',
    DEEPGRAM_API_KEY: 'real',
    CHECKOUT_SECRET_KEY: 'sk_real',
    CHECKOUT_WEBHOOK_SECRET: 'real-secret-of-events',
  };
  const real = { ...keys, VAPID_SUBJECT: 'mailto:push@perpetua.example' };
  await migrate(testConfig({ ...toEnv(world.config), ...own, ...real }));
  await expect(app.query(move)).rejects.toMatchObject({ code: '42501' });
  await migrate(world.config);
  await app.query(move);
});

test.each([
  ['that is not there', 'nobody', /there is no role nobody/],
  ['that owns the tables', 'postgres', /postgres may do everything by itself/],
])('migrate refuses a role %s', async (_, role, message) => {
  const config = testConfig({ ...toEnv(world.config), DATABASE_APP_ROLE: role });
  await expect(migrate(config)).rejects.toThrow(message);
});
