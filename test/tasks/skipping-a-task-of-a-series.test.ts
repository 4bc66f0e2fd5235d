import { describe, expect, test } from '@jest/globals';
import {
  CompleteTask,
  DeletedItems,
  DeleteTask,
  Notifications,
  ReopenTask,
  RestoreDeleted,
  Task,
  Tasks,
  TaskTemplate,
  UpdateSubtask,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { complete, goTo, make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });

interface Versioned {
  readonly id: string;
  readonly version: number;
}

const remove = async (person: Person, { id, version }: Versioned, endSeries = false) =>
  (await person.ok(DeleteTask, { input: { id, version, endSeries } })).deleteTask;
const restore = async (person: Person, { deletedItem }: Awaited<ReturnType<typeof remove>>) => {
  const { item } = (await person.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } })).restoreDeleted;
  if (item.__typename !== 'Task') throw new Error('It was no task.');
  return item;
};
const openOf = async (person: Person, templateId = '') =>
  nodesOf((await person.ok(Tasks, { filter: { templateId, completed: false } })).tasks);
const isActive = async (person: Person, id = '') => (await person.ok(TaskTemplate, { id })).taskTemplate.active;
/** All tasks that a free account may have. */
const fill = (person: Person, count: number) =>
  Promise.all(Array.from({ length: count }, () => make(person, { recurrence: null })));

