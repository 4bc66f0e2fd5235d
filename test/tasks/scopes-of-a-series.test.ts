import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { describe, expect, test } from '@jest/globals';
import {
  AddReminder,
  AddSubtask,
  Changes,
  CreateTask,
  CreateTaskTemplate,
  DeleteTask,
  RemoveReminder,
  RemoveSubtask,
  ReorderSubtasks,
  RestoreDeleted,
  Task,
  TaskTemplate,
  UpdateReminder,
  UpdateSubtask,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { complete, make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;
const hours = (count: number) => new Date(world.clock.now().getTime() + count * hourMs).toISOString();

const scopes = ['THIS_ONLY', 'THIS_AND_FUTURE', 'TEMPLATE_ONLY', undefined] as const;
type Scope = (typeof scopes)[number];
const scoped = (recurrenceScope: Scope) => (recurrenceScope === undefined ? {} : { recurrenceScope });
const reaches = (scope: Scope) => ({ here: scope !== 'TEMPLATE_ONLY', series: scope !== 'THIS_ONLY' });

/** A series of which the open task has the steps a, b and c. */
const series = (person: Person) =>
  make(person, { dueDate: hours(24), subtasks: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] });
const titlesOf = async (person: Person, id: string) =>
  (await person.ok(Task, { id })).task.subtasks.map(({ title }) => title).join('');
const stepsOf = async (person: Person, id = '') =>
  (await person.ok(TaskTemplate, { id })).taskTemplate.subtasks.map(({ title }) => title).join('');
/** The steps of the open task, of the template, and of the task that comes next. */
async function allSteps(person: Person, task: Awaited<ReturnType<typeof series>>) {
  const [here, template] = [await titlesOf(person, task.id), await stepsOf(person, task.template?.id)];
  const { nextInstance } = await complete(person, task);
  return { here, template, next: nextInstance?.subtasks.map(({ title }) => title).join('') };
}

describe.each(scopes)('with the scope %s', (scope) => {
  const { here, series: future } = reaches(scope);
  const expected = (before: string, after: string) => ({
    here: here ? after : before,
    template: future ? after : before,
    next: future ? after : before,
  });

  test('a subtask is added', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const input = { taskId: task.id, title: 'd', estimatedMinutes: 5, ...scoped(scope) };
    const { subtask } = (await ada.ok(AddSubtask, { input })).addSubtask;
    expect(subtask?.title).toBe(here ? 'd' : undefined);
    expect(await allSteps(ada, task)).toEqual(expected('abc', 'abcd'));
  });

  test('a subtask is renamed', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const input = { id: task.subtasks[1]?.id ?? '', title: 'x', ...scoped(scope) };
    await ada.ok(UpdateSubtask, { input });
    expect(await allSteps(ada, task)).toEqual(expected('abc', 'axc'));
  });

  test('a subtask is removed', async () => {
    const ada = await world.user();
    const task = await series(ada);
    await ada.ok(RemoveSubtask, { input: { id: task.subtasks[1]?.id ?? '', ...scoped(scope) } });
    expect(await allSteps(ada, task)).toEqual(expected('abc', 'ac'));
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: task.template?.id ?? '' });
    expect(taskTemplate.subtasks.map(({ order }) => order)).toEqual(future ? [0, 1] : [0, 1, 2]);
  });

  test('subtasks are put into another order', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const [a = '', b = '', c = ''] = task.subtasks.map(({ id }) => id);
    await ada.ok(ReorderSubtasks, { input: { taskId: task.id, subtaskIds: [c, a, b], ...scoped(scope) } });
    expect(await allSteps(ada, task)).toEqual(expected('abc', 'cab'));
  });

  test('a relative reminder is added, changed and removed', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const offsetsOf = async () => ({
      here: (await ada.ok(Task, { id: task.id })).task.reminders.map(({ offsetMinutes }) => offsetMinutes),
      template: (await ada.ok(TaskTemplate, { id: task.template?.id ?? '' })).taskTemplate.reminders.map(
        ({ offsetMinutes }) => offsetMinutes,
      ),
    });
    const lists = (mine: number[], theirs: number[]) => ({
      here: here ? mine : theirs,
      template: future ? mine : theirs,
    });
    const common = { taskId: task.id, type: 'BEFORE' as const };
    const { reminder } = (await ada.ok(AddReminder, { input: { ...common, offsetMinutes: 30, ...scoped(scope) } }))
      .addReminder;
    expect(await offsetsOf()).toEqual(lists([30], []));
    if (!reminder) {
      await ada.ok(AddReminder, { input: { ...common, offsetMinutes: 10, recurrenceScope: 'THIS_AND_FUTURE' } });
    }
    const id = reminder?.id ?? (await ada.ok(Task, { id: task.id })).task.reminders[0]?.id ?? '';
    await ada.ok(UpdateReminder, { input: { id, offsetMinutes: 60, ...scoped(scope) } });
    expect(await offsetsOf()).toEqual(here ? lists([60], []) : { here: [10], template: [30, 60] });
    await ada.ok(RemoveReminder, { input: { id, ...scoped(scope) } });
    expect(await offsetsOf()).toEqual(here ? lists([], []) : { here: [10], template: [30] });
  });
});

