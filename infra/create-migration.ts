import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationNames } from '../src/platform/database/sql-migrations.js';
import { migrationsFolder } from '../src/services.js';
import { withMigratedDatabase } from './migrated-database.js';
import { askedReason } from './migration-checksums.js';
import { schemaDifference } from './schema-difference.js';
import { unlistedEntities } from './unlisted-entities.js';

/**
 * `npm run migration -- <name>`: compares the entities with a database that all migrations have made, and writes what
 * is missing as the next migration. Triggers, and foreign keys between rows of an account, are written by hand. Its
 * checksum is taken once somebody has read it and said why. Nothing is written when they agree.
 */
const name = process.argv[2] ?? '';
if (!/^[a-z]+(-[a-z]+)*$/.test(name)) {
  console.error('Say what the migration does, in small letters and hyphens: npm run migration -- add-notes');
  process.exit(1);
}

/** A column or constraint of a new table a line, so that a diff can show it. */
function inLines(statement: string): string {
  const [, head, body, tail] = /^(create table \S+ \()(.*)(\).*)$/.exec(statement) ?? [];
  if (head === undefined || body === undefined || tail === undefined) return statement;
  const lines = [''];
  let depth = 0;
  for (const character of body) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) lines.push('');
    else lines[lines.length - 1] += character;
  }
  return `${head}\n${lines.map((line) => `  ${line.trim()}`).join(',\n')}\n${tail}`;
}

function write(sql: string): string {
  const last = migrationNames(migrationsFolder).at(-1) ?? '0000';
  const number = String(Number(last.slice(0, 4)) + 1).padStart(4, '0');
  const path = join(migrationsFolder, `${number}_${name}.sql`);
  // Names that need no quotes have none; `user` is a word of SQL.
  const plain = sql.replaceAll(/"(?!user")([a-z_]+)"/g, '$1');
  writeFileSync(path, `${askedReason}\n\n${plain.split('\n').map(inLines).join('\n').trim()}\n`);
  return path;
}

const unlisted = unlistedEntities();
if (unlisted.length > 0) {
  console.error(unlisted.join('\n'));
  process.exit(1);
}

await withMigratedDatabase(async (orm) => {
  const missing = await schemaDifference(orm);
  console.log(
    missing
      ? `Written: ${write(missing)}. Read it, say why in its first line, then run \`npm run checksums\`.`
      : 'Entities and migrations agree; nothing to write.',
  );
});
