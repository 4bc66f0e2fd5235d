import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  Activity,
  AddReminder,
  Changes,
  CompleteTask,
  CreateTask,
  Notifications,
  RemoveReminder,
  ReopenTask,
  Task,
  UpdateReminder,
  UpdateTask,
} from '../../generated/documents.js';
import type { AddReminderInput } from '../../generated/graphql.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;
const hours = (count: number) => new Date(world.clock.now().getTime() + count * hourMs).toISOString();

async function make(person: Person, input: object = { dueDate: hours(48) }) {
  return (await person.ok(CreateTask, { input: { title: 'x', ...input } })).createTask.task;
}

async function add(person: Person, taskId: string, input: object) {
  const { addReminder } = await person.ok(AddReminder, { input: { taskId, type: 'BEFORE', ...input } });
  if (!addReminder.reminder) throw new Error('There is no reminder.');
  return addReminder.reminder;
}

const remindersOf = async (person: Person, id: string) => (await person.ok(Task, { id })).task.reminders;
const statesOf = async (person: Person, id: string) => (await remindersOf(person, id)).map(({ state }) => state);

test('reminders before and after the due date, and at a moment of their own', async () => {
  const ada = await world.user();
  const dueDate = '2026-12-01T12:00:00.000Z';
  world.clock.goTo(new Date('2026-11-21T09:00:00Z'));
  const later = await world.signIn({ email: ada.session.user.email });
  const { id } = await make(later, { dueDate });
  await add(later, id, { type: 'BEFORE', offsetMinutes: 30 });
  await add(later, id, { type: 'AFTER', offsetMinutes: 60, method: 'IN_APP' });
  await add(later, id, { type: 'ABSOLUTE', at: '2026-11-25T08:00:00+01:00' });
  expect(await remindersOf(later, id)).toMatchObject([
    { type: 'BEFORE', offsetMinutes: 30, method: 'PUSH', scheduledFor: '2026-12-01T11:30:00.000Z', state: 'SCHEDULED' },
    { type: 'AFTER', offsetMinutes: 60, method: 'IN_APP', scheduledFor: '2026-12-01T13:00:00.000Z' },
    { type: 'ABSOLUTE', offsetMinutes: null, scheduledFor: '2026-11-25T07:00:00.000Z' },
  ]);
});

describe('what is refused', () => {
  let ada: Person;
  beforeEach(async () => {
    ada = await world.user();
  });
  const yesterday = () => hours(-24);

  test.each<[string, () => Omit<AddReminderInput, 'taskId'>, string]>([
    ['no offset', () => ({ type: 'BEFORE' }), 'offsetMinutes'],
    ['an offset below zero', () => ({ type: 'BEFORE', offsetMinutes: -1 }), 'offsetMinutes'],
    ['an offset of 10 years', () => ({ type: 'AFTER', offsetMinutes: 5_256_000 }), 'offsetMinutes'],
    ['an offset that leads to the past', () => ({ type: 'BEFORE', offsetMinutes: 43_200 }), 'offsetMinutes'],
    ['a moment for a relative one', () => ({ type: 'AFTER', offsetMinutes: 1, at: hours(1) }), 'at'],
    ['no moment', () => ({ type: 'ABSOLUTE' }), 'at'],
    ['a moment that has passed', () => ({ type: 'ABSOLUTE', at: yesterday() }), 'at'],
    ['an offset of an absolute one', () => ({ type: 'ABSOLUTE', at: hours(1), offsetMinutes: 1 }), 'offsetMinutes'],
  ])('%s', async (_, given, field) => {
    const { id } = await make(ada);
    const error = await ada.refused(AddReminder, { input: { taskId: id, ...given() } }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field })]);
    expect(await remindersOf(ada, id)).toEqual([]);
  });

  test('one that hangs on a due date which there is not', async () => {
    const { id } = await make(ada, {});
    const input = { taskId: id, type: 'BEFORE', offsetMinutes: 5 } as const;
    const error = await ada.refused(AddReminder, { input }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([{ field: 'type', rule: 'needs a task with a due date' }]);
  });

  test('one of a completed task', async () => {
    const { id } = await make(ada);
    await ada.ok(CompleteTask, { input: { id, version: 1 } });
    await ada.refused(AddReminder, { input: { taskId: id, type: 'BEFORE', offsetMinutes: 5 } }, 'CONFLICT');
  });

  test('the 6th, also of ten at once, and of a new task', async () => {
    const { id } = await make(ada);
    const input = { taskId: id, type: 'BEFORE', offsetMinutes: 5 } as const;
    const sent = await Promise.all(Array.from({ length: 10 }, () => ada.send(AddReminder, { input })));
    expect(sent.filter(({ body }) => !body.errors)).toHaveLength(5);
    const error = await ada.refused(AddReminder, { input }, 'LIMIT_REACHED');
    expect(error.extensions).toMatchObject({ limit: 5, current: 5 });
    const reminders = Array.from({ length: 6 }, () => ({ type: 'BEFORE', offsetMinutes: 5 }) as const);
    const six = { title: 'x', dueDate: hours(48), reminders };
    await ada.refused(CreateTask, { input: six }, 'LIMIT_REACHED');
  });

  test('a bad reminder of a new task, named by its place', async () => {
    const reminders = [{ type: 'ABSOLUTE', at: yesterday() } as const];
    const error = await ada.refused(CreateTask, { input: { title: 'x', reminders } }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'reminders.0.at' })]);
  });
});