test.each(scopes)('what a task itself says is changed with the scope %s', async (scope) => {
  const ada = await world.user();
  const task = await make(ada, { dueDate: hours(24), description: 'before', tags: ['a'], estimatedMinutes: 5 });
  const before = { title: task.title, description: 'before', priority: 'MEDIUM', tags: ['a'], estimatedMinutes: 5 };
  const after = { title: 'y', description: 'after', priority: 'HIGH' as const, tags: ['b'], estimatedMinutes: null };
  const input = { id: task.id, version: 1, ...after, ...scoped(scope) };
  const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
  const here = scope !== 'TEMPLATE_ONLY';
  const future = scope === 'THIS_AND_FUTURE' || scope === 'TEMPLATE_ONLY';
  expect(changed).toMatchObject({ ...(here ? after : before), version: here ? 2 : 1 });
  expect((await ada.ok(TaskTemplate, { id: task.template?.id ?? '' })).taskTemplate).toMatchObject(
    future ? after : before,
  );
  const { nextInstance } = await complete(ada, changed);
  expect(nextInstance).toMatchObject(future ? after : before);
});

describe('the scope of an edit of a task', () => {
  const own = { dueDate: hours(30), hidden: true, archived: true };

  test.each(scopes)('%s leaves its due date, hidden and archived to it alone', async (scope) => {
    const ada = await world.user();
    const task = await make(ada, { dueDate: hours(24) });
    const input = { id: task.id, version: 1, ...own, ...scoped(scope) };
    expect((await ada.ok(UpdateTask, { input })).updateTask.task).toMatchObject({ ...own, version: 2 });
    const { edges } = (await ada.ok(Changes, { first: 100 })).changes;
    expect(edges.filter(({ node }) => node.type === 'task_template.updated')).toEqual([]);
  });

  test('holds the template to its limits, and another recurrence of the same edit to its template', async () => {
    const ada = await world.user();
    const task = await make(ada, { dueDate: hours(24) });
    const scope = { recurrenceScope: 'TEMPLATE_ONLY' as const };
    const edit = { id: task.id, version: 1, ...scope };
    await ada.refused(UpdateTask, { input: { ...edit, description: 'x'.repeat(1_001) } }, 'VALIDATION_FAILED');
    const input = { ...edit, title: 'y', recurrence: { rule: 'FREQ=WEEKLY' } };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed).toMatchObject({ title: task.title, dueDate: task.dueDate });
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: task.template?.id ?? '' });
    expect(taskTemplate).toMatchObject({ title: 'y', rule: 'FREQ=WEEKLY' });
  });
});

