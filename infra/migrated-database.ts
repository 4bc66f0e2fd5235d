import pg from 'pg';
import { entities } from '../entities/index.js';
import { type Orm, openOrm } from '../src/platform/database/orm.js';
import { migrationsFolder } from '../src/services.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';

const name = 'migrated';

/** Runs `use` on an empty database of its own, which all migrations have made. */
export async function withMigratedDatabase<T>(use: (orm: Orm) => Promise<T>): Promise<T> {
  const database = await startEmbeddedPostgres({
    dataFolder: '.local/migration-postgres',
    port: 0,
    durable: false,
    log: () => undefined,
  });
  const orm = openOrm(entities, {
    url: database.adminUrl.replace(/postgres$/, name),
    poolSize: 1,
    preparesStatements: false,
    statementTimeoutMs: null,
    migrationsFolder,
  });
  try {
    await makeEmpty(database.adminUrl);
    await orm.migrator.up();
    return await use(orm);
  } finally {
    await orm.close(true);
    await database.stop();
  }
}

/** The mapper's own way of clearing leaves the tables of the time before: a migration may have been edited, or be gone. */
async function makeEmpty(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
}
