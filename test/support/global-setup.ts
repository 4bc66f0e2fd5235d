import 'reflect-metadata';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../infra/postgres/embedded.js';
import { migrate } from '../../src/migrate.js';
import { appRoleName, makeAppRole, newSigningKey, templateDatabase, testConfig } from './config.js';
import { testDataFolder } from './data-folder.js';
import { running } from './running.js';

/** One PostgreSQL a run, and one migrated database in it, of which every test gets a copy. */
export default async function setup(): Promise<void> {
  const database = await startEmbeddedPostgres({
    dataFolder: testDataFolder(),
    port: 0,
    durable: false,
    // Nobody recovers it, and in memory its log would be in the way.
    flags: ['wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=256MB', 'min_wal_size=32MB'],
    log: (line) => process.stdout.write(`${line}\n`),
  });
  running.database = database;
  process.env['TEST_SIGNING_KEY'] = newSigningKey(3_072);
  process.env['TEST_DATABASE_SERVER'] = database.adminUrl;
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select datname as name from pg_database where datname like 'test\\_%'",
  );
  for (const { name } of rows) await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${templateDatabase}`);
  await client.query(makeAppRole);
  await client.end();
  const url = database.adminUrl.replace(/postgres$/, templateDatabase);
  await migrate(testConfig({ DATABASE_URL: url, DATABASE_APP_ROLE: appRoleName }));
}
