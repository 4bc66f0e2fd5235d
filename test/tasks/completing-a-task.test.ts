import { expect, test } from '@jest/globals';
import {
  Activity,
  AddReminder,
  AddSubtask,
  Changes,
  CompleteTask,
  CreateTask,
  DeleteTask,
  ReopenTask,
  RestoreDeleted,
  Task,
  Tasks,
  UpdateSubtask,
  UpdateTask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

async function make(person: Person, subtasks: readonly string[]) {
  const input = { title: 'x', subtasks: subtasks.map((title) => ({ title })) };
  return (await person.ok(CreateTask, { input })).createTask.task;
}

async function eventTypes(person: Person): Promise<string[]> {
  const types = (await person.ok(Changes, {})).changes.edges.map(({ node }) => node.type);
  return types.filter((type) => /^(user|task|subtask)\./.test(type));
}

test('completing a task without subtasks', async () => {
  const ada = await world.user();
  const { id } = await make(ada, []);
  const { task } = (await ada.ok(CompleteTask, { input: { id, version: 1 } })).completeTask;
  expect(task).toMatchObject({ completed: true, completedBy: 'MANUAL', completedAt: expect.any(String), version: 2 });
  expect(await eventTypes(ada)).toEqual(['user.created', 'task.created', 'task.completed']);
});

test('completing a task twice counts once', async () => {
  const ada = await world.user();
  const { id } = await make(ada, []);
  await ada.ok(CompleteTask, { input: { id, version: 1 } });
  await ada.refused(CompleteTask, { input: { id, version: 1 } }, 'CONFLICT');
  await ada.refused(CompleteTask, { input: { id, version: 2 } }, 'CONFLICT');
  expect((await eventTypes(ada)).filter((type) => type === 'task.completed')).toHaveLength(1);
});

test('open subtasks are counted in the refusal, and force closes them', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b', 'c']);
  await ada.ok(UpdateSubtask, { input: { id: task.subtasks[1]?.id ?? '', completed: true } });
  const error = await ada.refused(CompleteTask, { input: { id: task.id, version: 1 } }, 'CONFLICT');
  expect(error).toMatchObject({
    message: '2 subtasks are open.',
    extensions: { openSubtasks: 2, currentVersion: 1 },
  });
  const forced = (await ada.ok(CompleteTask, { input: { id: task.id, version: 1, force: true } })).completeTask.task;
  expect(forced).toMatchObject({ completed: true, completedBy: 'FORCE' });
  expect(forced.subtasks.every(({ completed }) => completed)).toBe(true);
  expect((await eventTypes(ada)).slice(2)).toEqual([
    'subtask.completed',
    'subtask.completed',
    'subtask.completed',
    'task.force_completed',
  ]);
});

test('one open subtask is told as one', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a']);
  const error = await ada.refused(CompleteTask, { input: { id: task.id, version: 1 } }, 'CONFLICT');
  expect(error.message).toBe('1 subtask is open.');
});

test('the last open subtask completes the task, once, whichever request is last', async () => {
  const ada = await world.user();
  const task = await make(ada, ['a', 'b', 'c', 'd']);
  await Promise.all(task.subtasks.map(({ id }) => ada.ok(UpdateSubtask, { input: { id, completed: true } })));
  expect((await ada.ok(Task, { id: task.id })).task).toMatchObject({
    completed: true,
    completedBy: 'AUTO',
    version: 2,
  });
  expect((await eventTypes(ada)).filter((type) => type === 'task.auto_completed')).toHaveLength(1);
});

test('an archived task cannot be completed', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a']);
  await ada.ok(UpdateTask, { input: { id, version: 1, archived: true } });
  await ada.refused(CompleteTask, { input: { id, version: 2, force: true } }, 'CONFLICT');
  await ada.refused(UpdateSubtask, { input: { id: subtasks[0]?.id ?? '', completed: true } }, 'CONFLICT');
  expect((await ada.ok(Task, { id })).task.subtasks[0]?.completed).toBe(false);
});

test('a subtask is added at the end, changed, opened again, and not added to a completed task', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a']);
  const added = (await ada.ok(AddSubtask, { input: { taskId: id, title: 'b', estimatedMinutes: 10 } })).addSubtask;
  expect(added.subtask).toMatchObject({ title: 'b', order: 1, estimatedMinutes: 10, completed: false });
  const first = subtasks[0]?.id ?? '';
  await ada.ok(UpdateSubtask, { input: { id: first, title: 'A', estimatedMinutes: 5, completed: true } });
  const reopened = (await ada.ok(UpdateSubtask, { input: { id: first, completed: false } })).updateSubtask;
  expect(reopened.subtask).toMatchObject({ title: 'A', estimatedMinutes: 5, completed: false, completedAt: null });
  await ada.ok(CompleteTask, { input: { id, version: 1, force: true } });
  await ada.refused(AddSubtask, { input: { taskId: id, title: 'late' } }, 'CONFLICT');
  await ada.refused(UpdateSubtask, { input: { id: first, completed: false } }, 'CONFLICT');
});

