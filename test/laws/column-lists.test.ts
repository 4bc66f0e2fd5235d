import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FocusSession } from '../../entities/tasks/focus-session.js';
import { type ColumnsOf, rowsOf, rowsWithout } from '../../src/kernel/rows.js';
import { harness } from '../support/harness.js';
import { staleIn } from '../support/stale.js';

const world = harness({ worker: false });

/** Columns that a statement leaves to their defaults, by file and table. Any other column has to be written. */
const leftToDefaults: Readonly<Record<string, readonly string[]>> = {
  // What has just been said is of the current branch, and nobody has rated it.
  'assistant/append-messages.ts': ['feedback', 'rating', 'superseded_by', 'truncated'].map(
    (column) => `assistant.chat_message.${column}`,
  ),
  // A trigger fills in the balance, a sequence the number. A bucket begins empty, and the daily one has no paid period.
  'billing/ledger.ts': [
    ...['billing.credit_entry.balance_after', 'billing.credit_entry.number'],
    ...['balance', 'carried', 'period'].map((column) => `billing.credit_bucket.${column}`),
  ],
  // It has just begun.
  'billing/reconcile-credits.ts': ['billing.credit_reconciliation.finished_at'],
  // A run has begun: nothing of it has come yet.
  'llm/start-run.ts': [
    ...['cost_micro_dollars', 'ended_at', 'first_text_at', 'input_tokens', 'output_tokens', 'usage_estimated'],
  ].map((column) => `llm.run.${column}`),
  'notifications/notify.ts': ['notifications.notification.read_at'],
};

const law = 'test/laws/column-lists.test.ts';

const inserts = /insert into ([a-z_]+\.[a-z_]+)(?: as \w+)?\s*\(([^)]*)\)/g;

/** Columns of a table that an `insert` in the text does not name, each as `table.column`. */
function forgotten(text: string, columns: ReadonlyMap<string, readonly string[]>): string[] {
  return [...text.matchAll(inserts)].flatMap(([, table = '', list = '']) => {
    const named = list.split(',').map((name) => name.trim());
    const missing = columns.get(table)?.filter((column) => !named.includes(column)) ?? [];
    return missing.map((column) => `${table}.${column}`);
  });
}

/** Tables that an `insert` in the text names, and the database lacks. */
function unknownTables(text: string, columns: ReadonlyMap<string, readonly string[]>): string[] {
  return [...text.matchAll(inserts)].map(([, table = '']) => table).filter((table) => !columns.has(table));
}

/** Columns of an upsert that its second half neither sets nor recognises the row by. */
function notRenewed(text: string): string[] {
  const upserts = text.matchAll(
    /insert into ([a-z_.]+)(?: as \w+)?\s*\(([^)]*)\)(?:(?!insert into|on conflict)[^`])*on conflict \(([^)]*)\) do update set((?:(?!returning|where)[^`])*)/g,
  );
  const namesOf = (list = '') => list.split(',').map((name) => name.trim());
  const setting = (column: string) => new RegExp(`\\b${column} =|\\([\\w, ]*\\b${column}\\b[\\w, ]*\\) =`);
  return [...upserts].flatMap(([, table, inserted, keys, set = '']) =>
    namesOf(inserted)
      .filter((column) => !namesOf(keys).includes(column) && !setting(column).test(set))
      .map((column) => `${table}.${column}`),
  );
}

