import { expect, test } from '@jest/globals';
import {
  AddSubtask,
  Changes,
  CompleteTask,
  CreateTask,
  Task,
  UpdateSubtask,
  UpdateTask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness();

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
  expect(error.extensions).toMatchObject({ openSubtasks: 2, currentVersion: 1 });
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
  await ada.ok(UpdateSubtask, { input: { id: first, title: 'A', completed: true } });
  const reopened = (await ada.ok(UpdateSubtask, { input: { id: first, completed: false } })).updateSubtask;
  expect(reopened.subtask).toMatchObject({ title: 'A', completed: false, completedAt: null });
  await ada.ok(CompleteTask, { input: { id, version: 1, force: true } });
  await ada.refused(AddSubtask, { input: { taskId: id, title: 'late' } }, 'CONFLICT');
  await ada.refused(UpdateSubtask, { input: { id: first, completed: false } }, 'CONFLICT');
});