describe('of a one-off task', () => {
  async function oneOff(person: Person) {
    const reminders = [{ type: 'BEFORE' as const, offsetMinutes: 30 }];
    const input = { title: 'x', dueDate: hours(24), subtasks: [{ title: 'a' }], reminders };
    return (await person.ok(CreateTask, { input })).createTask.task;
  }
  type OneOff = Awaited<ReturnType<typeof oneOff>>;
  /** Sends an edit and expects what it should come to. */
  type Send = <Variables extends object>(
    document: TypedDocumentNode<unknown, Variables>,
    variables: Variables,
  ) => Promise<unknown>;
  type Edit = (send: Send, task: OneOff, scope: { recurrenceScope: Exclude<Scope, undefined> }) => Promise<unknown>;
  const [subtaskOf, reminderOf] = [
    ({ subtasks }: OneOff) => ({ id: subtasks[0]?.id ?? '' }),
    ({ reminders }: OneOff) => ({ id: reminders[0]?.id ?? '' }),
  ];
  const edits: [string, Edit][] = [
    ['updateTask', (send, { id }, scope) => send(UpdateTask, { input: { id, version: 1, title: 'y', ...scope } })],
    ['updateTask of nothing', (send, { id }, scope) => send(UpdateTask, { input: { id, version: 1, ...scope } })],
    [
      'updateTask to no recurrence',
      (send, { id }, scope) => send(UpdateTask, { input: { id, version: 1, recurrence: null, ...scope } }),
    ],
    ['addSubtask', (send, { id }, scope) => send(AddSubtask, { input: { taskId: id, title: 'b', ...scope } })],
    [
      'updateSubtask',
      (send, task, scope) => send(UpdateSubtask, { input: { ...subtaskOf(task), title: 'b', ...scope } }),
    ],
    [
      'updateSubtask that ticks',
      (send, task, scope) => send(UpdateSubtask, { input: { ...subtaskOf(task), completed: true, ...scope } }),
    ],
    [
      'reorderSubtasks',
      (send, task, scope) =>
        send(ReorderSubtasks, { input: { taskId: task.id, subtaskIds: [subtaskOf(task).id], ...scope } }),
    ],
    ['removeSubtask', (send, task, scope) => send(RemoveSubtask, { input: { ...subtaskOf(task), ...scope } })],
    [
      'addReminder',
      (send, { id }, scope) => send(AddReminder, { input: { taskId: id, type: 'AFTER', offsetMinutes: 5, ...scope } }),
    ],
    [
      'addReminder that is absolute',
      (send, { id }, scope) => send(AddReminder, { input: { taskId: id, type: 'ABSOLUTE', at: hours(2), ...scope } }),
    ],
    [
      'updateReminder',
      (send, task, scope) => send(UpdateReminder, { input: { ...reminderOf(task), offsetMinutes: 60, ...scope } }),
    ],
    ['removeReminder', (send, task, scope) => send(RemoveReminder, { input: { ...reminderOf(task), ...scope } })],
  ];

  test.each(edits)('%s takes no scope but THIS_ONLY, and says which field is wrong', async (_, edit) => {
    const ada = await world.user();
    const task = await oneOff(ada);
    for (const recurrenceScope of ['THIS_AND_FUTURE', 'TEMPLATE_ONLY'] as const) {
      const refuse: Send = async (document, variables) => {
        const error = await ada.refused(document, variables, 'VALIDATION_FAILED');
        const rule = `${recurrenceScope} goes with a recurring task`;
        expect(error.extensions?.['fields']).toEqual([{ field: 'recurrenceScope', rule }]);
      };
      await edit(refuse, task, { recurrenceScope });
    }
    expect((await ada.ok(Task, { id: task.id })).task).toMatchObject(task);
    await edit((document, variables) => ada.ok(document, variables), task, { recurrenceScope: 'THIS_ONLY' });
  });

  test('the first recurrence reaches this and future instances, and nothing less', async () => {
    const ada = await world.user();
    const task = await oneOff(ada);
    const input = { id: task.id, version: 1, title: 'y', recurrence: { rule: 'FREQ=DAILY' } };
    for (const recurrenceScope of ['THIS_ONLY', 'TEMPLATE_ONLY'] as const) {
      const error = await ada.refused(UpdateTask, { input: { ...input, recurrenceScope } }, 'VALIDATION_FAILED');
      expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'recurrenceScope' })]);
    }
    const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };
    const changed = (await ada.ok(UpdateTask, { input: { ...input, ...scope } })).updateTask.task;
    expect(changed).toMatchObject({ title: 'y', dueDate: task.dueDate });
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: changed.template?.id ?? '' });
    expect(taskTemplate).toMatchObject({ title: 'y', rule: 'FREQ=DAILY' });
  });
});

