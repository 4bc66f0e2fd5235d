import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { CreateTask } from '../../generated/documents.js';
import { type Role, readConfig, toEnv, variablesOf } from '../../src/config.js';
import { Cable } from '../support/cable.js';
import { newSigningKey } from '../support/config.js';
import { eventually, harness, postJson } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { type RoleProcess, startWith } from '../support/role.js';

const metricsToken = 'a-token-of-16-or-more';
const world = harness({ worker: false, shared: 'two processes of it run beside the tests, and take seconds to start' });
let [api, worker]: RoleProcess[] = [];

/** Only what the role reads: what it should not need is not there. */
function variablesFor(role: Role): Record<string, string> {
  const all = { ...toEnv(world.config), OPERATIONS_PORT: '0', METRICS_TOKEN: metricsToken };
  const read: readonly string[] = variablesOf[role];
  return Object.fromEntries(Object.entries(all).filter(([name]) => read.includes(name)));
}

beforeAll(async () => {
  [api, worker] = await Promise.all([
    startWith({ ...variablesFor('api'), INSTANCE: 'first' }, ['api']),
    startWith(variablesFor('worker'), ['worker']),
  ]);
});

afterAll(async () => {
  await Promise.all([api?.terminate(), worker?.terminate()]);
});

const Line = z.looseObject({
  role: z.string(),
  instance: z.string(),
  version: z.string(),
  msg: z.string(),
  requestId: z.string().optional(),
  account: z.string().optional(),
});

const linesOf = (running: RoleProcess | undefined) =>
  (running?.lines ?? []).map((line) => Line.parse(JSON.parse(line)));

