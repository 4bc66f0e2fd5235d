import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { migrationNames } from '../../src/platform/database/sql-migrations.js';
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
