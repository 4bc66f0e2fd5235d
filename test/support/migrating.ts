import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { migrate } from '../../src/migrate.js';
import { migrationNames } from '../../src/platform/database/sql-migrations.js';
import { openDatabaseToMigrate } from '../../src/services.js';
import { appRoleName, testConfig } from './config.js';
import type { TestDatabase } from './databases.js';
import { withClient } from './harness.js';

const folder = 'infra/migrations';

/**
 * A database as it was before a migration, for a test of what that does to rows: `use` fills it, and calls `migrate`.
 * @param name of the migration's file, without `.sql`
 */
export async function beforeMigration(
  name: string,
  use: (client: pg.Client, migrate: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const names = migrationNames(folder);
  if (!names.includes(name)) throw new Error(`There is no migration ${name}.`);
  const server = process.env['TEST_DATABASE_SERVER'] ?? '';
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(server, (client) => client.query(`create database ${database}`));
  try {
    await withClient(server.replace(/postgres$/, database), async (client) => {
      const run = async (each: string) => {
        await client.query('begin');
        await client.query(readFileSync(`${folder}/${each}.sql`, 'utf8'));
        await client.query('commit');
      };
      for (const earlier of names.slice(0, names.indexOf(name))) await run(earlier);
      await use(client, () => run(name));
    });
  } finally {
    await withClient(server, (client) => client.query(`drop database if exists ${database} with (force)`));
  }
}

/**
 * A database that an older version has filled and that was brought to what the code needs as a release does it, for a test of
 * what becomes of its rows.
 * @param newest the last migration of that version: its file's name without `.sql`
 */
export async function migratedFrom(newest: string, fill: (client: pg.Client) => Promise<void>): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_SERVER'] ?? '';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = server.replace(/postgres$/, name);
  const config = testConfig({ DATABASE_URL: url, DATABASE_APP_ROLE: appRoleName });
  await withClient(server, (client) => client.query(`create database ${name}`));
  const drop = () => withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  const orm = openDatabaseToMigrate(config);
  try {
    await orm.migrator.up({ to: newest });
    await withClient(url, fill);
    await migrate(config);
  } catch (error) {
    await orm.close(true);
    await drop();
    throw error;
  }
  await orm.close(true);
  return { url, drop: async () => void (await drop()) };
}
