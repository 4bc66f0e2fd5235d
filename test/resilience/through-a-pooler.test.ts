import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entities } from '../../entities/index.js';
import {
  AddReminder,
  CompleteTask,
  CreateTask,
  Credits,
  FollowChanges,
  SendChatMessage,
  Tasks,
} from '../../generated/documents.js';
import { startApp } from '../../src/app.js';
import { type Config, ConfigError } from '../../src/config.js';
import { migrate } from '../../src/migrate.js';
import { openOrm } from '../../src/platform/database/orm.js';
import { rowReader } from '../../src/platform/database/rows.js';
import { createLog } from '../../src/platform/log.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import { findPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { type RoleProcess, startRoles } from '../support/role.js';

const found = findPgBouncer();
let bouncer: PgBouncer;
const bouncers: PgBouncer[] = [];
const processes: RoleProcess[] = [];
// Before the database is dropped.
afterAll(async () => {
  await Promise.all(processes.map((each) => each.kill()));
  await Promise.all(bouncers.map((each) => each.stop()));
});
const world = harness({ worker: false, shared: 'a pooler leads to its database, and takes seconds to start' });

/** The same database, for queries through the pooler. */
const pooled = (own: Partial<Config>): Config => ({
  ...world.config,
  DATABASE_URL: bouncer.url,
  DATABASE_PREPARED_STATEMENTS: 'off',
  // So few that the processes tell each other what they have let through.
  RATE_LIMIT_PER_MINUTE: 300,
  ...own,
});

/** Says why an app does not start; stops one that does. */
async function refusalOf(config: Config): Promise<unknown> {
  const log = createLog('silent', { write: () => undefined });
  return startApp(config, { api: config, worker: null }, log).then(
    (app) => app.close().then(() => null),
    (error: unknown) => error,
  );
}

test('PgBouncer is there in CI; elsewhere what follows is left out without it', () => {
  if (!found) process.stdout.write('There is no PgBouncer on this machine: the tests through a pooler are left out.\n');
  expect(found !== null || process.env['CI'] === undefined).toBe(true);
});

test('a prepared statement is named by its text, so that a name means the same to every process', async () => {
  const orm = openOrm(entities, {
    ...{ url: world.config.DATABASE_URL, poolSize: 1, migrationsFolder: null },
    ...{ preparesStatements: true, statementTimeoutMs: 5_000 },
  });
  const read = rowReader(await orm.em.getConnection().getNativeClient());
  const text = 'select $1::int as one';
  for (let count = 0; count < 3; count += 1) await read(text, [1]);
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
  expect(await read('select name from pg_prepared_statements where statement = $1', [text])).toEqual([{ name }]);
  await orm.close(true);
});

/** Two processes write, read, follow, remind, answer, and count what they let through together. */
async function useTwo(config: Config): Promise<void> {
  const pair = await Promise.all([1, 2].map(() => startRoles(config, ['api', 'worker'])));
  processes.push(...pair);
  const urls = pair.map(({ url }) => url);
  const ada = await world.user('Ada');
  const everywhere = urls.map((url) => ada.at(url));
  const followed: string[] = [];
  const following = (async () => {
    for await (const { changes } of everywhere[0]?.follow(FollowChanges, {}) ?? []) {
      followed.push(changes.cursor);
    }
  })();
  const created = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      everywhere[index % 2]?.send(CreateTask, { input: { title: `Task ${index}` } }),
    ),
  );
  expect(created.flatMap((answer) => answer?.body.errors ?? [])).toEqual([]);
  for (const person of everywhere) expect((await person.ok(Tasks, {})).tasks.totalCount).toBe(30);
  const [task] = nodesOf((await ada.ok(Tasks, {})).tasks);
  const taskId = task?.id ?? '';
  const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 2_000).toISOString();
  await everywhere[0]?.ok(AddReminder, { input: { taskId, type: 'ABSOLUTE', at } });
  await eventually(
    () => world.sql<{ state: string }>('select state from tasks.reminder where task_id = $1', [taskId]),
    ([row]) => row?.state === 'SENT',
  );
  const key = { 'idempotency-key': randomUUID() };
  const completing = { input: { id: taskId, version: task?.version ?? 0 } };
  const first = await everywhere[0]?.send(CompleteTask, completing, key);
  const second = await everywhere[1]?.send(CompleteTask, completing, key);
  expect(first?.body.errors).toBeUndefined();
  expect(second?.text).toBe(first?.text);
  const asked = await Promise.all(
    everywhere.map((person) => person.ok(SendChatMessage, { input: { content: 'Where do I start?' } })),
  );
  await eventually(
    () =>
      world.sql<{ state: string }>('select state from assistant.chat_message where id = any($1)', [
        asked.map(({ sendChatMessage }) => sendChatMessage.answer.id),
      ]),
    (rows) => rows.every(({ state }) => state === 'COMPLETE'),
  );
  expect((await everywhere[1]?.ok(Credits, {}))?.credits).toMatchObject({ total: 3, held: 0 });
  await eventually(
    () => followed.length,
    (count) => count >= 30,
  );
  await eventually(
    () =>
      world.sql<{ total: string }>("select total from platform.rate_limit where name = 'operations' and key = $1", [
        ada.id,
      ]),
    // More than were sent to either.
    ([row]) => Number(row?.total) > 20,
  );
  await everywhere[0]?.leave();
  await following;
}

(found ? describe : describe.skip)(
  'through PgBouncer, which hands out connections by transaction and tracks no statements',
  () => {
    beforeAll(async () => {
      bouncer = await startPgBouncer(world.config.DATABASE_URL, found?.canTrack ? 0 : null);
      bouncers.push(bouncer);
    });

    test('a start with prepared statements says what to set, and so does one without a direct connection', async () => {
      const prepared = await refusalOf(pooled({ DATABASE_PREPARED_STATEMENTS: 'on' }));
      expect(prepared).toBeInstanceOf(ConfigError);
      expect(String(prepared)).toContain('DATABASE_PREPARED_STATEMENTS: must be off');
      const direct = await refusalOf(pooled({ DIRECT_URL: bouncer.url }));
      expect(direct).toBeInstanceOf(ConfigError);
      expect(String(direct)).toContain('DIRECT_URL: must lead to PostgreSQL itself');
      await expect(migrate(pooled({ DIRECT_URL: bouncer.url }))).rejects.toThrow('DIRECT_URL');
    });

    test('two processes write, read, follow, remind and answer', () => useTwo(pooled({})));
  },
);

(found?.canTrack ? describe : describe.skip)('through PgBouncer, which tracks prepared statements', () => {
  beforeAll(async () => {
    // Fewer than there are, so that it prepares anew what it has dropped.
    bouncer = await startPgBouncer(world.config.DATABASE_URL, 20);
    bouncers.push(bouncer);
  });

  test('a start with prepared statements is none to refuse', async () => {
    expect(await refusalOf(pooled({ DATABASE_PREPARED_STATEMENTS: 'on' }))).toBeNull();
  });

  test('two processes that prepare statements write, read, follow, remind and answer', () =>
    useTwo(pooled({ DATABASE_PREPARED_STATEMENTS: 'on' })));
});
