import { expect, test } from '@jest/globals';
import {
  AddReminder,
  Changes,
  CompleteTask,
  CreateTask,
  DeletedItems,
  DeleteTask,
  DeleteTaskTemplate,
  ReopenTask,
  RestoreDeleted,
  Task,
  Tasks,
  UpdateSubtask,
} from '../../generated/documents.js';
import { eventsOf } from '../support/actions.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();

async function make(person: Person, input: object = {}) {
  return (await person.ok(CreateTask, { input: { title: 'x', ...input } })).createTask.task;
}

const deletedTitles = async (person: Person) =>
  (await person.ok(DeletedItems, {})).deletedItems.map(({ title }) => title);

test('a deleted task is gone, and comes back whole: ids, times, order, reminders', async () => {
  const ada = await world.user();
  const made = await make(ada, {
    title: 'Write the brief',
    description: 'Two pages',
    priority: 'HIGH',
    dueDate: hours(48),
    tags: ['work'],
    estimatedMinutes: 30,
    subtasks: [{ title: 'a' }, { title: 'b', estimatedMinutes: 5 }],
    reminders: [
      { type: 'BEFORE', offsetMinutes: 60 },
      { type: 'ABSOLUTE', at: hours(1), method: 'IN_APP' },
    ],
  });
  await ada.ok(UpdateSubtask, { input: { id: made.subtasks[1]?.id ?? '', completed: true } });
  const before = (await ada.ok(Task, { id: made.id })).task;
  const { deleteTask } = await ada.ok(DeleteTask, { input: { id: made.id, version: 1 } });
  expect(deleteTask).toMatchObject({
    deletedId: made.id,
    deletedItem: { type: 'TASK', entityId: made.id, title: 'Write the brief' },
  });
  await ada.refused(Task, { id: made.id }, 'NOT_FOUND');
  await ada.refused(DeleteTask, { input: { id: made.id, version: 1 } }, 'NOT_FOUND');
  const id = deleteTask.deletedItem?.id ?? '';
  const { item } = (await ada.ok(RestoreDeleted, { input: { id } })).restoreDeleted;
  expect(item.__typename).toBe('Task');
  expect((await ada.ok(Task, { id: made.id })).task).toEqual(before);
  expect(await deletedTitles(ada)).toEqual([]);
  await ada.refused(RestoreDeleted, { input: { id } }, 'NOT_FOUND');
  const types = (await ada.ok(Changes, {})).changes.edges.map(({ node }) => node.type);
  expect(types.slice(-2)).toEqual(['task.deleted', 'task.recovered']);
});

test('a stale deletion is a conflict and deletes nothing', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  const error = await ada.refused(DeleteTask, { input: { id, version: 2 } }, 'CONFLICT');
  expect(error.extensions).toMatchObject({ currentVersion: 1 });
  expect((await ada.ok(Task, { id })).task.id).toBe(id);
});

test('the three newest deletions can be restored; the fourth takes the place of the oldest', async () => {
  const ada = await world.user();
  for (const title of ['a', 'b', 'c', 'd']) {
    const { id } = await make(ada, { title });
    await ada.ok(DeleteTask, { input: { id, version: 1 } });
  }
  expect(await deletedTitles(ada)).toEqual(['d', 'c', 'b']);
});

test('ten deletions at once leave three', async () => {
  const ada = await world.user();
  const made = await Promise.all(Array.from({ length: 10 }, (_, index) => make(ada, { title: `t${index}` })));
  await Promise.all(made.map(({ id }) => ada.ok(DeleteTask, { input: { id, version: 1 } })));
  expect(await deletedTitles(ada)).toHaveLength(3);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
});

test('over the task limit a restoration is refused, and the tombstone stays', async () => {
  const ada = await world.user();
  const { id } = await make(ada, { title: 'one too many' });
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id, version: 1 } })).deleteTask;
  await Promise.all(Array.from({ length: 50 }, () => make(ada)));
  const error = await ada.refused(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } }, 'LIMIT_REACHED');
  expect(error.extensions).toMatchObject({ limit: 50, current: 50 });
  expect(await deletedTitles(ada)).toEqual(['one too many']);
});

test('reminders whose time passed while their task was deleted are cancelled and fire no more', async () => {
  const ada = await world.user();
  const made = await make(ada, { dueDate: hours(48) });
  await ada.ok(AddReminder, { input: { taskId: made.id, type: 'ABSOLUTE', at: hours(1) } });
  await ada.ok(AddReminder, { input: { taskId: made.id, type: 'BEFORE', offsetMinutes: 10 } });
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id: made.id, version: 1 } })).deleteTask;
  world.clock.advance(2 * 3_600_000);
  const later = await world.signIn({ email: ada.session.user.email });
  await later.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const { reminders } = (await later.ok(Task, { id: made.id })).task;
  expect(reminders.map(({ state }) => state)).toEqual(['CANCELLED', 'SCHEDULED']);
  expect(await eventsOf(world, ada.id, 'reminder.cancelled')).toMatchObject([{ metadata: { reason: 'TOO_LATE' } }]);
});

test('a recurring task comes back with its template, or without it when that is gone', async () => {
  const ada = await world.user();
  const made = await make(ada, { recurrence: { rule: 'FREQ=DAILY' } });
  const deletion = await ada.ok(DeleteTask, { input: { id: made.id, version: 1 } });
  await ada.ok(RestoreDeleted, { input: { id: deletion.deleteTask.deletedItem?.id ?? '' } });
  expect((await ada.ok(Task, { id: made.id })).task.template).toEqual(made.template);
  const again = await ada.ok(DeleteTask, { input: { id: made.id, version: 1 } });
  await ada.ok(DeleteTaskTemplate, { input: { id: made.template?.id ?? '' } });
  await ada.ok(RestoreDeleted, { input: { id: again.deleteTask.deletedItem?.id ?? '' } });
  expect((await ada.ok(Task, { id: made.id })).task.template).toBeNull();
});

test('a completed task comes back completed, and can be opened again', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  const completed = (await ada.ok(CompleteTask, { input: { id, version: 1 } })).completeTask.task;
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id, version: 2 } })).deleteTask;
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  expect((await ada.ok(Task, { id })).task).toMatchObject({ completed: true, completedAt: completed.completedAt });
  const { task } = (await ada.ok(ReopenTask, { input: { id, version: 2 } })).reopenTask;
  expect(task).toMatchObject({ completed: false, completedAt: null, completedBy: null, version: 3 });
  await ada.refused(ReopenTask, { input: { id, version: 3 } }, 'CONFLICT');
  await ada.refused(ReopenTask, { input: { id, version: 2 } }, 'CONFLICT');
});