test.each([
  ['api', () => api],
  ['worker', () => worker],
])('%s has probes and metrics on its port for operations, with nothing but its own variables', async (_, running) => {
  const url = running()?.operationsUrl ?? '';
  for (const probe of ['live', 'ready']) {
    const response = await fetch(`${url}/health/${probe}`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  }
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  expect([...(await scrape(url, metricsToken)).names]).toEqual(
    expect.arrayContaining(['process_cpu_seconds_total', 'build_info', 'job_seconds', 'database_pool_waiting']),
  );
  expect((await fetch(`${url}/graphql`)).status).toBe(404);
});

test('queues are looked at by workers, documents by APIs', async () => {
  const names = await Promise.all(
    [api, worker].map(async (running) => (await scrape(running?.operationsUrl ?? '', metricsToken)).names),
  );
  expect(names.map((each) => each.has('queue_jobs'))).toEqual([false, true]);
  expect(names.map((each) => each.has('graphql_document_cache_bytes'))).toEqual([true, false]);
});

test('every line says which process wrote it, and those of an operation, a request and a job who asked', async () => {
  const ada = (await world.user()).at(api?.url ?? '');
  await ada.ok(CreateTask, { input: { title: 'x' } });
  const requestId = randomUUID();
  const url = `${api?.url}/api/v1/auth/refresh?token=secret`;
  await postJson(url, { refreshToken: ada.session.refreshToken }, { 'x-request-id': requestId });
  const lines = await eventually(
    () => linesOf(api),
    (seen) => seen.some((line) => line.msg === 'request') && seen.some((line) => line.msg === 'operation'),
  );
  for (const line of lines) expect(line).toMatchObject({ role: 'api', instance: 'first', version: '0.1.0' });
  expect(lines.find(({ msg }) => msg === 'operation')).toMatchObject({
    requestId: expect.any(String),
    account: ada.id,
    operation: 'CreateTask',
  });
  expect(lines.find((line) => line.msg === 'request' && line.requestId === requestId)).toMatchObject({
    method: 'POST',
    route: '/api/v1/auth/refresh',
    status: 200,
    ms: expect.any(Number),
    address: '127.0.0.1',
  });
  expect(lines.find(({ msg }) => msg === 'a session was refreshed')).toMatchObject({ requestId, account: ada.id });
  expect(api?.lines.join('')).not.toContain('secret');
  expect(lines.filter((line) => String(line['route']).startsWith('/health'))).toEqual([]);
});

test('what a job logs names the request and the account that it was sent for', async () => {
  const ada = await world.user();
  const requestId = randomUUID();
  // It has none of the data that it needs.
  const stored = { version: 1, requestId, accountId: ada.id, data: {} };
  await world.sql(
    "insert into pgboss.job (name, data, retry_limit, expire_seconds) values ('notifications.push', $1, 0, 60)",
    [stored],
  );
  const line = await eventually(
    () => linesOf(worker).find((each) => each.msg === 'a job failed' && each.requestId === requestId),
    (found) => found !== undefined,
  );
  expect(line).toMatchObject({ role: 'worker', account: ada.id, queue: 'notifications.push', isLast: true });
  const series = await scrape(worker?.operationsUrl ?? '', metricsToken);
  expect(series.get('job_seconds_count{job="notifications.push",outcome="failed"}')).toBe(1);
});

test('migrate runs with an address of the database and nothing else', async () => {
  const { MIGRATE_URL, DATABASE_APP_ROLE } = world.config;
  const env = { MIGRATE_URL, DATABASE_APP_ROLE: DATABASE_APP_ROLE ?? '' };
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/src/main.js', 'migrate'], { env });
  expect(Line.parse(JSON.parse(stdout))).toMatchObject({ role: 'migrate', msg: 'migrated', applied: [] });
});

test('migrate asks for an address of the database and nothing else', () => {
  const url = 'postgres://db/perpetua?sslmode=verify-full';
  const production = { NODE_ENV: 'production', PORT: 'eighty' };
  expect(readConfig({ ...production, MIGRATE_URL: url }, ['migrate']).DIRECT_URL).toBe(url);
  expect(readConfig({ ...production, DATABASE_URL: url }, ['migrate']).MIGRATE_URL).toBe(url);
  expect(() => readConfig(production, ['migrate'])).toThrow(/^MIGRATE_URL: must be set, [^\n]*$/);
});

test('worker asks for what it uses and nothing else', () => {
  const production = { NODE_ENV: 'production', JWT_SIGNING_KEY: newSigningKey(), OPENAI_API_KEY: 'emulated' };
  const missing = [
    ...['DATABASE_URL', 'METRICS_TOKEN', 'DEEPGRAM_API_KEY', 'S3_BUCKET'],
    ...['CHECKOUT_SECRET_KEY', 'CHECKOUT_BASE_URL', 'CHECKOUT_WEBHOOK_SECRET'],
    ...['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'],
  ];
  const faultsOf = (roles: readonly Role[]) => {
    try {
      readConfig(production, roles);
      return [];
    } catch (error) {
      return String(error instanceof Error ? error.message : error)
        .split('\n')
        .map((line) => line.split(':')[0]);
    }
  };
  expect(faultsOf(['worker']).toSorted()).toEqual(missing.toSorted());
  expect(faultsOf(['worker', 'api'])).toEqual(
    expect.arrayContaining([...missing, 'JWT_SIGNING_KEY', 'OPENAI_API_KEY']),
  );
});

test('while the database is away a worker lives, is not ready, and answers what it knows by itself', async () => {
  const cable = new Cable(world.config.DATABASE_URL);
  const url = await cable.lay();
  const cut = await startWith({ ...variablesFor('worker'), DATABASE_URL: url, DIRECT_URL: url }, ['worker']);
  try {
    const status = async (probe: string) => (await fetch(`${cut.operationsUrl}/health/${probe}`)).status;
    const depth = 'queue_oldest_job_seconds{queue="notifications.push"}';
    expect((await scrape(cut.operationsUrl, metricsToken)).get(depth)).toBe(0);
    cable.cut();
    await eventually(
      () => status('ready'),
      (seen) => seen === 503,
    );
    expect(await status('live')).toBe(200);
    const seen = await eventually(
      () => scrape(cut.operationsUrl, metricsToken),
      (series) => series.get(depth) === undefined,
    );
    expect(seen.get('doorbell_line_up')).toBe(0);
    expect(seen.get('database_pool_connections{state="in_use"}')).toBeGreaterThanOrEqual(0);
    cable.isCut = false;
    await eventually(
      async () => {
        const series = await scrape(cut.operationsUrl, metricsToken);
        const names = [depth, 'doorbell_line_up', 'doorbell_line_reconnects_total'];
        return [await status('ready'), ...names.map((name) => series.get(name))];
      },
      ([ready, oldest, lineUp, reconnects = 0]) => ready === 200 && oldest === 0 && lineUp === 1 && reconnects > 0,
    );
    // Each queue is looked at twice a second.
    const failed = linesOf(cut).filter(({ msg }) => msg === 'jobs could not be read');
    expect(failed).not.toEqual([]);
    for (const lines of Map.groupBy(failed, (line) => line['queue']).values()) {
      const reasons = lines.map((line) => line['reason']);
      expect(reasons.filter((reason, index) => reason === reasons[index - 1])).toEqual([]);
    }
  } finally {
    await cut.kill();
    await cable.remove();
  }
});