async function readColumns(): Promise<Map<string, string[]>> {
  const rows = await world.sql<{ table: string; columns: string[] }>(
    `select table_schema || '.' || table_name as "table", array_agg(column_name::text order by column_name) as columns
     from information_schema.columns
     where table_schema not in ('pg_catalog', 'information_schema') and is_generated = 'NEVER' group by 1`,
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/** What to do about a column that an insert of a file does not name. */
function adviceOn(file: string, column: string): string {
  const known = `\`'${file}': ['${column}']\` to leftToDefaults of ${law}, with the reason`;
  return `name it and its value in the insert; if its default is what each new row has to have, add ${known}.`;
}

test('every insert names every column of its table, or leaves it to its default knowingly', async () => {
  const columns = await readColumns();
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files.map((file) => ({ file, missing: forgotten(readFileSync(`src/${file}`, 'utf8'), columns) }));
  const unknown = files.flatMap((file) =>
    unknownTables(readFileSync(`src/${file}`, 'utf8'), columns).map(
      (table) => `src/${file} writes ${table}, which no migration makes: list its entity, then \`npm run migration\`.`,
    ),
  );
  expect(unknown).toEqual([]);
  const faults = found.flatMap(({ file, missing }) =>
    missing
      .filter((column) => !leftToDefaults[file]?.includes(column))
      .map((column) => `src/${file} does not write ${column}: ${adviceOn(file, column)}`),
  );
  expect(faults).toEqual([]);
  const left = Object.entries(leftToDefaults).flatMap(([file, names]) => names.map((name) => `${file} ${name}`));
  const known = found.flatMap(({ file, missing }) => missing.map((name) => `${file} ${name}`));
  expect(staleIn(`leftToDefaults of ${law}`, left, known)).toEqual([]);
});

/** What an upsert leaves as it was, knowingly. */
const leftAsBefore: readonly string[] = [
  // Whoever follows a dead worker goes on where that one stopped.
  'billing.credit_reconciliation.last_account_id',
];

test('every upsert renews what it inserts', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files.flatMap((file) =>
    notRenewed(readFileSync(`src/${file}`, 'utf8'))
      .filter((column) => !leftAsBefore.includes(column))
      .map(
        (column) =>
          `src/${file} leaves ${column} as it was: set it to excluded.… after \`do update\`, or add '${column}' to leftAsBefore of ${law}.`,
      ),
  );
  expect(found).toEqual([]);
  const forgetful = 'insert into a.b (id, x, y) values ($1, $2, $3) on conflict (id) do update set y = excluded.y';
  expect(notRenewed(forgetful)).toEqual(['a.b.x']);
  expect(notRenewed(forgetful.replace('set y = excluded.y', 'set (y) = (select x)'))).toEqual(['a.b.x']);
  expect(notRenewed(forgetful.replace('set y = excluded.y', 'set (x, y) = (select 1, 2)'))).toEqual([]);
});

test('a column that an insert forgets is found', async () => {
  const columns = await readColumns();
  const text = `with task as (insert into tasks.occurrence (template_id,
    local_time) values ($1, $2)) insert into tasks.nothing (id) values ($3)`;
  const others = columns.get('tasks.occurrence')?.filter((column) => !['template_id', 'local_time'].includes(column));
  expect(others).toContain('task_id');
  expect(forgotten(text, columns)).toEqual([...(others ?? []).map((column) => `tasks.occurrence.${column}`)]);
  expect(unknownTables(text, columns)).toEqual(['tasks.nothing']);
});

test('the compiler finds a field that an entity does not have, and one that a tombstone forgets', () => {
  // Never called: what is made of a field that is not there would be among all lists.
  const refused = () => [
    // @ts-expect-error: there is no `pinned`.
    rowsOf(FocusSession, ['pinned']),
    // @ts-expect-error: `end` is no column.
    rowsWithout(FocusSession, ['end']),
  ];
  expect(refused).toBeDefined();
  // @ts-expect-error: all but two are forgotten.
  const kept = { id: '', taskId: '' } satisfies Record<keyof ColumnsOf<FocusSession>, unknown>;
  expect(kept).toBeDefined();
});

test('rows have the fields that are named, or all but those, as the entity names their columns', () => {
  expect(rowsOf(FocusSession, ['id', 'endedAt'])).toMatchObject({
    table: 'tasks.focus_session',
    columns: 'id, ended_at as "endedAt"',
    columnOf: { id: 'id', endedAt: 'ended_at' },
  });
  const { columns } = rowsWithout(FocusSession, ['id', 'endedAt', 'accountId']);
  expect(columns).toBe('user_id as "userId", task_id as "taskId", started_at as "startedAt"');
});

/** What is not GraphQL's: clients of REST may send more than we know, and jobs may be of a newer version. */
const lenient = ['achievements/recompute.ts', 'auth/refresh-session.ts'];

test('inputs are strict objects: a field of the schema that a use case forgets is refused, and not lost', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const loose = files.filter((file) => /\bInput = z\s*\.object\(/.test(readFileSync(`src/${file}`, 'utf8')));
  const advice = `accepts what it does not know: make its Input a z.strictObject, or add it to lenient of ${law}.`;
  expect(loose.filter((file) => !lenient.includes(file)).map((file) => `src/${file} ${advice}`)).toEqual([]);
  expect(staleIn(`lenient of ${law}`, lenient, loose)).toEqual([]);
});