test('a new due date moves the relative ones and leaves the absolute ones', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await add(ada, id, { offsetMinutes: 60 });
  const absolute = await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
  const dueDate = hours(72);
  await ada.ok(UpdateTask, { input: { id, version: 1, dueDate } });
  expect(await remindersOf(ada, id)).toMatchObject([
    { scheduledFor: new Date(Date.parse(dueDate) - hourMs).toISOString(), state: 'SCHEDULED' },
    { scheduledFor: absolute.scheduledFor, state: 'SCHEDULED' },
  ]);
});

test('clearing the due date cancels the relative ones; a new one brings them back', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await add(ada, id, { offsetMinutes: 60 });
  await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
  await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: null } });
  expect(await remindersOf(ada, id)).toMatchObject([
    { state: 'CANCELLED', scheduledFor: null },
    { state: 'SCHEDULED' },
  ]);
  await ada.ok(UpdateTask, { input: { id, version: 2, dueDate: hours(24) } });
  expect(await statesOf(ada, id)).toEqual(['SCHEDULED', 'SCHEDULED']);
});

test('a due date so near that the reminder’s time has passed cancels it', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await add(ada, id, { offsetMinutes: 60 });
  await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: hours(0.5) } });
  expect(await statesOf(ada, id)).toEqual(['CANCELLED']);
});

test('completing cancels what is still to come, and opening again brings it back, each with one event', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await add(ada, id, { offsetMinutes: 60 });
  await ada.ok(CompleteTask, { input: { id, version: 1 } });
  expect(await statesOf(ada, id)).toEqual(['CANCELLED']);
  await ada.ok(ReopenTask, { input: { id, version: 2 } });
  expect(await statesOf(ada, id)).toEqual(['SCHEDULED']);
  const said = nodesOf((await ada.ok(Activity, { filter: { entityType: 'reminder' } })).activity).reverse();
  expect(said.map(({ type, source, actor, metadata }) => [type, source, actor?.name, metadata])).toEqual([
    ['reminder.created', 'USER', 'Ada', { taskId: id }],
    // What a task's reminders do because of it, nobody has asked for.
    ['reminder.cancelled', 'SYSTEM', undefined, { taskId: id, reason: 'TASK_COMPLETED' }],
    ['reminder.updated', 'SYSTEM', undefined, { taskId: id, fields: ['state'], reason: 'TASK_REOPENED' }],
  ]);
});

