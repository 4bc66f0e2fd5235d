import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  CreateTask,
  type TaskFilter,
  type TaskOrder,
  Tasks,
  type TasksQuery,
  UpdateTask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, shared: 'all read the list of one person' });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
let ada: Person;

beforeAll(async () => {
  ada = await world.user();
  const make = (input: object) => ada.ok(CreateTask, { input: { title: 'x', ...input } });
  await make({ title: 'banana', priority: 'HIGH', dueDate: day(3), tags: ['home', 'fruit'] });
  await make({ title: 'Apple', priority: 'LOW', dueDate: day(1), tags: ['fruit'] });
  await make({ title: 'cherry', priority: 'MEDIUM' });
  await make({ title: 'Date', priority: 'HIGH', dueDate: day(2), description: '100% of Them_selves' });
  const { createTask } = await make({ title: 'hidden' });
  await ada.ok(UpdateTask, { input: { id: createTask.task.id, version: 1, hidden: true } });
  const archived = (await make({ title: 'archived' })).createTask.task;
  await ada.ok(UpdateTask, { input: { id: archived.id, version: 1, archived: true } });
});

const titles = async (filter: TaskFilter | null, orderBy: TaskOrder | null = null) =>
  nodesOf((await ada.ok(Tasks, { filter, orderBy })).tasks).map(({ title }) => title);

test.each<[TaskOrder, string[]]>([
  [{ field: 'TITLE', direction: 'ASC' }, ['Apple', 'banana', 'cherry', 'Date']],
  [{ field: 'TITLE', direction: 'DESC' }, ['Date', 'cherry', 'banana', 'Apple']],
  [{ field: 'DUE_DATE', direction: 'ASC' }, ['Apple', 'Date', 'banana', 'cherry']],
  [{ field: 'DUE_DATE', direction: 'DESC' }, ['banana', 'Date', 'Apple', 'cherry']],
  [{ field: 'CREATED_AT', direction: 'ASC' }, ['banana', 'Apple', 'cherry', 'Date']],
  [{ field: 'CREATED_AT', direction: 'DESC' }, ['Date', 'cherry', 'Apple', 'banana']],
])('the order %j', async (orderBy, expected) => expect(await titles(null, orderBy)).toEqual(expected));

test('the newest come first when no order is asked for', async () => {
  expect(await titles(null)).toEqual(['Date', 'cherry', 'Apple', 'banana']);
});

test('a cursor holds the longest title that there is', async () => {
  const bob = await world.user('Bob');
  for (const last of ['1', '2', '3']) await bob.ok(CreateTask, { input: { title: `${'😀'.repeat(199)}${last}` } });
  const orderBy = { field: 'TITLE' as const, direction: 'ASC' as const };
  const { pageInfo } = (await bob.ok(Tasks, { orderBy, first: 1 })).tasks;
  const next = (await bob.ok(Tasks, { orderBy, first: 2, after: pageInfo.endCursor ?? null })).tasks;
  expect(nodesOf(next).map(({ title }) => title.at(-1))).toEqual(['2', '3']);
});

test('priorities run from low to high', async () => {
  expect((await titles(null, { field: 'PRIORITY', direction: 'ASC' }))[0]).toBe('Apple');
});

test.each<[TaskFilter, string[]]>([
  [{ priority: ['HIGH'] }, ['Date', 'banana']],
  [{ dueFrom: day(1.5), dueBefore: day(2.5) }, ['Date']],
  [{ tags: ['fruit', 'home'] }, ['banana']],
  [{ completed: true }, []],
  [{ hidden: true }, ['hidden']],
  [{ archived: true }, ['archived']],
  [{ search: 'AN' }, ['banana']],
  [{ search: 'themselves' }, []],
  [{ search: ' 100% of them_' }, ['Date']],
  [{ search: '%' }, ['Date']],
  [{ search: '' }, ['Date', 'cherry', 'Apple', 'banana']],
  [{ search: 'e', priority: ['LOW'], completed: false }, ['Apple']],
])('the filter %j', async (filter, expected) => expect(await titles(filter)).toEqual(expected));

test('empty lists leave nothing out', async () => {
  expect(await titles({ priority: [], tags: [] })).toEqual(['Date', 'cherry', 'Apple', 'banana']);
});

