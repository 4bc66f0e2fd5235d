import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { staleIn } from '../support/stale.js';

/** Rooms of `src/` that have a PostgreSQL schema of their name. */
const owners = readdirSync('entities', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Tables of others, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'activity accounts.account':
    'The number of the newest event: the log is written, and read, in one statement with it, which spares a round trip.',
};

const advice =
  ' is a table of another domain: call its door, or subscribe to its event and keep a table of your own (CONTRIBUTING.md).';

/** Tables of other rooms that SQL in a file of `room` reads or writes, each as `room schema.table`. */
function foreignTables(room: string, text: string): string[] {
  const named = text.matchAll(/\b(?:from|join|into|update|truncate)\s+(?:only\s+)?"?([a-z]+)"?\.("?[a-z_]+"?)/g);
  return [...named]
    .filter(([, schema = '']) => owners.includes(schema) && schema !== room)
    .map(([, schema, table]) => `${room} ${schema}.${table}`);
}

test('a domain reads and writes its own tables, and asks others through their doors', () => {
  const found = globSync('src/*/**/*.ts').flatMap((file) => {
    const room = file.split('/')[1] ?? '';
    return foreignTables(room, readFileSync(file, 'utf8')).map((fault) => ({ fault, file }));
  });
  const faults = found
    .filter(({ fault }) => !(fault in exceptions))
    .map(({ fault, file }) => `${file}: ${fault}${advice}`);
  expect(faults).toEqual([]);
  const list = '`exceptions` of test/laws/walls.test.ts';
  const known = found.map(({ fault }) => fault);
  expect(staleIn(list, Object.keys(exceptions), known)).toEqual([]);
  expect(foreignTables('notes', 'select 1 from tasks.task join auth."user" on true')).toEqual([
    'notes tasks.task',
    'notes auth."user"',
  ]);
  expect(foreignTables('tasks', 'update tasks.task set title = $1')).toEqual([]);
});