test('whyever a relative reminder is off, a later due date brings it back', async () => {
  const ada = await world.user();
  const dueAt = async (id: string, due: string) => {
    const { version } = (await ada.ok(Task, { id })).task;
    await ada.ok(UpdateTask, { input: { id, version, dueDate: due } });
  };
  const { id } = await make(ada);
  await add(ada, id, { offsetMinutes: 60 });
  await dueAt(id, hours(0.2));
  expect(await statesOf(ada, id)).toEqual(['CANCELLED']);
  await dueAt(id, hours(50));
  const time = new Date(Date.parse((await ada.ok(Task, { id })).task.dueDate ?? '') - hourMs).toISOString();
  expect(await remindersOf(ada, id)).toMatchObject([{ state: 'SCHEDULED', scheduledFor: time }]);
  await ada.ok(CompleteTask, { input: { id, version: 3 } });
  await dueAt(id, hours(100));
  world.clock.advance(60 * hourMs);
  await ada.ok(ReopenTask, { input: { id, version: 5 } });
  expect(await statesOf(ada, id)).toEqual(['SCHEDULED']);
});

test('a reminder is changed and removed', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  const { id: reminder } = await add(ada, id, { offsetMinutes: 60 });
  const change = (input: object) => ada.ok(UpdateReminder, { input: { id: reminder, ...input } });
  expect((await change({ method: 'IN_APP' })).updateReminder.reminder).toMatchObject({
    method: 'IN_APP',
    offsetMinutes: 60,
  });
  expect((await change({ offsetMinutes: 30 })).updateReminder.reminder).toMatchObject({ offsetMinutes: 30 });
  expect((await change({ method: null })).updateReminder.reminder).toMatchObject({ method: 'PUSH', offsetMinutes: 30 });
  await ada.refused(UpdateReminder, { input: { id: reminder, at: hours(1) } }, 'VALIDATION_FAILED');
  await ada.refused(UpdateReminder, { input: { id: reminder, offsetMinutes: null } }, 'VALIDATION_FAILED');
  await ada.refused(UpdateReminder, { input: { id: reminder, offsetMinutes: 43_200 } }, 'VALIDATION_FAILED');
  expect((await ada.ok(RemoveReminder, { input: { id: reminder } })).removeReminder.reminder).toBeNull();
  await ada.refused(RemoveReminder, { input: { id: reminder } }, 'NOT_FOUND');
});