test('titles are ordered as a dictionary has them, and found however they are composed', async () => {
  const bob = await world.user('Bob');
  const words = ['zoo', 'Äpfel', 'straße', 'Zebra', 'e\u0301clair', 'apple', 'strand', 'eclipse', 'striped'];
  for (const title of words) await bob.ok(CreateTask, { input: { title } });
  const named = async (filter: TaskFilter, orderBy: TaskOrder) =>
    nodesOf((await bob.ok(Tasks, { filter, orderBy })).tasks).map(({ title }) => title);
  const ascending: TaskOrder = { field: 'TITLE', direction: 'ASC' };
  const inOrder = ['Äpfel', 'apple', 'éclair', 'eclipse', 'strand', 'straße', 'striped', 'Zebra', 'zoo'];
  expect(await named({}, ascending)).toEqual(inOrder);
  expect(await named({}, { ...ascending, direction: 'DESC' })).toEqual(inOrder.toReversed());
  const pages: string[] = [];
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page: TasksQuery['tasks'] = (await bob.ok(Tasks, { orderBy: ascending, first: 2, after })).tasks;
    pages.push(...nodesOf(page).map(({ title }) => title));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  }
  expect(pages).toEqual(inOrder);
  expect(await named({ search: 'ÉCLAIR' }, ascending)).toEqual(['éclair']);
});

test('a search longer than 200 characters is refused', async () => {
  const error = await ada.refused(Tasks, { filter: { search: 'x'.repeat(201) } }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'filter.search' })]);
});

test('the tasks of a template, and nobody else’s', async () => {
  const bob = await world.user('Bob');
  const recurrence = { rule: 'FREQ=DAILY' };
  const { task } = (await bob.ok(CreateTask, { input: { title: 'daily', recurrence } })).createTask;
  await bob.ok(CreateTask, { input: { title: 'once' } });
  const filter = { templateId: task.template?.id ?? null };
  expect(nodesOf((await bob.ok(Tasks, { filter })).tasks).map(({ title }) => title)).toEqual(['daily']);
  expect(nodesOf((await ada.ok(Tasks, { filter })).tasks)).toEqual([]);
});

describe('pages', () => {
  const orderBy: TaskOrder = { field: 'DUE_DATE', direction: 'ASC' };

  test('walk forwards and backwards over the same list, also where the sort key is null', async () => {
    const first = (await ada.ok(Tasks, { orderBy, first: 3 })).tasks;
    expect(nodesOf(first).map(({ title }) => title)).toEqual(['Apple', 'Date', 'banana']);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(first.totalCount).toBe(4);
    const second = (await ada.ok(Tasks, { orderBy, first: 3, after: first.pageInfo.endCursor })).tasks;
    expect(nodesOf(second).map(({ title }) => title)).toEqual(['cherry']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = (await ada.ok(Tasks, { orderBy, last: 2, before: second.pageInfo.startCursor })).tasks;
    expect(nodesOf(back).map(({ title }) => title)).toEqual(['Date', 'banana']);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('survive writes in between: nothing is skipped or doubled', async () => {
    const bob = await world.user('Bob');
    const make = (title: string) => bob.ok(CreateTask, { input: { title } });
    for (const title of ['c', 'e', 'g']) await make(title);
    const byTitle: TaskOrder = { field: 'TITLE', direction: 'ASC' };
    const first = (await bob.ok(Tasks, { orderBy: byTitle, first: 2 })).tasks;
    for (const title of ['a', 'f']) await make(title);
    const next = (await bob.ok(Tasks, { orderBy: byTitle, first: 2, after: first.pageInfo.endCursor })).tasks;
    expect([...nodesOf(first), ...nodesOf(next)].map(({ title }) => title)).toEqual(['c', 'e', 'f', 'g']);
  });

  test.each([
    [{ first: 0 }],
    [{ first: -1 }],
    [{ first: 101 }],
    [{ last: 0 }],
    [{ last: 101 }],
    [{ first: 1, last: 1 }],
    [{ after: 'garbage' }],
    [{ after: '' }],
    [{ before: 'x'.repeat(2_000) }],
  ])('of %j are refused', async (page) => {
    await ada.refused(Tasks, page, 'VALIDATION_FAILED');
  });

  test('cursors of somebody else, and of another order, are refused', async () => {
    const bob = await world.user('Bob');
    await bob.ok(CreateTask, { input: { title: 'b' } });
    const cursor = (await bob.ok(Tasks, {})).tasks.pageInfo.endCursor;
    await ada.refused(Tasks, { after: cursor }, 'VALIDATION_FAILED');
    await bob.refused(Tasks, { after: cursor, orderBy }, 'VALIDATION_FAILED');
  });

  test('cursors with a forged key are refused', async () => {
    const { endCursor } = (await ada.ok(Tasks, {})).tasks.pageInfo;
    const [tag, , id] = Buffer.from(endCursor ?? '', 'base64url')
      .toString()
      .split('\n');
    const forged = Buffer.from([tag, 'yesterday-ish', id].join('\n')).toString('base64url');
    await ada.refused(Tasks, { after: forged }, 'VALIDATION_FAILED');
  });
});