describe('a one-off task that is made to recur', () => {
  const recur = async (person: Person, task: { id: string; version: number }, rule: string, more: object = {}) => {
    const input = { id: task.id, version: task.version, recurrence: { rule, timeZone: 'UTC' }, ...more };
    return (await person.ok(UpdateTask, { input })).updateTask.task;
  };

  test('keeps its due date, which need be no date of the rule, and which COUNT counts', async () => {
    world.clock.stopAt(new Date('2028-05-01T08:00:00Z')); // a Monday
    const ada = await world.user();
    const task = await make(ada, { recurrence: null, dueDate: '2028-05-02T10:00:00Z' });
    const changed = await recur(ada, task, 'FREQ=WEEKLY;BYDAY=FR;COUNT=2');
    expect(changed.dueDate).toBe('2028-05-02T10:00:00.000Z');
    const { nextInstance } = await complete(ada, changed);
    expect(nextInstance?.dueDate).toBe('2028-05-05T10:00:00.000Z');
    expect((await complete(ada, nextInstance ?? changed)).nextInstance).toBeNull();
  });

  test('keeps one that has passed, too; the next one comes after now', async () => {
    world.clock.stopAt(new Date('2028-05-01T08:00:00Z'));
    const ada = await world.user();
    const task = await make(ada, { recurrence: null, dueDate: '2028-05-02T10:00:00Z' });
    world.clock.stopAt(new Date('2028-05-09T12:00:00Z'));
    const changed = await recur(ada, task, 'FREQ=DAILY');
    expect(changed.dueDate).toBe('2028-05-02T10:00:00.000Z');
    expect((await complete(ada, changed)).nextInstance?.dueDate).toBe('2028-05-10T10:00:00.000Z');
  });

  test.each([
    ['without a due date', null, {}],
    ['that is cleared', '2028-05-01T20:00:00Z', { dueDate: null }],
  ])("gets the rule's first date for which its reminders are in time: %s", async (_, dueDate, more) => {
    world.clock.stopAt(new Date('2028-05-01T08:00:00Z'));
    const ada = await world.user();
    const made = await make(ada, { recurrence: null, dueDate: '2028-05-01T20:00:00Z', subtasks: [{ title: 'a' }] });
    const { id } = made;
    await ada.ok(AddReminder, { input: { taskId: id, type: 'BEFORE', offsetMinutes: 120 } });
    const edit = { id, version: made.version, dueDate };
    const { version } = (await ada.ok(UpdateTask, { input: edit })).updateTask.task;
    const changed = await recur(ada, { id, version }, 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0', more);
    expect(changed).toMatchObject({
      dueDate: '2028-05-02T09:00:00.000Z',
      reminders: [{ state: 'SCHEDULED', scheduledFor: '2028-05-02T07:00:00.000Z' }],
    });
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: changed.template?.id ?? '' });
    expect(taskTemplate).toMatchObject({ subtasks: [{ title: 'a' }], reminders: [{ offsetMinutes: 120 }] });
  });

  test('is open: of a completed one it is a conflict', async () => {
    const ada = await world.user();
    const task = await make(ada, { recurrence: null });
    await complete(ada, task);
    const input = { id: task.id, version: task.version + 1, recurrence: { rule: 'FREQ=DAILY' } };
    await ada.refused(UpdateTask, { input }, 'CONFLICT');
  });
});