describe('firing', () => {
  const fire = () => world.runJobs('tasks.fire-reminders');
  const sentOf = async (person: Person) =>
    (await person.ok(Changes, { first: 100 })).changes.edges.filter(({ node }) => node.type === 'reminder.sent');

  test('a reminder fires once, when its time has come, and not before', async () => {
    const ada = await world.user();
    const { id } = await make(ada);
    const { id: reminder } = await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
    await fire();
    expect(await statesOf(ada, id)).toEqual(['SCHEDULED']);
    world.clock.advance(hourMs);
    await Promise.all([fire(), fire(), fire()]);
    expect(await statesOf(ada, id)).toEqual(['SENT']);
    const sent = await sentOf(ada);
    expect(sent.map(({ node }) => [node.entityId, node.source])).toEqual([[reminder, 'SYSTEM']]);
    await ada.refused(UpdateReminder, { input: { id: reminder, at: hours(5) } }, 'CONFLICT');
  });

  const notificationsOf = async (person: Person) =>
    (await person.ok(Notifications, {})).notifications.edges.map(({ node }) => node.title);

  test('one that has fired fires again at the new time of its task, once for each time', async () => {
    const ada = await world.user();
    const { id } = await make(ada, { dueDate: hours(2) });
    await add(ada, id, { offsetMinutes: 60, method: 'IN_APP' });
    const move = (version: number, dueDate: string | null) => ada.ok(UpdateTask, { input: { id, version, dueDate } });
    world.clock.advance(hourMs);
    await fire();
    const sooner = hours(1.5);
    await move(1, sooner);
    expect(await remindersOf(ada, id)).toMatchObject([
      { state: 'SCHEDULED', scheduledFor: new Date(Date.parse(sooner) - hourMs).toISOString() },
    ]);
    await Promise.all([fire(), fire()]);
    expect(await sentOf(ada)).toHaveLength(1);
    world.clock.advance(hourMs / 2);
    await Promise.all([fire(), fire()]);
    expect(await statesOf(ada, id)).toEqual(['SENT']);
    // Cleared and set, to another time.
    await move(2, null);
    expect(await statesOf(ada, id)).toEqual(['SENT']);
    await move(3, hours(3));
    expect(await statesOf(ada, id)).toEqual(['SCHEDULED']);
    world.clock.advance(2 * hourMs);
    await Promise.all([fire(), fire()]);
    expect((await sentOf(ada)).map(({ node }) => node.entityType)).toEqual(['reminder', 'reminder', 'reminder']);
    expect(await notificationsOf(ada)).toEqual(['x', 'x', 'x']);
  });

  test('one that has fired does not fire again where its time stays, or has passed', async () => {
    const ada = await world.user();
    const { id, dueDate } = await make(ada, { dueDate: hours(2) });
    await add(ada, id, { offsetMinutes: 60 });
    await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
    world.clock.advance(hourMs);
    await fire();
    await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: hours(0.5) } });
    await ada.ok(UpdateTask, { input: { id, version: 2, dueDate } });
    await ada.ok(CompleteTask, { input: { id, version: 3 } });
    await ada.ok(ReopenTask, { input: { id, version: 4 } });
    await fire();
    expect(await statesOf(ada, id)).toEqual(['SENT', 'SENT']);
    expect(await sentOf(ada)).toHaveLength(2);
  });

  test('one that has fired waits again when its task moved while it was completed, or with its series', async () => {
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
    const moved = { recurrence: { rule: 'FREQ=WEEKLY' }, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const { id } = await make(ada, { dueDate: hours(2) });
    const { id: recurring } = await make(ada, { dueDate: hours(2), recurrence });
    for (const task of [id, recurring]) await add(ada, task, { offsetMinutes: 60 });
    world.clock.advance(hourMs);
    await fire();
    await ada.ok(CompleteTask, { input: { id, version: 1 } });
    await ada.ok(UpdateTask, { input: { id, version: 2, dueDate: hours(48) } });
    expect(await statesOf(ada, id)).toEqual(['SENT']);
    await ada.ok(ReopenTask, { input: { id, version: 3 } });
    await ada.ok(UpdateTask, { input: { id: recurring, version: 1, dueDate: hours(48), ...moved } });
    expect([await statesOf(ada, id), await statesOf(ada, recurring)]).toEqual([['SCHEDULED'], ['SCHEDULED']]);
  });

  test('of those that have fired, as many wait again as a task may have', async () => {
    const ada = await world.user();
    const { id } = await make(ada, { dueDate: hours(2) });
    for (let count = 0; count < 5; count += 1) await add(ada, id, { offsetMinutes: 60 });
    world.clock.advance(hourMs);
    await fire();
    for (let count = 0; count < 2; count += 1) await add(ada, id, { offsetMinutes: 30 });
    await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: hours(48) } });
    const states = await statesOf(ada, id);
    expect(states).toEqual([...'AAABBAA'].map((each) => (each === 'A' ? 'SCHEDULED' : 'SENT')));
  });

  test('five that have fired leave room for another', async () => {
    const ada = await world.user();
    const { id } = await make(ada);
    for (let count = 0; count < 5; count += 1) await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
    world.clock.advance(hourMs);
    await fire();
    await add(ada, id, { offsetMinutes: 10 });
    expect(await statesOf(ada, id)).toEqual([...Array.from({ length: 5 }, () => 'SENT'), 'SCHEDULED']);
  });

  test('a hidden or archived task is not reminded of', async () => {
    const ada = await world.user();
    const { id } = await make(ada);
    await add(ada, id, { type: 'ABSOLUTE', at: hours(1) });
    await ada.ok(UpdateTask, { input: { id, version: 1, hidden: true } });
    world.clock.advance(hourMs);
    await fire();
    expect(await statesOf(ada, id)).toEqual(['CANCELLED']);
    expect(await sentOf(ada)).toEqual([]);
  });
});
