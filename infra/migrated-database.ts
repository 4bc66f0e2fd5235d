import { entities } from '../entities/index.js';
import { type Orm, openOrm } from '../src/platform/database/orm.js';
import { migrationsFolder } from '../src/services.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';

/** Runs `use` on an empty database of its own, which all migrations have made. */
export async function withMigratedDatabase<T>(use: (orm: Orm) => Promise<T>): Promise<T> {
  const database = await startEmbeddedPostgres({
    dataFolder: '.local/migration-postgres',
    port: 0,
    durable: false,
    log: () => undefined,
  });
  const orm = openOrm(entities, {
    url: database.url,
    poolSize: 1,
    preparesStatements: false,
    statementTimeoutMs: null,
    migrationsFolder,
  });
  try {
    await orm.schema.ensureDatabase({ clear: true, create: true });
    await orm.migrator.up();
    return await use(orm);
  } finally {
    await orm.close(true);
    await database.stop();
  }
}
