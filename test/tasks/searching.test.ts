import { describe, expect, test } from '@jest/globals';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ shared: 'many inputs, each sent by a person of its own', lastingTokens: true, worker: false });

async function find(person: Person, search: string): Promise<string[]> {
  const { edges, totalCount } = (await person.ok(Tasks, { filter: { search } })).tasks;
  expect(totalCount).toBe(edges.length);
  return edges.map(({ node }) => node.title);
}

/** Each spelling finds a title in any of the others. */
const alike = [
  ['σκυλος', 'ΣΚΥΛΟΣ', 'Σκυλος', 'σκυλοσ'],
  ['Straße', 'STRASSE', 'straſſe', 'STRAẞE'],
  ['ΐδιος', 'Ϊ\u0301ΔΙΟΣ', 'ϊ\u0301διος'],
  ['mañana', 'MAÑANA', 'MAN\u0303ANA'],
  ['ﬁn', 'FIN', 'fin'],
  ['ǰ', 'J\u030C'],
  ['İzmir', 'İZMİR', 'izmir', 'IZMIR'],
  ['ığdır', 'ıĞDıR'],
  ['ꭰꮃ', 'ᎠᎳ'],
  ['привет', 'ПРИВЕТ'],
  ['𐐨', '𐐀'],
] as const;

describe.each(alike)('%s', (...spellings) => {
  test.each(spellings)('is found as %s, in a title and in a description', async (spelling) => {
    const ada = await world.user();
    await ada.ok(CreateTask, { input: { title: 'nothing of it' } });
    for (const each of spellings) {
      const { title } = (await ada.ok(CreateTask, { input: { title: `a ${each} b` } })).createTask.task;
      expect(await find(ada, spelling)).toContain(title);
    }
    await ada.ok(CreateTask, { input: { title: 'described', description: `a\n${spellings[0]}\nb` } });
    expect(await find(ada, spelling)).toHaveLength(spellings.length + 1);
  });
});

test.each([
  ['résumé', 'resume'],
  ['ñ', 'n'],
  ['ışık', 'işik'],
  ['и', 'й'],
])('%s is not found as %s: accents are kept', async (title, search) => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title } });
  expect(await find(ada, search)).toEqual([]);
  expect(await find(ada, title.toUpperCase())).toHaveLength(title === 'ışık' ? 0 : 1);
});

test('nothing in a search is a wildcard or an escape', async () => {
  const ada = await world.user();
  const titles = ['100%', 'a_b', 'a\\b', "it's", '$1', 'aXb'];
  for (const title of titles) await ada.ok(CreateTask, { input: { title } });
  for (const title of titles) expect(await find(ada, title)).toEqual([title]);
  for (const [search, title] of [
    ['%', '100%'],
    ['_', 'a_b'],
    ['\\', 'a\\b'],
  ] as const)
    expect(await find(ada, search)).toEqual([title]);
});

test.each(['a\tb', 'a\nb', 'a\r\nb', 'a\u0085b', 'a\u2028b'])('what was written as %j is found so', async (text) => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: text } });
  await ada.ok(CreateTask, { input: { title: 'x', description: `1${text}2` } });
  for (const search of [text, 'A B']) expect((await find(ada, search)).toSorted()).toEqual(['a b', 'x']);
});

test('nothing is found across title and description', async () => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'one', description: 'two' } });
  for (const search of ['onetwo', 'one two', 'one\ntwo']) expect(await find(ada, search)).toEqual([]);
});

test('pages of a search go on where they were', async () => {
  const ada = await world.user();
  for (let index = 0; index < 5; index += 1) await ada.ok(CreateTask, { input: { title: `Straße ${index}` } });
  const filter = { search: 'STRASSE' };
  const orderBy = { field: 'TITLE' as const, direction: 'ASC' as const };
  const first = (await ada.ok(Tasks, { filter, orderBy, first: 2 })).tasks;
  const next = (await ada.ok(Tasks, { filter, orderBy, first: 3, after: first.pageInfo.endCursor ?? null })).tasks;
  expect([...nodesOf(first), ...nodesOf(next)].map(({ title }) => title.at(-1))).toEqual(['0', '1', '2', '3', '4']);
});