describe('deleting a task of a series', () => {
  test('skips it: the next one comes, whole, as by completion', async () => {
    goTo(world, '2028-01-03T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, {
      dueDate: '2028-01-03T09:00:00Z',
      subtasks: [{ title: 'Fill the can' }, { title: 'Pour', estimatedMinutes: 5 }],
      reminders: [{ type: 'BEFORE', offsetMinutes: 30, method: 'IN_APP' }],
    });
    const { deletedItem, nextInstance, nextInstanceWaiting } = await remove(ada, task);
    expect(deletedItem).toMatchObject({ entityId: task.id });
    expect(nextInstanceWaiting).toBeNull();
    expect(nextInstance).toMatchObject({
      dueDate: '2028-01-04T09:00:00.000Z',
      template: { id: task.template?.id, active: true },
      subtasks: [
        { title: 'Fill the can', completed: false },
        { title: 'Pour', estimatedMinutes: 5, completed: false },
      ],
      reminders: [{ type: 'BEFORE', offsetMinutes: 30, method: 'IN_APP', state: 'SCHEDULED' }],
    });
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
  });

  test('after its time skips all that were missed', async () => {
    goTo(world, '2028-01-05T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2028-01-05T09:00:00Z' });
    goTo(world, '2028-01-10T12:00:00Z');
    expect((await remove(ada, task)).nextInstance?.dueDate).toBe('2028-01-11T09:00:00.000Z');
  });

  test('happens once: a stale deletion, and a second one, change nothing', async () => {
    const ada = await world.user();
    const task = await make(ada);
    await ada.refused(DeleteTask, { input: { id: task.id, version: 9 } }, 'CONFLICT');
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
    const input = { id: task.id, version: 1 };
    const answers = await Promise.all([1, 2, 3].map(() => ada.send(DeleteTask, { input })));
    expect(answers.filter(({ body }) => body.errors === undefined)).toHaveLength(1);
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
    const keyed = await openOf(ada, task.template?.id);
    const again = { input: { id: keyed[0]?.id ?? '', version: 1 } };
    const key = { 'idempotency-key': 'skip' };
    expect(await ada.ok(DeleteTask, again, key)).toEqual(await ada.ok(DeleteTask, again, key));
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
  });

  test('at the moment of its completion leaves one next one', async () => {
    const ada = await world.user();
    const task = await make(ada);
    const input = { id: task.id, version: 1 };
    await Promise.all([ada.send(DeleteTask, { input }), ada.send(CompleteTask, { input })]);
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
  });

  test('is restored beside the next one, and makes no second next one', async () => {
    const ada = await world.user();
    const first = await make(ada, { subtasks: [{ title: 'a' }] });
    const deletion = await remove(ada, first);
    const second = deletion.nextInstance;
    const restored = await restore(ada, deletion);
    expect(restored).toMatchObject({ id: first.id, template: { id: first.template?.id } });
    // Skipped once more, or completed: the next one is there already.
    const again = await remove(ada, restored);
    expect(again.nextInstance?.id).toBe(second?.id);
    const once = await restore(ada, again);
    expect((await complete(ada, once)).nextInstance?.id).toBe(second?.id);
    expect((await openOf(ada, first.template?.id)).map(({ id }) => id)).toEqual([second?.id]);
    expect((await remove(ada, { id: first.id, version: once.version + 1 })).nextInstance).toBeNull();
    expect(await openOf(ada, first.template?.id)).toHaveLength(1);
  });

  test('the newest one, while an older one was opened again, still brings the next', async () => {
    goTo(world, '2028-01-12T08:00:00Z');
    const ada = await world.user();
    const first = await make(ada, { dueDate: '2028-01-12T09:00:00Z' });
    const { nextInstance: second } = await complete(ada, first);
    const opened = (await ada.ok(ReopenTask, { input: { id: first.id, version: 2 } })).reopenTask.task;
    const { nextInstance: third } = await remove(ada, second ?? first);
    expect(third?.dueDate).toBe('2028-01-14T09:00:00.000Z');
    expect((await remove(ada, opened)).nextInstance?.id).toBe(third?.id);
    expect(await openOf(ada, first.template?.id)).toHaveLength(1);
  });

  test('that is completed brings none: its next one is there', async () => {
    const ada = await world.user();
    const task = await make(ada);
    const { nextInstance } = await complete(ada, task);
    expect(await remove(ada, { id: task.id, version: 2 })).toMatchObject({ nextInstance: null });
    expect((await openOf(ada, task.template?.id)).map(({ id }) => id)).toEqual([nextInstance?.id]);
  });

  test.each(['FREQ=DAILY;COUNT=2', 'FREQ=DAILY;UNTIL=20280121'])('%s ends it when it was the last', async (rule) => {
    goTo(world, '2028-01-20T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule, timeZone: 'UTC' };
    const first = await make(ada, { recurrence, dueDate: '2028-01-20T09:00:00Z' });
    const { nextInstance: second } = await remove(ada, first);
    expect(second?.dueDate).toBe('2028-01-21T09:00:00.000Z');
    const last = await remove(ada, second ?? first);
    expect(last).toMatchObject({ nextInstance: null, nextInstanceWaiting: null });
    await restore(ada, last);
    expect(await openOf(ada, first.template?.id)).toHaveLength(1);
  });

  test('that is paused, or whose recurrence was edited, goes by what is so now', async () => {
    goTo(world, '2028-01-24T08:00:00Z');
    const ada = await world.user();
    const paused = await make(ada, { dueDate: '2028-01-24T09:00:00Z' });
    await ada.ok(UpdateTaskTemplate, { input: { id: paused.template?.id ?? '', active: false } });
    expect((await remove(ada, paused)).nextInstance).toBeNull();
    const id = paused.template?.id ?? '';
    const resumed = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
    expect(resumed.instance?.dueDate).toBe('2028-01-25T09:00:00.000Z');
    const edited = await make(ada, { dueDate: '2028-01-24T09:00:00Z' });
    const weekly = { rule: 'FREQ=WEEKLY;BYDAY=FR', timeZone: 'UTC' };
    const edit = { id: edited.id, version: 1, recurrence: weekly, recurrenceScope: 'TEMPLATE_ONLY' as const };
    const { task } = (await ada.ok(UpdateTask, { input: edit })).updateTask;
    expect((await remove(ada, task)).nextInstance?.dueDate).toBe('2028-01-28T09:00:00.000Z');
  });

  test('of a one-off, and with a template that is gone, is a deletion', async () => {
    const ada = await world.user();
    const task = await make(ada, { recurrence: null });
    expect(await remove(ada, task, true)).toMatchObject({ nextInstance: null, nextInstanceWaiting: null });
    expect((await ada.ok(DeletedItems, {})).deletedItems).toHaveLength(1);
  });
});

