import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationNames } from './sql-migrations.js';

/** Where checksums stand, beside the migrations: a line for each, in the form that `sha256sum --check` reads. */
export const checksumsFile = 'checksums.txt';

/** The files of the migrations of a folder, in their order. */
export function migrationsOf(folder: string): string[] {
  return migrationNames(folder).map((name) => `${name}.sql`);
}

/** The checksums that are kept, by file. */
export function readChecksums(folder: string): Map<string, string> {
  const file = join(folder, checksumsFile);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm) : [];
  return new Map([...lines].map(([, checksum = '', name = '']) => [name, checksum]));
}

/** SHA-256 of a file of the folder, lower-case hex. */
export function checksumOf(folder: string, name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
}

/** The migrations of a folder that are not what their checksums say, or have none. */
export function changedMigrations(folder: string): string[] {
  const kept = readChecksums(folder);
  return migrationsOf(folder).filter((name) => kept.get(name) !== checksumOf(folder, name));
}
