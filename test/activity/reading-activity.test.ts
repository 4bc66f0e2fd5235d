import { beforeEach, expect, test } from '@jest/globals';
import {
  Activity,
  type ActivityFilter,
  type ActivityQuery,
  AddSubtask,
  CompleteTask,
  CreateTask,
} from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true, worker: false });
let ada: Person;
let taskId: string;
let noon: Date;

beforeEach(async () => {
  ada = await world.user();
  taskId = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask.task.id;
  world.clock.advance(dayMs);
  noon = world.clock.now();
  await ada.ok(AddSubtask, { input: { taskId, title: 'a' } });
  await ada.ok(CompleteTask, { input: { id: taskId, version: 1, force: true } });
});

const typesOf = async (filter: ActivityFilter | null) =>
  nodesOf((await ada.ok(Activity, { filter })).activity)
    .map(({ type }) => type)
    .filter((type) => /^(task|sub)/.test(type));

test('what happened is read newest first, with who did it and what it was about', async () => {
  const { activity } = await ada.ok(Activity, { filter: { entityType: 'task' } });
  expect(nodesOf(activity)).toMatchObject([
    { type: 'task.force_completed', source: 'USER', entityType: 'task', entityId: taskId },
    { type: 'task.created', metadata: { subtasks: 0 } },
  ]);
  expect(activity.totalCount).toBe(2);
});

test.each<[string, () => ActivityFilter, string[]]>([
  ['types', () => ({ types: ['task.created', 'subtask.created'] }), ['subtask.created', 'task.created']],
  ['a kind of thing', () => ({ entityType: 'subtask' }), ['subtask.completed', 'subtask.created']],
  ['one thing', () => ({ entityId: taskId }), ['task.force_completed', 'task.created']],
  ['a source', () => ({ source: 'AI' }), []],
  ['a moment on', () => ({ from: noon.toISOString(), entityType: 'task' }), ['task.force_completed']],
  ['the time before', () => ({ before: noon.toISOString(), entityType: 'task' }), ['task.created']],
])('filtered by %s', async (_, filter, expected) => expect(await typesOf(filter())).toEqual(expected));

test('pages follow each other, and foreign cursors are refused', async () => {
  const first = (await ada.ok(Activity, { first: 2 })).activity;
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = (await ada.ok(Activity, { first: 50, after: first.pageInfo.endCursor })).activity;
  expect(new Set([...nodesOf(first), ...nodesOf(second)].map(({ id }) => id)).size).toBe(first.totalCount);
  const bob = await world.user('Bob');
  await bob.refused(Activity, { after: first.pageInfo.endCursor }, 'VALIDATION_FAILED');
  await ada.refused(Activity, { filter: { entityId: 'nonsense' } }, 'VALIDATION_FAILED');
});

test("nobody reads anybody else's", async () => {
  const bob = await world.user('Bob');
  const nodes = nodesOf((await bob.ok(Activity, { filter: { entityId: taskId } })).activity);
  expect(nodes).toEqual([]);
});

test('a page looks through 10,000 entries, and the list goes on where it stopped', async () => {
  const eve = await world.user('Eve');
  const [before] = await world.sql<{ head: string }>('select head from accounts.account where id = $1', [eve.id]);
  const head = Number(before?.head);
  // Two that are looked for, among 25,000.
  await world.sql(
    `with made as (
       insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
       select $1, $2 + n, $3, case when n in (1, 19000) then 'note.created' else 'task.updated' end, 'USER', 'task', $1, '{}', 'x'
       from generate_series(1, 25000) as n
     )
     update accounts.account set head = head + 25000 where id = $1`,
    [eve.id, head, world.clock.now()],
  );
  const found: string[][] = [];
  let after: string | null = null;
  for (let more = true; more; ) {
    const { activity }: ActivityQuery = await eve.ok(Activity, {
      filter: { types: ['note.created'] },
      first: 2,
      after,
    });
    expect(activity.totalCount).toBe(1);
    found.push(nodesOf(activity).map(({ id }) => id));
    ({ hasNextPage: more, endCursor: after } = activity.pageInfo);
  }
  expect(found).toEqual([[String(head + 19_000)], [], [String(head + 1)]]);
  const all = (await eve.ok(Activity, { first: 1 })).activity;
  expect(all.totalCount).toBe(head + 25_000);
  const none = (await eve.ok(Activity, { filter: { before: '2020-01-01T00:00:00Z' } })).activity;
  expect(none).toMatchObject({ totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } });
});

test('after 30 days it is gone, and its partitions with it', async () => {
  const eve = await world.user('Eve');
  const count = async () => (await eve.ok(Activity, { filter: { entityType: 'task' } })).activity.totalCount;
  await eve.ok(CreateTask, { input: { title: 'x' } });
  await world.runJobs('activity.keep-event-partitions');
  expect(await count()).toBe(1);
  world.clock.advance(31 * dayMs);
  expect(await count()).toBe(0);
  const before = await partitionNames();
  await Promise.all([1, 2].map(() => world.runJobs('activity.keep-event-partitions')));
  const after = await partitionNames();
  expect(before.length).toBeGreaterThan(0);
  expect(after.every((name) => name >= oldestKept())).toBe(true);
  expect(await world.sql('select 1 from activity.event')).toEqual([]);
  await eve.ok(CreateTask, { input: { title: 'y' } });
  expect(await count()).toBe(1);
});

async function partitionNames(): Promise<string[]> {
  const rows = await world.sql<{ name: string }>(
    "select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'activity.event'::regclass and c.relname <> 'event_default' order by 1",
  );
  return rows.map(({ name }) => name);
}

function oldestKept(): string {
  const day = new Date(world.clock.now().getTime() - 30 * dayMs).toISOString().slice(0, 10);
  return `event_${day.replaceAll('-', '')}`;
}
