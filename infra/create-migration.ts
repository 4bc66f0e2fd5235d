import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entities } from '../entities/index.js';
import { openOrm } from '../src/platform/database/orm.js';
import { addChecksums } from './migration-checksums.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';

/**
 * `npm run migration -- <name>`: compares the entities with a database that all migrations have made, and writes what
 * is missing as the next migration. Nothing is written when they agree.
 */
const name = process.argv[2] ?? '';
if (!/^[a-z]+(-[a-z]+)*$/.test(name)) {
  console.error('Say what the migration does, in small letters and hyphens: npm run migration -- add-notes');
  process.exit(1);
}

/** Gives what the mapper has written the name that the laws ask for, its format and its checksum; answers the path. */
function named(fileName: string, purpose: string): string {
  const written = join(folder, fileName);
  const own = fileName.replace(/\.ts$/, '');
  const name = `${own}_${purpose}`;
  const path = join(folder, `${name}.ts`);
  const text = readFileSync(written, 'utf8')
    .replace(`class ${own} `, `class ${name.replaceAll('-', '_')} `)
    .replace(`'${own}'`, `'${name}'`);
  rmSync(written);
  writeFileSync(path, text);
  execFileSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', path], {
    stdio: 'ignore',
  });
  addChecksums(folder);
  return path;
}

const folder = 'infra/migrations';
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
  const { fileName } = await orm.migrator.create(folder, false, false);
  console.log(fileName ? `Written: ${named(fileName, name)}` : 'Entities and migrations agree; nothing to write.');
} finally {
  await orm.close(true);
  await database.stop();
}