describe('endSeries', () => {
  test('ends the series: the template is inactive, and nothing comes, until it is told to go on', async () => {
    goTo(world, '2028-02-01T08:00:00Z');
    const ada = await world.user();
    const subtasks = [{ title: 'a' }];
    const task = await make(ada, { dueDate: '2028-02-01T09:00:00Z', subtasks });
    const id = task.template?.id ?? '';
    const deletion = await remove(ada, task, true);
    expect(deletion).toMatchObject({ nextInstance: null, nextInstanceWaiting: null });
    expect(await isActive(ada, id)).toBe(false);
    await world.runJobs('tasks.retry-instances');
    expect(await openOf(ada, id)).toEqual([]);
    const restored = await restore(ada, deletion);
    expect((await complete(ada, restored)).nextInstance).toBeNull();
    const { instance } = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
    expect(instance).toMatchObject({ dueDate: '2028-02-02T09:00:00.000Z', subtasks: [{ title: 'a' }] });
  });

  test('leaves others that are open, and can be asked of a completed one', async () => {
    const ada = await world.user();
    const first = await make(ada);
    await complete(ada, first);
    await remove(ada, { id: first.id, version: 2 }, true);
    expect(await isActive(ada, first.template?.id)).toBe(false);
    const [open] = await openOf(ada, first.template?.id);
    expect((await complete(ada, open ?? first)).nextInstance).toBeNull();
  });
});

describe('at the task limit', () => {
  const limit = 'The next one is waiting until there is room: This account may have 50 tasks.';

  test('a completion says in its payload and its notification that the next one is waiting, and why', async () => {
    const ada = await world.user();
    const task = await make(ada);
    await fill(ada, 49);
    const { nextInstance, nextInstanceWaiting } = await complete(ada, task);
    expect([nextInstance, nextInstanceWaiting]).toEqual([null, limit]);
    const [told] = (await ada.ok(Notifications, {})).notifications.edges;
    expect(told?.node).toMatchObject({ type: 'TASK_COMPLETED', body: `Completed. ${limit}` });
    // Completed once more, it says so once more.
    await ada.ok(ReopenTask, { input: { id: task.id, version: 2 } });
    expect((await complete(ada, { id: task.id, version: 3 })).nextInstanceWaiting).toBe(limit);
    const [again] = (await ada.ok(Notifications, {})).notifications.edges;
    expect(again?.node.body).toBe(`Completed. ${limit}`);
  });

  test('so does the completion with the last subtask, and a template that is to go on', async () => {
    const ada = await world.user();
    const task = await make(ada, { subtasks: [{ title: 'a' }] });
    await fill(ada, 49);
    const tick = { input: { id: task.subtasks[0]?.id ?? '', completed: true } };
    expect((await ada.ok(UpdateSubtask, tick)).updateSubtask).toMatchObject({
      task: { completed: true },
      nextInstance: null,
      nextInstanceWaiting: limit,
    });
    const go = { input: { id: task.template?.id ?? '', active: true } };
    expect((await ada.ok(UpdateTaskTemplate, go)).updateTaskTemplate).toMatchObject({
      instance: null,
      nextInstanceWaiting: limit,
    });
  });

  test('a deletion makes room for the next one', async () => {
    const ada = await world.user();
    const task = await make(ada);
    await fill(ada, 49);
    expect((await remove(ada, task)).nextInstance?.id).toBeDefined();
    expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(50);
  });

  test('an achievement that raises the limit makes room for the next one', async () => {
    const ada = await world.user();
    const task = await make(ada);
    const others = await fill(ada, 49);
    expect((await complete(ada, task)).nextInstanceWaiting).toBe(limit);
    // Each try that finds no room puts off the next one.
    for (const minutes of [1, 2, 4]) {
      world.clock.advance(minutes * 60_000);
      await world.runJobs('tasks.retry-instances');
    }
    expect(await openOf(ada, task.template?.id)).toEqual([]);
    for (const other of others.slice(0, 4)) await complete(ada, other);
    await world.runJobs('tasks.retry-instances');
    expect(await openOf(ada, task.template?.id)).toHaveLength(1);
  });

  test('over the limit a deletion says that the next one is waiting, which comes, also beside an older one', async () => {
    const ada = await world.user();
    const first = await make(ada);
    const { nextInstance: second } = await complete(ada, first);
    await ada.ok(ReopenTask, { input: { id: first.id, version: 2 } });
    const others = await fill(ada, 48);
    await world.sql(
      `insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
       select gen_random_uuid(), $1, 'x', '', 'LOW', '{}', now(), now() from generate_series(1, 2)`,
      [ada.id],
    );
    expect(await remove(ada, second ?? first)).toMatchObject({ nextInstance: null, nextInstanceWaiting: limit });
    await world.runJobs('tasks.retry-instances');
    expect(await openOf(ada, first.template?.id)).toHaveLength(1);
    for (const other of others.slice(0, 2)) await remove(ada, other);
    await world.runJobs('tasks.retry-instances');
    expect(await openOf(ada, first.template?.id)).toHaveLength(2);
    await world.runJobs('tasks.retry-instances');
    expect(await openOf(ada, first.template?.id)).toHaveLength(2);
  });
});

