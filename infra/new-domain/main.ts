import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { migrationNames } from '../../src/platform/database/sql-migrations.js';
import { addChecksums } from '../migration-checksums.js';
import { codeFilesOf } from './code-files.js';
import { edited, editsOf, laterEditsOf } from './edits.js';
import { type DomainNames, NameError, namesOf, requireFree } from './names.js';
import { documentsOf, migrationOf, testOf } from './other-files.js';
import { placeOf } from './place.js';

const migrations = 'infra/migrations';

/** The texts of all files that edits change, by their paths. @throws when one finds no place */
function textsOf(edits: ReturnType<typeof editsOf>): [string, string][] {
  return [...Map.groupBy(edits, ({ file }) => file)].map(([file, own]) => [
    file,
    edited(readFileSync(file, 'utf8'), own),
  ]);
}

function write(files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function run(...script: string[]): void {
  const { status } = spawnSync('npm', ['run', '--silent', ...script], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm run ${script.join(' ')} failed.`);
}

function nextMigration({ domain }: DomainNames): string {
  const number = String(migrationNames(migrations).length + 1).padStart(4, '0');
  return `${migrations}/${number}_${domain}.sql`;
}

/**
 * Makes a domain with one table, a page of it, two mutations with their events, and a test of each, to be renamed and
 * filled. What uses generated code is written after the code is generated: nothing compiles without.
 */
function makeDomain(names: DomainNames): void {
  const { domain } = names;
  requireFree('.', names);
  const [texts, later] = [textsOf(editsOf(names, placeOf('.', domain))), textsOf(laterEditsOf(names))];
  write([...codeFilesOf(names), [`operations/${domain}.graphql`, documentsOf(names)], ...texts]);
  write([[nextMigration(names), migrationOf(names)]]);
  addChecksums(migrations);
  run('schema');
  run('codegen');
  write([[`test/${domain}/writing-${domain}.test.ts`, testOf(names)], ...later]);
  run('format');
  run('docs:database');
}

/** `npm run new -- domain <names> [<name of one>]` */
const [kind, domain, thing] = process.argv.slice(2);
try {
  if (kind !== 'domain') throw new NameError('Say what is to be new: npm run new -- domain habits');
  makeDomain(namesOf(domain, thing));
  console.log(`${domain} is there: git add -A, then see what it has with git status.`);
} catch (error) {
  if (!(error instanceof NameError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
