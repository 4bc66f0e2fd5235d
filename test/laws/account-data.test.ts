import { expect, test } from '@jest/globals';
import { type DescribedTable, describeDatabase } from '../../infra/database-docs/describe.js';
import { ownerOf } from '../../infra/database-docs/page.js';
import type { AccountTable } from '../../src/kernel/account-tables.js';
import { accountTables } from '../../src/privacy/index.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase, testConfig } from '../support/config.js';
import { staleIn } from '../support/stale.js';

const law = 'test/laws/account-data.test.ts';

/** Of the database that has only what migrations made, as its owner sees it. */
async function described(): Promise<readonly DescribedTable[]> {
  const url = process.env['TEST_DATABASE_SERVER']?.replace(/postgres$/, templateDatabase) ?? '';
  const orm = openDatabase(testConfig({ DATABASE_URL: url }));
  try {
    return (await describeDatabase(orm)).tables;
  } finally {
    await orm.close(true);
  }
}

const pathOf = ({ table }: AccountTable) => table.replaceAll('"', '');

/** Tables of accounts or persons that are in no domain's list, with what becomes of their rows. */
const elsewhere: Readonly<Record<string, string>> = {
  'platform.socket_count': 'Numbers of open sockets, of which somebody without a session has none.',
};

test('every table of an account or a person says what an export has of it, and what becomes of it in the end', async () => {
  const all = await described();
  const owned = all.filter((table) => ownerOf(table, all) !== 'nobody').map(({ path }) => path);
  const known = new Set([...accountTables.map(pathOf), ...Object.keys(elsewhere)]);
  const advice = "describe it in its domain's account-tables.ts, and name that in src/privacy/account-tables.ts.";
  expect(owned.filter((path) => !known.has(path)).map((path) => `${path}: ${advice}`)).toEqual([]);
  expect(staleIn(`elsewhere of ${law}`, Object.keys(elsewhere), owned)).toEqual([]);
  const paths = accountTables.map(pathOf);
  expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
});

/** Whether a column takes only some values. */
function isClosedSet({ constraints }: DescribedTable, column: string): boolean {
  return constraints.some(
    ({ kind, columns, definition }) =>
      kind === 'check' && columns.length === 1 && columns[0] === column && /ANY \(ARRAY/.test(definition),
  );
}

test('what stays of a deleted account has no text that anybody could have written', async () => {
  const all = await described();
  const faults = accountTables.flatMap((table) => {
    const { onDeletion } = table;
    const known = all.find(({ path }) => path === pathOf(table));
    if (onDeletion.kind !== 'STAYS' || !known) return [];
    const open = known.columns
      .filter(({ name, type }) => /text|json|char|bytea/.test(type) && !isClosedSet(known, name))
      .map(({ name }) => name);
    return [
      ...open
        .filter((name) => !(name in onDeletion.texts))
        .map(
          (name) =>
            `${known.path}.${name} stays and may be any text: say in \`texts\` of its list why nobody is named in it, or delete it.`,
        ),
      ...staleIn(`texts of ${known.path}`, Object.keys(onDeletion.texts), open),
    ];
  });
  expect(faults).toEqual([]);
});

test('what refers to something is deleted before that, and what goes with something is removed by the database', async () => {
  const all = await described();
  const place = new Map(accountTables.map((table, index) => [pathOf(table), { index, ...table.onDeletion }]));
  const faults = accountTables.flatMap((table, index) => {
    const path = pathOf(table);
    const keys = all.find((each) => each.path === path)?.constraints.filter(({ kind }) => kind === 'foreign') ?? [];
    const { onDeletion } = table;
    if (onDeletion.kind === 'WITH') {
      const key = keys.find(({ references }) => references === onDeletion.table);
      return key?.definition.includes('ON DELETE CASCADE') ? [] : [`${path} does not go with ${onDeletion.table}.`];
    }
    return keys.flatMap(({ references }) => {
      const other = place.get(references ?? '');
      const isFine = references === path || !other || other.kind === 'STAYS' || index < other.index;
      return isFine ? [] : [`${path} refers to ${references}, and comes behind it in src/privacy/account-tables.ts.`];
    });
  });
  expect(faults).toEqual([]);
});

/** Orders that tell rows apart without a key of the database. */
const unkeyed: Readonly<Record<string, string>> = {
  'activity.event': 'Numbers are gapless of each account; the key has the day as well, for the partitions.',
  'billing.credit_entry': 'Numbers are of one sequence.',
};

test('rows of an account are read in an order that tells them apart', async () => {
  const all = await described();
  const faults = accountTables.flatMap((table) => {
    const path = pathOf(table);
    if (table.onDeletion.kind === 'WITH' && !table.exported) return [];
    const [, owner = ''] = /^"(\w+)" = \$1$/.exec(table.where) ?? [];
    const columns = [owner, ...table.order.map((column) => column.replaceAll('"', ''))];
    const keys = all.find((each) => each.path === path)?.constraints ?? [];
    const isKey = keys.some(
      ({ kind, columns: key }) =>
        (kind === 'primary' || kind === 'unique') && key.every((name) => columns.includes(name)),
    );
    return isKey || path in unkeyed ? [] : [`${path}: order it by a key.`];
  });
  expect(faults).toEqual([]);
  expect(staleIn(`unkeyed of ${law}`, Object.keys(unkeyed), accountTables.map(pathOf))).toEqual([]);
});

/** Fields whose names only sound like secrets. */
const harmless: readonly string[] = ['accounts.allowance.key', 'llm.run.inputTokens', 'llm.run.outputTokens'];

test('an export has files of different names, and no field that is called like a secret', () => {
  const names = accountTables.flatMap(({ exported }) => exported?.name ?? []);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const secret = /hash|secret|token|password|p256dh|endpoint|key$|^auth$/i;
  const found = accountTables.flatMap((table) =>
    (table.exported?.fields ?? []).filter((field) => secret.test(field)).map((field) => `${pathOf(table)}.${field}`),
  );
  const advice = `is exported: leave it out in its account-tables.ts, or add it to harmless of ${law}.`;
  expect(found.filter((field) => !harmless.includes(field)).map((field) => `${field} ${advice}`)).toEqual([]);
  expect(staleIn(`harmless of ${law}`, harmless, found)).toEqual([]);
});
