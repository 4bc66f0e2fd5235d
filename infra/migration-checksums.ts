import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checksumOf, checksumsFile as list, migrationsOf, readChecksums } from '../src/platform/database/checksums.js';

/** The first line of a migration that was written by `npm run migration`, until somebody says what it is for. */
export const askedReason = '-- Say why in a sentence.';

/** Two words at least, after which the sentence may go on. */
const reason = /^-- [A-Z]\S* \S.*\n/;

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
    return `${name} was edited after its checksum was taken. If it has been pushed, take that back and write a new migration (\`npm run migration -- what-it-does\`). If it is on your branch alone, delete its line in infra/migrations/${list}, run \`npm run checksums\` and commit both.`;
  });
  const added = [...now.keys()].filter((name) => !kept.has(name) && saysWhy(folder, name));
  return [
    ...faults,
    ...silentMigrations(folder),
    ...added.map((name) => `${name} has no checksum: run \`npm run checksums\` and commit the list.`),
  ];
}

/** Migrations that do not say what they are for, each as a sentence that says what to do. */
function silentMigrations(folder: string): string[] {
  return migrationsOf(folder)
    .filter((name) => !saysWhy(folder, name))
    .map((name) => `${name} does not say why: make its first line \`-- A sentence.\`, then run \`npm run checksums\`.`);
}

function saysWhy(folder: string, name: string): boolean {
  const text = readFileSync(join(folder, name), 'utf8');
  return reason.test(text) && !text.startsWith(askedReason);
}

/**
 * Adds the checksums of migrations that have none yet and say why, and answers their names. Those that are there stay as
 * they are.
 */
export function addChecksums(folder: string): string[] {
  const kept = readChecksums(folder);
  const added = migrationsOf(folder).filter((name) => !kept.has(name) && saysWhy(folder, name));
  for (const name of added) kept.set(name, checksumOf(folder, name));
  const lines = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, checksum]) => `${checksum}  ${name}\n`);
  writeFileSync(join(folder, list), lines.join(''));
  return added;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of addChecksums('infra/migrations')) console.log(`Added: ${name}`);
  const faults = checksumFaults('infra/migrations');
  console.log(faults.join('\n') || 'Every migration has its checksum.');
  if (faults.length > 0) process.exitCode = 1;
}
