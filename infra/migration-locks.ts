import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationNames } from '../src/platform/database/sql-migrations.js';

/** How a statement is allowed all the same: a comment right above it, with the reason. */
const allowed = /--\s*allowed:\s*\S/;

/** What keeps a table's readers or writers out for as long as it takes to read or write the whole table, or takes away what the release before still uses. */
const risks: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /^create (unique )?index (?!concurrently)\S+ on (?:only )?(?<table>\S+)/,
    advice: 'nobody writes while it is built',
  },
  {
    pattern: /^alter table (?<table>\S+) add constraint \S+ (check|foreign key)(?!.*\bnot valid\b)/,
    advice: 'all rows are read under a lock: add it `not valid`, and validate it in the next migration',
  },
  {
    pattern: /^alter table (?<table>\S+) add constraint \S+ (unique|primary key)(?!.*\busing index\b)/,
    advice: 'nobody reads or writes while its index is built',
  },
  {
    pattern: /^alter table (?<table>\S+) alter column \S+ (set data )?type\b/,
    advice: 'the table is written anew: add a column, fill it, and drop the old one a release later',
  },
  {
    pattern: /^alter table (?<table>\S+) alter column \S+ set not null/,
    advice: 'all rows are read under a lock: a valid check that it is not null spares that',
  },
  {
    pattern: /^alter table (?<table>\S+) add column (?=.*\bnot null\b)(?!.*\bdefault\b)/,
    advice: 'rows that are there have no value: give it a default',
  },
  {
    pattern: /^alter table (?<table>\S+) (drop column|rename)\b/,
    advice: 'the release before still uses it: stop using it in one release, drop it in the next',
  },
  { pattern: /^drop table (if exists )?(?<table>\S+)/, advice: 'the release before still uses it' },
];

/**
 * Statements of migrations that lock a table which was there before for as long as its size asks for, or that the release
 * before does not survive, each as a sentence that says what to do instead. A comment `-- allowed: why` above it lets one
 * pass.
 */
export function lockFaults(folder: string): string[] {
  return migrationNames(folder).flatMap((name) => faultsOf(name, readFileSync(join(folder, `${name}.sql`), 'utf8')));
}

function faultsOf(name: string, text: string): string[] {
  const statements = statementsOf(text);
  const made = new Set(
    statements.flatMap(
      ({ sql }) =>
        /^create (?:unlogged )?table (?:if not exists )?(?<table>[\w."]+)/.exec(sql)?.groups?.['table'] ?? [],
    ),
  );
  return statements.flatMap(({ sql, comment }) => {
    if (allowed.test(comment)) return [];
    return risks.flatMap(({ pattern, advice }) => {
      const table = pattern.exec(sql)?.groups?.['table'];
      return table === undefined || made.has(table) ? [] : [`${name}: ${sql.slice(0, 80)}: ${advice}.`];
    });
  });
}

interface Statement {
  /** On one line. */
  readonly sql: string;
  /** What stands above it. */
  readonly comment: string;
}

/** Functions' bodies between `$$` are parts of their statements. */
function statementsOf(text: string): Statement[] {
  const parts = text.match(/(?:--[^\n]*\n|\$\$[\s\S]*?\$\$|'(?:[^']|'')*'|[^;])+/g) ?? [];
  return parts.map((part) => {
    const comments = part.match(/--[^\n]*/g) ?? [];
    const sql = part
      .replaceAll(/--[^\n]*/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    return { sql, comment: comments.join('\n') };
  });
}