test('a series is 366 tasks ahead of time at most, and goes on as that passes', async () => {
  const ada = await world.user();
  const dayMs = 86_400_000;
  const begins = Math.ceil(world.clock.now().getTime() / dayMs) * dayMs + dayMs / 2;
  const at = (day: number) => new Date(begins + day * dayMs).toISOString();
  const task = await make(ada, { dueDate: at(0) });
  const id = task.template?.id ?? '';
  await world.sql(
    `insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id)
     select $4, $1, 1, to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), due, gen_random_uuid()
     from generate_series($2::timestamptz, $3::timestamptz, '1 day') as due`,
    [id, at(1), at(365), ada.id],
  );
  const { nextInstance, nextInstanceWaiting } = await complete(ada, task);
  expect(nextInstance).toBeNull();
  expect(nextInstanceWaiting).toContain('waiting until there is room: A series may be 366 tasks ahead of time.');
  await world.runJobs('tasks.retry-instances');
  expect(await openOf(ada, id)).toHaveLength(0);
  world.clock.advance(Date.parse(at(0)) + 1 - world.clock.now().getTime());
  await world.runJobs('tasks.retry-instances');
  expect(await openOf(ada, id)).toMatchObject([{ dueDate: at(366) }]);
});

test('the next one has what belongs to the series, whichever rows are gone', async () => {
  goTo(world, '2028-03-01T08:00:00Z');
  const ada = await world.user();
  const first = await make(ada, { dueDate: '2028-03-01T09:00:00Z', subtasks: [{ title: 'a' }, { title: 'b' }] });
  const id = first.template?.id ?? '';
  const { nextInstance: second } = await complete(ada, first);
  await remove(ada, { id: first.id, version: 2 });
  await ada.ok(UpdateTaskTemplate, { input: { id, active: false } });
  await remove(ada, second ?? first);
  expect((await ada.ok(TaskTemplate, { id })).taskTemplate).toMatchObject({
    instances: { totalCount: 0 },
    subtasks: [
      { title: 'a', order: 0 },
      { title: 'b', order: 1 },
    ],
  });
  const { instance } = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
  expect((await ada.ok(Task, { id: instance?.id ?? '' })).task.subtasks).toMatchObject([
    { title: 'a' },
    { title: 'b' },
  ]);
});
