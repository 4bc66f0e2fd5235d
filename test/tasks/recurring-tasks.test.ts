import { describe, expect, test } from '@jest/globals';
import {
  AddSubtask,
  Changes,
  CreateTask,
  CreateTaskTemplate,
  DeletedItems,
  DeleteTask,
  DeleteTaskTemplate,
  ReopenTask,
  StartFocus,
  Task,
  Tasks,
  TaskTemplate,
  TaskTemplates,
  UpdateProfile,
  UpdateSubtask,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import type { RecurrenceInput } from '../../generated/graphql.js';
import { dayMs } from '../../src/kernel/days.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import { complete, goTo, make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });

test('a task with a recurrence makes a template and its first instance', async () => {
  goTo(world, '2027-01-04T07:30:20Z');
  const ada = await world.user();
  const task = await make(ada, {
    description: 'All of them',
    priority: 'HIGH',
    tags: ['home'],
    estimatedMinutes: 10,
    dueDate: '2027-01-04T09:00:00Z',
  });
  expect(task).toMatchObject({ dueDate: '2027-01-04T09:00:00.000Z', template: { active: true, rule: 'FREQ=DAILY' } });
  const { taskTemplate } = await ada.ok(TaskTemplate, { id: task.template?.id ?? '' });
  expect(taskTemplate).toMatchObject({
    title: 'Water the plants',
    description: 'All of them',
    priority: 'HIGH',
    tags: ['home'],
    estimatedMinutes: 10,
    timeZone: 'UTC',
    ruleText: expect.stringContaining('every day'),
    nextOccurrences: [4, 5, 6, 7, 8].map((day) => `2027-01-0${day}T09:00:00.000Z`),
    instances: { totalCount: 1, edges: [{ node: { id: task.id } }] },
  });
});

test('without a due date the first instance is due at the rule’s first occurrence', async () => {
  goTo(world, '2027-01-04T07:30:20Z');
  const ada = await world.user();
  const monday = { rule: 'FREQ=WEEKLY;BYDAY=WE;BYHOUR=9;BYMINUTE=0;BYSECOND=0', timeZone: 'America/New_York' };
  expect((await make(ada, { recurrence: monday })).dueDate).toBe('2027-01-06T14:00:00.000Z');
  expect((await make(ada)).dueDate).toBe('2027-01-04T07:31:00.000Z');
});

test('a recurrence without a time zone follows the user’s own, across daylight saving', async () => {
  goTo(world, '2027-03-12T12:00:00Z');
  const ada = await world.user();
  await ada.ok(UpdateProfile, { input: { timeZone: 'America/New_York' } });
  const task = await make(ada, { recurrence: { rule: 'FREQ=DAILY' }, dueDate: '2027-03-13T14:00:00Z' });
  goTo(world, '2027-03-13T15:00:00Z');
  // The clocks went forward in between: nine o'clock stays nine o'clock.
  expect((await complete(ada, task)).nextInstance?.dueDate).toBe('2027-03-14T13:00:00.000Z');
});

test('completing makes the next one after now, never those that were missed', async () => {
  goTo(world, '2027-04-01T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, { dueDate: '2027-04-01T09:00:00Z', subtasks: [{ title: 'a' }, { title: 'b' }] });
  goTo(world, '2027-04-10T12:00:00Z');
  const { nextInstance } = await complete(ada, task);
  expect(nextInstance).toMatchObject({
    title: 'Water the plants',
    dueDate: '2027-04-11T09:00:00.000Z',
    completed: false,
    version: 1,
    template: { id: task.template?.id },
    subtasks: [
      { title: 'a', completed: false, order: 0 },
      { title: 'b', completed: false, order: 1 },
    ],
  });
  const { edges } = (await ada.ok(Changes, { first: 100 })).changes;
  const created = edges.filter(({ node }) => node.type === 'task.created');
  expect(created.map(({ node }) => node.source)).toEqual(['USER', 'SYSTEM']);
});

test('completed before its time, the next one is the one behind it', async () => {
  goTo(world, '2027-04-12T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, { dueDate: '2027-04-13T09:00:00Z' });
  const { nextInstance } = await complete(ada, task);
  expect(nextInstance?.dueDate).toBe('2027-04-14T09:00:00.000Z');
});

test('relative reminders are taken over, absolute ones are not', async () => {
  goTo(world, '2027-04-20T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, {
    dueDate: '2027-04-20T12:00:00Z',
    reminders: [
      { type: 'BEFORE', offsetMinutes: 30, method: 'IN_APP' },
      { type: 'BEFORE', offsetMinutes: 1_500 - 1_440 },
      { type: 'ABSOLUTE', at: '2027-04-20T10:00:00Z' },
    ],
  });
  const { nextInstance } = await complete(ada, task);
  expect(nextInstance?.reminders).toMatchObject([
    { type: 'BEFORE', method: 'IN_APP', scheduledFor: '2027-04-21T11:30:00.000Z', state: 'SCHEDULED' },
    { type: 'BEFORE', scheduledFor: '2027-04-21T11:00:00.000Z', state: 'SCHEDULED' },
  ]);
});

test('the last subtask completes an instance and makes the next one, once, whichever request is last', async () => {
  goTo(world, '2027-04-22T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, { subtasks: ['a', 'b', 'c', 'd'].map((title) => ({ title })) });
  await Promise.all(task.subtasks.map(({ id }) => ada.ok(UpdateSubtask, { input: { id, completed: true } })));
  const { tasks } = await ada.ok(Tasks, { filter: { templateId: task.template?.id ?? null } });
  expect(nodesOf(tasks).map(({ completed }) => completed)).toEqual([false, true]);
});

test('completed, opened again and completed again, the next one is the one that is there', async () => {
  goTo(world, '2027-04-23T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada);
  const { nextInstance } = await complete(ada, task);
  await ada.ok(ReopenTask, { input: { id: task.id, version: 2 } });
  expect((await complete(ada, { id: task.id, version: 3 })).nextInstance?.id).toBe(nextInstance?.id);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(2);
});

test('an occurrence becomes a task once, ever', async () => {
  goTo(world, '2027-04-24T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, { dueDate: '2027-04-24T09:00:00Z' });
  const { nextInstance } = await complete(ada, task);
  await ada.ok(DeleteTask, { input: { id: nextInstance?.id ?? '', version: 1 } });
  const twin = world.sql(
    `insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id)
     values ($1, $2, 1, '2027-04-25T09:00:00', now(), gen_random_uuid())`,
    [ada.id, task.template?.id],
  );
  await expect(twin).rejects.toThrow('occurrence_pkey');
});

describe('how a series ends', () => {
  test('after COUNT', async () => {
    goTo(world, '2027-05-01T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY;COUNT=2', timeZone: 'UTC' };
    const first = await make(ada, { recurrence, dueDate: '2027-05-01T09:00:00Z' });
    const second = (await complete(ada, first)).nextInstance;
    expect(second?.dueDate).toBe('2027-05-02T09:00:00.000Z');
    expect((await complete(ada, second ?? first)).nextInstance).toBeNull();
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: first.template?.id ?? '' });
    expect(taskTemplate.instances.totalCount).toBe(2);
  });

  test('after COUNT, the first task among them, also where it is due off the rule', async () => {
    goTo(world, '2027-05-01T08:00:00Z'); // a Saturday
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=2', timeZone: 'UTC' };
    const first = await make(ada, { recurrence, dueDate: '2027-05-01T09:00:00Z' });
    const second = (await complete(ada, first)).nextInstance;
    expect(second?.dueDate).toBe('2027-05-03T09:00:00.000Z');
    expect((await complete(ada, second ?? first)).nextInstance).toBeNull();
    const undated = await make(ada, { recurrence });
    const next = (await complete(ada, undated)).nextInstance;
    expect([undated.dueDate, next?.dueDate]).toEqual(['2027-05-03T08:01:00.000Z', '2027-05-10T08:01:00.000Z']);
  });

  test('ended, it goes on with a new rule', async () => {
    goTo(world, '2027-05-02T08:00:00Z');
    const ada = await world.user();
    const input = { title: 'x', rule: 'FREQ=DAILY;COUNT=1', timeZone: 'UTC', firstDueDate: '2027-05-02T09:00:00Z' };
    const { template, instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
    if (!instance) throw new Error('There is no first task.');
    expect((await complete(ada, instance)).nextInstance).toBeNull();
    const more = { input: { id: template.id, rule: 'FREQ=DAILY;COUNT=5' } };
    const gone = (await ada.ok(UpdateTaskTemplate, more)).updateTaskTemplate;
    expect(gone.instance?.dueDate).toBe('2027-05-03T09:00:00.000Z');
    expect((await ada.ok(UpdateTaskTemplate, more)).updateTaskTemplate.instance?.id).toBe(gone.instance?.id);
  });

  test('after UNTIL', async () => {
    goTo(world, '2027-05-03T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY;UNTIL=20270504T090000Z', timeZone: 'UTC' };
    const first = await make(ada, { recurrence, dueDate: '2027-05-03T09:00:00Z' });
    const second = (await complete(ada, first)).nextInstance;
    expect((await complete(ada, second ?? first)).nextInstance).toBeNull();
  });

  test('paused it makes none, and resumed it makes the next one after now', async () => {
    goTo(world, '2027-05-06T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-05-06T09:00:00Z' });
    const id = task.template?.id ?? '';
    const paused = (await ada.ok(UpdateTaskTemplate, { input: { id, active: false } })).updateTaskTemplate;
    expect(paused).toMatchObject({ template: { active: false }, instance: { id: task.id } });
    expect((await complete(ada, task)).nextInstance).toBeNull();
    goTo(world, '2027-05-09T12:00:00Z');
    const resumed = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
    expect(resumed.instance?.dueDate).toBe('2027-05-10T09:00:00.000Z');
    const again = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
    expect(again.instance?.id).toBe(resumed.instance?.id);
    await ada.ok(DeleteTask, { input: { id: again.instance?.id ?? '', version: 1 } });
    const revived = (await ada.ok(UpdateTaskTemplate, { input: { id, active: true } })).updateTaskTemplate;
    expect(revived.instance?.dueDate).toBe('2027-05-11T09:00:00.000Z');
  });

  test('deleted, its tasks stay as one-offs', async () => {
    goTo(world, '2027-05-11T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada);
    const id = task.template?.id ?? '';
    expect((await ada.ok(DeleteTaskTemplate, { input: { id } })).deleteTaskTemplate.deletedId).toBe(id);
    await ada.refused(DeleteTaskTemplate, { input: { id } }, 'NOT_FOUND');
    expect((await ada.ok(Task, { id: task.id })).task.template).toBeNull();
    expect((await complete(ada, task)).nextInstance).toBeNull();
  });

  test('deleted, a task that is due far ahead can still be edited', async () => {
    const ada = await world.user();
    const dueDate = new Date(world.clock.now().getTime() + 100 * dayMs).toISOString();
    const task = await make(ada, { dueDate });
    await ada.ok(DeleteTaskTemplate, { input: { id: task.template?.id ?? '' } });
    const edit = { id: task.id, version: 1, title: 'Water them', dueDate: task.dueDate };
    expect((await ada.ok(UpdateTask, { input: edit })).updateTask.task.title).toBe('Water them');
  });

  test('deleted with its open instance, which can be restored', async () => {
    const ada = await world.user();
    const task = await make(ada);
    const input = { id: task.template?.id ?? '', withOpenInstances: true };
    await ada.ok(DeleteTaskTemplate, { input });
    await ada.refused(Task, { id: task.id }, 'NOT_FOUND');
    expect((await ada.ok(DeletedItems, {})).deletedItems.map(({ entityId }) => entityId)).toEqual([task.id]);
  });
});

test('a template is deleted with many open instances: the last three can be restored, and the time spent on one counts', async () => {
  const ada = await world.user();
  const ids: string[] = [];
  let task: { id: string; version: number } = await make(ada, { subtasks: [{ title: 'a' }] });
  const templateId = (await ada.ok(Task, { id: task.id })).task.template?.id ?? '';
  for (let count = 0; count < 5; count += 1) {
    ids.push(task.id);
    const { task: done, nextInstance } = await complete(ada, task);
    await ada.ok(ReopenTask, { input: { id: done.id, version: done.version } });
    task = nextInstance ?? task;
  }
  await ada.ok(StartFocus, { input: { taskId: ids[0] ?? '' } });
  world.clock.advance(60_000);
  await ada.ok(DeleteTaskTemplate, { input: { id: templateId, withOpenInstances: true } });
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
  const { deletedItems } = await ada.ok(DeletedItems, {});
  expect(deletedItems.map(({ entityId }) => entityId)).toEqual([task.id, ids[4], ids[3]]);
  const about = (type: string) =>
    world.sql<{ about: string }>(
      `select coalesce(metadata ->> 'taskId', entity_id::text) as about from activity.event
       where account_id = $1 and type = $2 order by number`,
      [ada.id, type],
    );
  expect((await about('task.deleted')).map(({ about: id }) => id)).toEqual([...ids, task.id]);
  expect(await about('focus.ended')).toHaveLength(1);
});

describe('when the next one cannot be made', () => {
  test('the completion stands, and a job makes it when there is room', async () => {
    goTo(world, '2027-07-01T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-07-01T09:00:00Z' });
    const others = await Promise.all(Array.from({ length: 49 }, () => make(ada, { recurrence: null })));
    const done = await complete(ada, task);
    expect(done).toMatchObject({ task: { completed: true }, nextInstance: null });
    await world.runJobs('tasks.retry-instances');
    expect((await ada.ok(Tasks, { filter: { templateId: task.template?.id ?? null } })).tasks.totalCount).toBe(1);
    await ada.ok(DeleteTask, { input: { id: others[0]?.id ?? '', version: 1 } });
    await Promise.all([1, 2, 3].map(() => world.runJobs('tasks.retry-instances')));
    const nodes = nodesOf((await ada.ok(Tasks, { filter: { templateId: task.template?.id ?? null } })).tasks);
    expect(nodes.map(({ dueDate, completed }) => [dueDate, completed])).toEqual([
      ['2027-07-02T09:00:00.000Z', false],
      ['2027-07-01T09:00:00.000Z', true],
    ]);
  });

  test('it has the subtasks and reminders of the one before, also when that was deleted meanwhile', async () => {
    const ada = await world.user();
    const dueDate = new Date(world.clock.now().getTime() + dayMs).toISOString();
    const subtasks = [{ title: 'First' }, { title: 'Second' }];
    const reminders = [{ type: 'BEFORE', offsetMinutes: 30 }];
    const task = await make(ada, { dueDate, subtasks, reminders });
    await Promise.all(Array.from({ length: 49 }, () => make(ada, { recurrence: null })));
    const { task: done } = await complete(ada, task);
    await ada.ok(DeleteTask, { input: { id: done.id, version: done.version } });
    await world.runJobs('tasks.retry-instances');
    const nodes = nodesOf((await ada.ok(Tasks, { filter: { templateId: task.template?.id ?? null } })).tasks);
    expect((await ada.ok(Task, { id: nodes[0]?.id ?? '' })).task).toMatchObject({
      completed: false,
      subtasks: [
        { title: 'First', completed: false },
        { title: 'Second', completed: false },
      ],
      reminders: [{ type: 'BEFORE', offsetMinutes: 30, state: 'SCHEDULED' }],
    });
  });

  test('it has what was added to the one before when that was opened again', async () => {
    const ada = await world.user();
    const dueDate = new Date(world.clock.now().getTime() + dayMs).toISOString();
    const task = await make(ada, { dueDate, subtasks: [{ title: 'First' }] });
    const others = await Promise.all(Array.from({ length: 49 }, () => make(ada, { recurrence: null })));
    const { task: done } = await complete(ada, task);
    const { task: open } = (await ada.ok(ReopenTask, { input: { id: done.id, version: done.version } })).reopenTask;
    await ada.ok(AddSubtask, { input: { taskId: task.id, title: 'Second' } });
    await ada.ok(DeleteTask, { input: { id: others[0]?.id ?? '', version: 1 } });
    const { nextInstance } = await complete(ada, open);
    expect((await ada.ok(Task, { id: nextInstance?.id ?? '' })).task.subtasks).toMatchObject([
      { title: 'First' },
      { title: 'Second' },
    ]);
  });

  test('a fault of the database costs neither the completion nor the next one', async () => {
    world.expectErrors(/violates check constraint \\"broken\\"/);
    const ada = await world.user();
    const task = await make(ada);
    await world.sql("alter table tasks.occurrence add constraint broken check (local_time < '2000') not valid");
    const done = await complete(ada, task);
    expect(done).toMatchObject({ task: { completed: true }, nextInstance: null });
    await world.sql('alter table tasks.occurrence drop constraint broken');
    world.clock.advance(20 * 60_000);
    await world.runJobs('tasks.retry-instances');
    expect((await ada.ok(Tasks, { filter: { completed: false } })).tasks.totalCount).toBe(1);
  });
});

describe('templates', () => {
  test('are made with their first instance, listed and read by their user alone', async () => {
    goTo(world, '2027-08-01T08:00:00Z');
    const ada = await world.user();
    const input = {
      title: 'Pay the rent',
      rule: 'FREQ=MONTHLY;BYMONTHDAY=1',
      timeZone: 'Europe/London',
      tags: ['home'],
    };
    const firstDueDate = '2027-09-01T08:00:00Z';
    const made = (await ada.ok(CreateTaskTemplate, { input: { ...input, firstDueDate } })).createTaskTemplate;
    expect(made.template).toMatchObject({ title: 'Pay the rent', active: true, tags: ['home'] });
    expect(made.instance).toMatchObject({ title: 'Pay the rent', dueDate: '2027-09-01T08:00:00.000Z', tags: ['home'] });
    const { taskTemplates } = await ada.ok(TaskTemplates, {});
    expect(nodesOf(taskTemplates).map(({ id }) => id)).toEqual([made.template.id]);
    await ada.refused(TaskTemplate, { id: '00000000-0000-7000-8000-000000000000' }, 'NOT_FOUND');
  });

  test('have what their tasks start with, and changed, what the next one starts with', async () => {
    goTo(world, '2027-08-01T08:00:00Z');
    const ada = await world.user();
    const content = {
      title: 'Rent',
      description: 'By hand',
      priority: 'HIGH' as const,
      estimatedMinutes: 5,
      tags: ['a'],
    };
    const input = { ...content, rule: 'FREQ=DAILY', timeZone: 'UTC' };
    const { template, instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
    expect([template, instance]).toEqual([expect.objectContaining(content), expect.objectContaining(content)]);
    const other = { title: 'Lease', description: '', priority: 'LOW' as const, estimatedMinutes: 6, tags: ['b', 'c'] };
    const changed = (await ada.ok(UpdateTaskTemplate, { input: { id: template.id, ...other } })).updateTaskTemplate;
    expect(changed.template).toMatchObject(other);
    const done = await complete(ada, changed.instance ?? { id: '', version: 0 });
    expect(done.nextInstance).toMatchObject(other);
  });

  test.each<[string, RecurrenceInput, string]>([
    ['SECONDLY', { rule: 'FREQ=SECONDLY' }, 'recurrence.rule'],
    ['a COUNT of a billion', { rule: 'FREQ=DAILY;COUNT=1000000000' }, 'recurrence.rule'],
    ['one that never occurs', { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'recurrence.rule'],
    ['one of 10 KB', { rule: `FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(5_000)}1` }, 'recurrence.rule'],
    ['garbage', { rule: 'every now and then' }, 'recurrence.rule'],
    ['a time zone that does not exist', { rule: 'FREQ=DAILY', timeZone: 'Europe/Atlantis' }, 'recurrence.timeZone'],
  ])('%s is refused with its reason', async (_, recurrence, field) => {
    const ada = await world.user();
    const error = await ada.refused(CreateTask, { input: { title: 'x', recurrence } }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field })]);
    expect((await ada.ok(TaskTemplates, {})).taskTemplates.totalCount).toBe(0);
  });
});
