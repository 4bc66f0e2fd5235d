import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrationNames } from '../src/platform/database/sql-migrations.js';

/** Where they stand: a line for each migration, in the form that `sha256sum --check` reads. */
const list = 'checksums.txt';

/**
 * Compares the migrations of a folder with their checksums, and answers each fault as a sentence that says what to do.
 * A database that has run a migration never runs it again: what is edited afterwards reaches new databases only.
 */
export function checksumFaults(folder: string): string[] {
  const kept = readChecksums(folder);
  const now = new Map(migrationsOf(folder).map((name) => [name, checksumOf(folder, name)]));
  const faults = [...kept].flatMap(([name, checksum]) => {
    if (!now.has(name)) return `${name} is gone: bring it back; a new migration undoes what an old one did.`;
    if (now.get(name) === checksum) return [];
    return `${name} was edited: take that back and write a new migration (\`npm run migration -- what-it-does\`). Only if no other branch has it yet, delete its line in infra/migrations/${list} and run \`npm run checksums\`.`;
  });
  const added = [...now.keys()].filter((name) => !kept.has(name));
  return [...faults, ...added.map((name) => `${name} has no checksum: run \`npm run checksums\` and commit the list.`)];
}

/** Adds the checksums of migrations that have none yet, and answers their names. Those that are there stay as they are. */
export function addChecksums(folder: string): string[] {
  const kept = readChecksums(folder);
  const added = migrationsOf(folder).filter((name) => !kept.has(name));
  for (const name of added) kept.set(name, checksumOf(folder, name));
  const lines = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, checksum]) => `${checksum}  ${name}\n`);
  writeFileSync(join(folder, list), lines.join(''));
  return added;
}

function migrationsOf(folder: string): string[] {
  return migrationNames(folder).map((name) => `${name}.sql`);
}

function readChecksums(folder: string): Map<string, string> {
  const file = join(folder, list);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm) : [];
  return new Map([...lines].map(([, checksum = '', name = '']) => [name, checksum]));
}

function checksumOf(folder: string, name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const added = addChecksums('infra/migrations');
  console.log(
    added.length > 0 ? added.map((name) => `Added: ${name}`).join('\n') : 'Every migration has its checksum.',
  );
  const faults = checksumFaults('infra/migrations');
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
