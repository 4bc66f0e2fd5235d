import { fileURLToPath } from 'node:url';
import { entities } from '../entities/index.js';
import { openOrm } from '../src/platform/database/orm.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';

/**
 * `npm run migration -- <name>`: compares the entities with a database that all migrations have made, and writes what
 * is missing as the next migration. Nothing is written when they agree.
 */
const name = process.argv[2];
if (!name) throw new Error('Say what the migration does: npm run migration -- add-notes');
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
  migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
});
try {
  await orm.schema.ensureDatabase({ clear: true, create: true });
  await orm.migrator.up();
  const { fileName } = await orm.migrator.create('infra/migrations', false, false, name);
  console.log(fileName ? `Written: infra/migrations/${fileName}` : 'Entities and migrations agree; nothing to write.');
} finally {
  await orm.close(true);
  await database.stop();
}