describe('the scope', () => {
  test('does not matter to ticking a subtask, which leaves the template as it is', async () => {
    const ada = await world.user();
    const task = await series(ada);
    for (const { id } of task.subtasks) {
      await ada.ok(UpdateSubtask, { input: { id, completed: true, recurrenceScope: 'TEMPLATE_ONLY' } });
    }
    expect((await ada.ok(Task, { id: task.id })).task.completed).toBe(true);
    const { edges } = (await ada.ok(Changes, { first: 100 })).changes;
    expect(edges.filter(({ node }) => node.type === 'task_template.updated')).toEqual([]);
  });

  test('of the template alone is refused for a one-off, for an absolute reminder, and for a step of this task alone', async () => {
    const ada = await world.user();
    const scope = { recurrenceScope: 'TEMPLATE_ONLY' as const };
    const { task: single } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
    await ada.refused(AddSubtask, { input: { taskId: single.id, title: 'a', ...scope } }, 'VALIDATION_FAILED');
    const task = await series(ada);
    const absolute = { taskId: task.id, type: 'ABSOLUTE' as const, at: hours(2), ...scope };
    await ada.refused(AddReminder, { input: absolute }, 'VALIDATION_FAILED');
    const own = { taskId: task.id, title: 'd', recurrenceScope: 'THIS_ONLY' as const };
    const id = (await ada.ok(AddSubtask, { input: own })).addSubtask.subtask?.id ?? '';
    await ada.refused(UpdateSubtask, { input: { id, title: 'e', ...scope } }, 'CONFLICT');
    await ada.refused(RemoveSubtask, { input: { id, ...scope } }, 'CONFLICT');
    const alone = { taskId: task.id, type: 'BEFORE' as const, offsetMinutes: 7, recurrenceScope: 'THIS_ONLY' as const };
    const reminder = (await ada.ok(AddReminder, { input: alone })).addReminder.reminder?.id ?? '';
    await ada.refused(RemoveReminder, { input: { id: reminder, ...scope } }, 'CONFLICT');
    // It has its way where this task is meant, too.
    await ada.ok(UpdateSubtask, { input: { id, title: 'e', recurrenceScope: 'THIS_AND_FUTURE' } });
    expect([await titlesOf(ada, task.id), await stepsOf(ada, task.template?.id)]).toEqual(['abce', 'abc']);
  });

  test('THIS_ONLY does not go with a new recurrence', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const recurrence = { rule: 'FREQ=WEEKLY' };
    const input = { id: task.id, version: 1, recurrence, recurrenceScope: 'THIS_ONLY' as const };
    const error = await ada.refused(UpdateTask, { input }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'recurrenceScope' })]);
  });

  test('left open means a completed task alone', async () => {
    const ada = await world.user();
    const task = await make(ada, { dueDate: hours(24), reminders: [{ type: 'BEFORE', offsetMinutes: 30 }] });
    await complete(ada, task);
    await ada.ok(RemoveReminder, { input: { id: task.reminders[0]?.id ?? '' } });
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: task.template?.id ?? '' });
    expect(taskTemplate.reminders).toHaveLength(1);
  });

  test('left open adds where there is room; asked for, a full template is refused', async () => {
    const ada = await world.user();
    const task = await series(ada);
    const add = (title: string, recurrenceScope: Scope) => ({
      input: { taskId: task.id, title, ...scoped(recurrenceScope) },
    });
    await ada.ok(AddSubtask, add('d', 'TEMPLATE_ONLY'));
    const error = await ada.refused(AddSubtask, add('e', 'THIS_AND_FUTURE'), 'LIMIT_REACHED');
    expect(error.extensions).toMatchObject({ limit: 4, current: 4 });
    await ada.ok(AddSubtask, add('e', undefined));
    expect([await titlesOf(ada, task.id), await stepsOf(ada, task.template?.id)]).toEqual(['abce', 'abcd']);
  });
});

test('a new order moves what the template knows, and leaves the rest in its place', async () => {
  const ada = await world.user();
  const task = await series(ada);
  const [a = '', b = '', c = ''] = task.subtasks.map(({ id }) => id);
  await ada.ok(RemoveSubtask, { input: { id: b, recurrenceScope: 'THIS_ONLY' } });
  await ada.ok(ReorderSubtasks, { input: { taskId: task.id, subtaskIds: [c, a] } });
  expect([await titlesOf(ada, task.id), await stepsOf(ada, task.template?.id)]).toEqual(['ca', 'cba']);
});

test('a one-off that becomes one of a series gives it what it has', async () => {
  const ada = await world.user();
  const reminders = [
    { type: 'BEFORE', offsetMinutes: 30 },
    { type: 'ABSOLUTE', at: hours(2) },
  ];
  const task = await make(ada, { recurrence: null, dueDate: hours(24), subtasks: [{ title: 'a' }], reminders });
  const input = { id: task.id, version: 1, recurrence: { rule: 'FREQ=DAILY' } };
  const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
  await ada.ok(UpdateSubtask, { input: { id: task.subtasks[0]?.id ?? '', title: 'b' } });
  const { taskTemplate } = await ada.ok(TaskTemplate, { id: changed.template?.id ?? '' });
  expect(taskTemplate).toMatchObject({
    subtasks: [{ title: 'b' }],
    reminders: [{ type: 'BEFORE', offsetMinutes: 30 }],
  });
});

test('a restored task still belongs to its series, step by step', async () => {
  const ada = await world.user();
  const task = await series(ada);
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id: task.id, version: 1 } })).deleteTask;
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  await ada.ok(UpdateSubtask, { input: { id: task.subtasks[0]?.id ?? '', title: 'x' } });
  expect(await stepsOf(ada, task.template?.id)).toBe('xbc');
});

