import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { startApp } from '../../src/app.js';
import { rowReader } from '../../src/platform/database/rows.js';
import { toClientError } from '../../src/platform/graphql/client-error.js';
import { createLog } from '../../src/platform/log.js';
import { orUnavailable } from '../../src/platform/unavailable.js';
import { openDatabase } from '../../src/services.js';
import { Cable } from '../support/cable.js';
import { appRoleName } from '../support/config.js';
import { eventually, harness, json, postJson } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

const codeOf = async (sent: ReturnType<Person['send']>) => (await sent).body.errors?.[0]?.extensions?.['code'] ?? 'OK';

test.each([
  [
    'an ID token, while its keys are away',
    { status: 503 },
    (token: string) => ({ idToken: token }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, while the token endpoint is away',
    { status: 500 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, when it refuses our client',
    { status: 401 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    500,
    'INTERNAL',
  ],
])('signing in at Google with %s', async (_, control, bodyOf, status, code) => {
  if (code === 'INTERNAL') world.expectErrors(/Google refuses our client/);
  // Google's keys are kept: only an app that has not seen them asks.
  const { idToken } = await world.idToken({ email: 'ada@example.com' });
  await postJson(`${world.google.url}/_control`, control);
  const response = await postJson(`${world.url}/api/v1/auth/google`, bodyOf(idToken));
  expect(response.status).toBe(status);
  const { error } = await json<{ error: { code: string; retryAfter?: number } }>(response);
  expect(error).toMatchObject(code === 'UNAVAILABLE' ? { code, retryAfter: 1 } : { code });
  expect(response.headers.get('retry-after')).toBe(code === 'UNAVAILABLE' ? '1' : null);
});

test.each(['frozen', 'cut'])(
  'while the database is %s everything is answered UNAVAILABLE, and nothing is a fault of ours',
  async (how) => {
    const cable = new Cable(world.config.DATABASE_URL);
    const config = { ...world.config, DATABASE_URL: await cable.lay(), DATABASE_STATEMENT_SECONDS: 1 };
    const log: string[] = [];
    const roles = { api: config, worker: config };
    const app = await startApp(config, roles, createLog('warn', { write: (line: string) => void log.push(line) }));
    try {
      const ada = (await world.user()).at(app.url ?? '');
      const codes = () => Promise.all([ada.send(Tasks), ada.send(CreateTask, { input: { title: 'x' } })].map(codeOf));
      const signIn = async () => {
        const { idToken } = await world.idToken({ email: 'eve@example.com' });
        return (await postJson(`${app.url}/api/v1/auth/google`, { idToken })).status;
      };
      expect(await codes()).toEqual(['OK', 'OK']);
      if (how === 'cut') cable.cut();
      else cable.isFrozen = true;
      expect(await Promise.all([codes(), signIn()])).toEqual([['UNAVAILABLE', 'UNAVAILABLE'], 503]);
      cable.isCut = false;
      cable.isFrozen = false;
      await eventually(codes, (seen) => seen.every((code) => code === 'OK'));
      await eventually(signIn, (status) => status === 200);
      expect(log.length).toBeGreaterThan(0);
      expect(log.filter((line) => line.includes('"level":50') || line.includes('"stack"'))).toEqual([]);
    } finally {
      await app.close();
      await cable.remove();
    }
  },
);

/** A failover: the apps' connections are gone, new ones lead to a database that takes writes or does not. */
const failOver = (setting: string) =>
  world.sql(
    `do $$ begin execute format('alter role ${appRoleName} in database %I ${setting}', current_database()); end $$;
     select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename = '${appRoleName}'`,
  );

test('a database that takes no writes is read, refuses writes as UNAVAILABLE, and the probe says why', async () => {
  const ada = await world.user();
  const codes = () => Promise.all([codeOf(ada.send(Tasks)), codeOf(ada.send(CreateTask, { input: { title: 'x' } }))]);
  const probe = async () => {
    const response = await fetch(`${world.url}/health/ready`);
    return { status: response.status, body: await json<{ status: string; reason?: string }>(response) };
  };
  await failOver('set default_transaction_read_only = on');
  const reason = 'The database takes no writes.';
  const seen = await eventually(probe, ({ status, body }) => status === 503 && body.reason === reason);
  expect(seen).toEqual({ status: 503, body: { status: 'unavailable', reason } });
  await eventually(codes, ([read]) => read === 'OK');
  expect(await codes()).toEqual(['OK', 'UNAVAILABLE']);
  // No connection is kept for what it led to.
  await world.sql(
    `do $$ begin execute format('alter role ${appRoleName} in database %I reset all', current_database()); end $$`,
  );
  await eventually(codes, ([, written]) => written === 'OK');
  await eventually(probe, ({ status }) => status === 200);
});

test.each([
  [
    `revoke connect on database %I from public, ${appRoleName}`,
    `grant connect on database %I to public, ${appRoleName}`,
  ],
  ['alter database %I connection limit 0', 'alter database %I connection limit -1'],
])('a database that is closed for maintenance (%s) is away, and nothing is a fault of ours', async (close, open) => {
  const ada = await world.user();
  const codes = () => Promise.all([codeOf(ada.send(Tasks)), codeOf(ada.send(CreateTask, { input: { title: 'x' } }))]);
  const set = (how: string) =>
    world.sql(`do $$ begin execute format('${how}', current_database()); end $$;
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = '${appRoleName}'`);
  await set(close);
  // Several times: whatever was under way has been answered.
  for (let count = 0; count < 3; count += 1) expect(await codes()).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  await set(open);
  await eventually(codes, (seen) => seen.every((code) => code === 'OK'));
});

test('what was prepared for columns of another type is away once, and planned anew on another connection', async () => {
  const orm = openDatabase({ ...world.config, DATABASE_POOL_SIZE: 1 });
  const read = rowReader(await orm.em.getConnection().getNativeClient());
  const titles = () => read('select title from tasks.task where account_id = $1', [randomUUID()]);
  for (let count = 0; count < 2; count += 1) expect(await titles()).toEqual([]);
  await world.sql('alter table tasks.task alter column title type varchar(1000)');
  const error: unknown = await titles().catch((error: unknown) => orUnavailable(error));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', cause: { message: 'cached plan must not change result type' } });
  expect(await titles()).toEqual([]);
  await orm.close(true);
});

test.each([
  ['UNAVAILABLE', ['08000', '08001', '08003', '08004', '08006', '08P01']],
  ['UNAVAILABLE', ['53000', '53100', '53200', '53300', '53400']],
  ['UNAVAILABLE', ['57014', '57P01', '57P02', '57P03', '57P04', '57P05']],
  ['UNAVAILABLE', ['40001', '40P01', '55P03', '25006', '25P03', '25P04']],
  ['INTERNAL', ['58000', '58030', '58P01', 'XX000', 'XX001', 'XX002']],
  ['INTERNAL', ['0A000', '22001', '23505', '25P02', '26000', '28P01', '3D000', '42501', '42601', '42P05', '54000']],
])('to clients what PostgreSQL says is %s: %j', async (code, states) => {
  const ctx = await world.jobContext();
  const em = ctx.services.orm.em.fork();
  const log = createLog('silent', { write: () => undefined });
  for (const state of states) {
    const text = `do $$ begin raise sqlstate '${state}'; end $$`;
    for (const run of [() => ctx.services.runStatement(text, []), () => em.execute(text)]) {
      const error: unknown = await run().catch((error: unknown) => error);
      expect([state, toClientError(error, 'request', log).extensions?.['code']]).toEqual([state, code]);
    }
  }
});