test('reopening opens the subtasks again that the force closed, and leaves those done that the user did', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a', 'b', 'c']);
  await ada.ok(UpdateSubtask, { input: { id: subtasks[1]?.id ?? '', completed: true } });
  await ada.ok(CompleteTask, { input: { id, version: 1, force: true } });
  const reopened = (await ada.ok(ReopenTask, { input: { id, version: 2 } })).reopenTask.task;
  expect(reopened).toMatchObject({ completed: false, completedBy: null, version: 3 });
  expect(reopened.subtasks.map(({ completed }) => completed)).toEqual([false, true, false]);
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.slice(-3).map(({ node }) => [node.type, node.entityId, node.source])).toEqual([
    ['task.reopened', id, 'USER'],
    ['subtask.updated', subtasks[0]?.id, 'SYSTEM'],
    ['subtask.updated', subtasks[2]?.id, 'SYSTEM'],
  ]);
});

test('what the user completes after a reopening stays done at the next one', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a', 'b']);
  await ada.ok(CompleteTask, { input: { id, version: 1, force: true } });
  await ada.ok(ReopenTask, { input: { id, version: 2 } });
  await ada.ok(UpdateSubtask, { input: { id: subtasks[0]?.id ?? '', completed: true } });
  await ada.ok(CompleteTask, { input: { id, version: 3, force: true } });
  const { task } = (await ada.ok(ReopenTask, { input: { id, version: 4 } })).reopenTask;
  expect(task.subtasks.map(({ completed }) => completed)).toEqual([true, false]);
});

test('a forced completion that was deleted and restored still knows what it closed', async () => {
  const ada = await world.user();
  const { id } = await make(ada, ['a']);
  await ada.ok(CompleteTask, { input: { id, version: 1, force: true } });
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id, version: 2 } })).deleteTask;
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const { task } = (await ada.ok(ReopenTask, { input: { id, version: 2 } })).reopenTask;
  expect(task.subtasks[0]?.completed).toBe(false);
});

test('opening a subtask of a task that its last subtask completed reopens the task, and says why', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a', 'b']);
  for (const subtask of subtasks) await ada.ok(UpdateSubtask, { input: { id: subtask.id, completed: true } });
  const first = subtasks[0]?.id ?? '';
  const { subtask, task } = (await ada.ok(UpdateSubtask, { input: { id: first, completed: false } })).updateSubtask;
  expect(subtask?.completed).toBe(false);
  expect(task).toMatchObject({ completed: false, completedBy: null, version: 3 });
  const { task: stored } = await ada.ok(Task, { id });
  expect(stored.completedAt).toBeNull();
  expect(stored.subtasks.map(({ completed }) => completed)).toEqual([false, true]);
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.slice(-2).map(({ node }) => [node.type, node.entityId, node.source])).toEqual([
    ['subtask.updated', first, 'USER'],
    ['task.reopened', id, 'SYSTEM'],
  ]);
  const nodes = nodesOf((await ada.ok(Activity, { first: 1 })).activity);
  expect(nodes[0]?.metadata).toEqual({ reason: 'SUBTASK_REOPENED' });
  const again = (await ada.ok(UpdateSubtask, { input: { id: first, completed: true } })).updateSubtask;
  expect(again.task).toMatchObject({ completed: true, completedBy: 'AUTO', version: 4 });
});

test('opening the subtask of a recurring task that was completed so leaves its successor, which comes once', async () => {
  const ada = await world.user();
  const input = { title: 'x', recurrence: { rule: 'FREQ=DAILY' }, subtasks: [{ title: 'a' }] };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const first = task.subtasks[0]?.id ?? '';
  for (const completed of [true, false, true]) await ada.ok(UpdateSubtask, { input: { id: first, completed } });
  const nodes = nodesOf((await ada.ok(Tasks, { filter: { completed: false } })).tasks);
  expect(nodes).toHaveLength(1);
});

test('a reminder to come waits again once a subtask is opened', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, ['a']);
  const at = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
  await ada.ok(AddReminder, { input: { taskId: id, type: 'ABSOLUTE', method: 'IN_APP', at } });
  const first = subtasks[0]?.id ?? '';
  for (const completed of [true, false]) await ada.ok(UpdateSubtask, { input: { id: first, completed } });
  expect((await ada.ok(Task, { id })).task.reminders[0]?.state).toBe('SCHEDULED');
});