describe('a template', () => {
  const reminders = [{ type: 'BEFORE' as const, offsetMinutes: 30 }];

  test('is made with subtasks and reminders, and gets others in their place', async () => {
    const ada = await world.user();
    const input = { title: 'x', rule: 'FREQ=DAILY', timeZone: 'UTC', firstDueDate: hours(24) };
    const subtasks = [{ title: 'a' }, { title: 'b', estimatedMinutes: 5 }];
    const made = (await ada.ok(CreateTaskTemplate, { input: { ...input, subtasks, reminders } })).createTaskTemplate;
    expect(made.template).toMatchObject({ subtasks: [{ title: 'a' }, { title: 'b', estimatedMinutes: 5 }], reminders });
    expect(made.instance).toMatchObject({ subtasks: [{ title: 'a' }, { title: 'b' }], reminders });
    const id = made.template.id;
    const change = { id, subtasks: [{ title: 'c' }, { title: 'a' }], reminders: [] };
    const { template, instance } = (await ada.ok(UpdateTaskTemplate, { input: change })).updateTaskTemplate;
    expect(template).toMatchObject({
      subtasks: [
        { title: 'c', order: 0 },
        { title: 'a', order: 1 },
      ],
      reminders: [],
    });
    expect(instance).toMatchObject({ subtasks: [{ title: 'a' }, { title: 'b' }], reminders });
    // What stayed by its title is the same step still.
    await ada.ok(UpdateSubtask, { input: { id: instance?.subtasks[0]?.id ?? '', title: 'x' } });
    expect(await stepsOf(ada, id)).toBe('cx');
    const cleared = { input: { id, subtasks: null } };
    expect((await ada.ok(UpdateTaskTemplate, cleared)).updateTaskTemplate.template.subtasks).toEqual([]);
  });

  test('has no absolute reminders, and no more than a task may have', async () => {
    const ada = await world.user();
    const input = { title: 'x', rule: 'FREQ=DAILY' };
    const absolute = [{ type: 'ABSOLUTE' as const, at: hours(2) }];
    const error = await ada.refused(
      CreateTaskTemplate,
      { input: { ...input, reminders: absolute } },
      'VALIDATION_FAILED',
    );
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'reminders.0.type' })]);
    const many = { ...input, subtasks: [1, 2, 3, 4, 5].map((title) => ({ title: String(title) })) };
    await ada.refused(CreateTaskTemplate, { input: many }, 'LIMIT_REACHED');
    const four = { ...input, subtasks: many.subtasks.slice(1) };
    const { template } = (await ada.ok(CreateTaskTemplate, { input: four })).createTaskTemplate;
    const more = { id: template.id, subtasks: many.subtasks };
    const refusal = await ada.refused(UpdateTaskTemplate, { input: more }, 'LIMIT_REACHED');
    expect(refusal.extensions).toMatchObject({ resource: 'subtasksPerTask', limit: 4, current: 4 });
  });
});

describe('without a due date the first one', () => {
  test('is the first to which all reminders fit', async () => {
    world.clock.stopAt(new Date('2028-05-01T08:00:20Z'));
    const ada = await world.user();
    const minutesBefore = (offsetMinutes: number) => ({ type: 'BEFORE', offsetMinutes });
    const task = await make(ada, { reminders: [minutesBefore(30), { type: 'AFTER', offsetMinutes: 5 }] });
    expect(task).toMatchObject({
      dueDate: '2028-05-02T08:01:00.000Z',
      reminders: [{ scheduledFor: '2028-05-02T07:31:00.000Z', state: 'SCHEDULED' }, { state: 'SCHEDULED' }],
    });
    const recurrence = { rule: 'FREQ=DAILY;COUNT=2;BYHOUR=9', timeZone: 'UTC' };
    const counted = await make(ada, { recurrence, reminders: [minutesBefore(60)] });
    expect(counted.dueDate).toBe('2028-05-02T09:00:00.000Z');
    const { nextInstance } = await complete(ada, counted);
    expect(nextInstance?.dueDate).toBe('2028-05-03T09:00:00.000Z');
    expect((await complete(ada, nextInstance ?? counted)).nextInstance).toBeNull();
    expect((await make(ada, { recurrence, reminders: [minutesBefore(59)] })).dueDate).toBe('2028-05-01T09:00:00.000Z');
    const input = {
      title: 'x',
      rule: 'FREQ=DAILY',
      timeZone: 'UTC',
      reminders: [{ type: 'BEFORE' as const, offsetMinutes: 30 }],
    };
    const { instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
    expect(instance?.dueDate).toBe('2028-05-02T08:01:00.000Z');
  });

  test('is refused where the rule ends before', async () => {
    world.clock.stopAt(new Date('2028-05-01T08:00:20Z'));
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY;UNTIL=20280501', timeZone: 'UTC' };
    const input = { title: 'x', recurrence, reminders: [{ type: 'BEFORE' as const, offsetMinutes: 30 }] };
    const error = await ada.refused(CreateTask, { input }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'reminders.0.offsetMinutes' })]);
  });
});
