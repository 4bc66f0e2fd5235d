import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startApp } from '../../src/app.js';
import { migrate } from '../../src/migrate.js';
import { createLog } from '../../src/platform/log.js';
import { openDatabaseToMigrate } from '../../src/services.js';
import { testConfig } from '../support/config.js';
import { withClient } from '../support/harness.js';

const server = process.env['TEST_DATABASE_SERVER'] ?? '';
const name = `test_${randomUUID().replaceAll('-', '')}`;
const config = testConfig({ DATABASE_URL: server.replace(/postgres$/, name) });

const onServer = (text: string) => withClient(server, (client) => client.query(text));
const onDatabase = (text: string) => withClient(config.DATABASE_URL, (client) => client.query(text));

beforeEach(() => onServer(`create database ${name}`));
afterEach(() => onServer(`drop database if exists ${name} with (force)`));

const start = () => startApp(config, { api: config, worker: config }, createLog('silent'));

/** As an older version has left it. */
async function migrateToOlder(): Promise<void> {
  const orm = openDatabaseToMigrate(config);
  await orm.migrator.up({ to: '0002_auth' });
  await orm.close(true);
}

test('what lacks migrations is not served: the start says which, and what to do', async () => {
  await expect(start()).rejects.toThrow(/lacks .* 0001_accounts.* Run `npm run migrate`/);
  await migrateToOlder();
  await expect(start()).rejects.toThrow(/lacks .* 0003_activity.* Run `npm run migrate`/);
});

test('a table that somebody keeps locked is named as what stands in the way, and nothing is changed', async () => {
  await migrateToOlder();
  // It is 3 s otherwise.
  await onServer(`alter role current_user in database ${name} set lock_timeout = '50ms'`);
  const newTable = 'select from tasks.task';
  await withClient(config.DATABASE_URL, async (holder) => {
    await holder.query('begin; lock table auth."user" in row exclusive mode');
    await expect(migrate(config)).rejects.toThrow(/^A table stayed locked .* Stop what still uses the database/);
  });
  await expect(onDatabase(newTable)).rejects.toThrow('"tasks.task" does not exist');
  await migrate(config);
  await onDatabase(newTable);
});

test('a database of a version whose migrations were replaced is left as it is', async () => {
  await onDatabase(
    "create table schema_migration (name text); insert into schema_migration values ('Migration20261121000000_spine')",
  );
  for (const begin of [() => migrate(config), start])
    await expect(begin()).rejects.toThrow(/^The database was made by a version .* `npm run reset`/);
  await expect(onDatabase('select from auth.user')).rejects.toThrow('does not exist');
});
