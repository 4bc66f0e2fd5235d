import { expect, test } from '@jest/globals';
import {
  Activity,
  AddSubtask,
  CompleteTask,
  CreateTask,
  RemoveSubtask,
  ReorderSubtasks,
  Task,
  UpdateSubtask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

async function make(person: Person, titles: readonly string[]) {
  const input = { title: 'x', subtasks: titles.map((title) => ({ title })) };
  return (await person.ok(CreateTask, { input })).createTask.task;
}

const orderOf = async (person: Person, id: string) =>
  (await person.ok(Task, { id })).task.subtasks.map(({ title, order }) => `${order} ${title}`);

test('a removed subtask leaves no gap, and the second removal finds nothing', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b', 'c', 'd']);
  const id = task.subtasks[1]?.id ?? '';
  const removed = (await ada.ok(RemoveSubtask, { input: { id } })).removeSubtask;
  expect(removed.subtask).toBeNull();
  expect(removed.task.subtasks.map(({ title, order }) => `${order} ${title}`)).toEqual(['0 a', '1 c', '2 d']);
  await ada.refused(RemoveSubtask, { input: { id } }, 'NOT_FOUND');
});

test('whoever follows the log hears that those behind a removed one have moved up', async () => {
  const ada = await world.user();
  const [a, b, c] = (await make(ada, ['a', 'b', 'c'])).subtasks.map(({ id }) => id);
  for (const id of [c, a, b]) await ada.ok(RemoveSubtask, { input: { id: id ?? '' } });
  const { activity } = await ada.ok(Activity, { first: 4 });
  const types = nodesOf(activity).map(({ type }) => type);
  expect(types.reverse()).toEqual(['subtask.removed', 'subtask.removed', 'task.subtasks_reordered', 'subtask.removed']);
});

test('subtasks are put into another order', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b', 'c', 'd']);
  const [a, b, c, d] = task.subtasks.map(({ id }) => id);
  const subtaskIds = [d, b, a, c].map((id) => id ?? '');
  const { reorderSubtasks } = await ada.ok(ReorderSubtasks, { input: { taskId: task.id, subtaskIds } });
  expect(reorderSubtasks.task.subtasks.map(({ title }) => title)).toEqual(['d', 'b', 'a', 'c']);
});

test('an order must name each subtask of the task once', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b']);
  const other = await make(ada, ['z']);
  const [a = '', b = ''] = task.subtasks.map(({ id }) => id);
  const foreign = other.subtasks[0]?.id ?? '';
  const rulesOf = async (subtaskIds: string[]) =>
    (await ada.refused(ReorderSubtasks, { input: { taskId: task.id, subtaskIds } }, 'VALIDATION_FAILED')).extensions?.[
      'fields'
    ];
  expect(await rulesOf([a])).toEqual([{ field: 'subtaskIds', rule: `must also name ${b}` }]);
  expect(await rulesOf([a, b, a])).toEqual([{ field: 'subtaskIds.2', rule: 'is named twice' }]);
  expect(await rulesOf([a, b, foreign])).toEqual([{ field: 'subtaskIds.2', rule: 'is no subtask of this task' }]);
  expect(await rulesOf(['nonsense', b])).toEqual([{ field: 'subtaskIds.0', rule: 'must be a UUID' }]);
  expect(await orderOf(ada, task.id)).toEqual(['0 a', '1 b']);
});

test('the subtasks of a completed task stay', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b']);
  const [a = '', b = ''] = task.subtasks.map(({ id }) => id);
  await ada.ok(CompleteTask, { input: { id: task.id, version: 1, force: true } });
  await ada.refused(RemoveSubtask, { input: { id: a } }, 'CONFLICT');
  await ada.refused(ReorderSubtasks, { input: { taskId: task.id, subtaskIds: [b, a] } }, 'CONFLICT');
});

test('the order stays gapless under adds, removals, reorderings and completions at once', async () => {
  const ada = await world.user();
  await world.sql("update accounts.account set plan = 'PRO' where id = $1", [ada.id]);
  const task = await make(ada, ['a', 'b', 'c', 'd', 'e']);
  const ids = task.subtasks.map(({ id }) => id);
  const add = (title: string) => ada.send(AddSubtask, { input: { taskId: task.id, title } });
  await Promise.all([
    ...['f', 'g', 'h', 'i'].map(add),
    ...ids.slice(0, 3).map((id) => ada.send(RemoveSubtask, { input: { id } })),
    ...[0, 1, 2].map(() => ada.send(ReorderSubtasks, { input: { taskId: task.id, subtaskIds: ids.toReversed() } })),
    ada.send(UpdateSubtask, { input: { id: ids[4] ?? '', completed: true } }),
  ]);
  const rows = await world.sql<{ position: number }>(
    'select position from tasks.subtask where task_id = $1 order by position',
    [task.id],
  );
  expect(rows.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('the database itself refuses a gap', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b', 'c']);
  const gap = world.sql('delete from tasks.subtask where id = $1', [task.subtasks[0]?.id]);
  await expect(gap).rejects.toThrow('gap');
  const moved = world.sql('update tasks.subtask set position = 7 where id = $1', [task.subtasks[2]?.id]);
  await expect(moved).rejects.toThrow('gap');
  await world.sql('delete from tasks.task where id = $1', [task.id]);
});
