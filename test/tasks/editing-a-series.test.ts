import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  CreateTask,
  CreateTaskTemplate,
  DeleteTask,
  PreviewRecurrence,
  ReopenTask,
  Task,
  Tasks,
  TaskTemplate,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { momentOf } from '../../src/tasks/recurrence/index.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { complete, goTo, make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });

describe('editing the recurrence', () => {
  const weekly = { rule: 'FREQ=WEEKLY;BYDAY=FR', timeZone: 'UTC' };

  test('of this and future instances moves this one', async () => {
    goTo(world, '2027-06-01T08:00:00Z'); // a Tuesday
    const ada = await world.user();
    const task = await make(ada, {
      dueDate: '2027-06-01T09:00:00Z',
      reminders: [{ type: 'BEFORE', offsetMinutes: 30 }],
    });
    const input = { id: task.id, version: 1, recurrence: weekly, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed).toMatchObject({
      dueDate: '2027-06-04T09:00:00.000Z',
      version: 2,
      reminders: [{ scheduledFor: '2027-06-04T08:30:00.000Z' }],
    });
    expect((await complete(ada, changed)).nextInstance?.dueDate).toBe('2027-06-11T09:00:00.000Z');
  });

  test('of the template only leaves this one', async () => {
    goTo(world, '2027-06-01T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-06-01T09:00:00Z' });
    const input = { id: task.id, version: 1, recurrence: weekly, recurrenceScope: 'TEMPLATE_ONLY' as const };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed.dueDate).toBe(task.dueDate);
    expect((await complete(ada, changed)).nextInstance?.dueDate).toBe('2027-06-04T09:00:00.000Z');
  });

  test('asks for a scope, and is refused for a completed or past instance', async () => {
    goTo(world, '2027-06-08T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-06-08T09:00:00Z' });
    const edit = (id: string, version: number) => ({
      input: { id, version, recurrence: weekly, recurrenceScope: 'TEMPLATE_ONLY' as const },
    });
    const error = await ada.refused(
      UpdateTask,
      { input: { id: task.id, version: 1, recurrence: weekly } },
      'VALIDATION_FAILED',
    );
    expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field: 'recurrenceScope' })]);
    await complete(ada, task);
    await ada.refused(UpdateTask, edit(task.id, 2), 'CONFLICT');
    const nodes = nodesOf((await ada.ok(Tasks, { filter: { completed: false } })).tasks);
    goTo(world, '2027-06-20T08:00:00Z');
    await ada.refused(UpdateTask, edit(nodes[0]?.id ?? '', 1), 'CONFLICT');
  });

  test('null ends the series', async () => {
    const ada = await world.user();
    const task = await make(ada, { dueDate: new Date(world.clock.now().getTime() + dayMs).toISOString() });
    const input = { id: task.id, version: 1, recurrence: null, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed.template).toBeNull();
    expect((await complete(ada, changed)).nextInstance).toBeNull();
    const { taskTemplate } = await ada.ok(TaskTemplate, { id: task.template?.id ?? '' });
    expect(taskTemplate.active).toBe(false);
  });

  test('a series that was ended follows the rule that it is given next', async () => {
    goTo(world, '2027-06-21T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-06-21T09:00:00Z' });
    const end = { id: task.id, version: 1, recurrence: null, recurrenceScope: 'TEMPLATE_ONLY' as const };
    await ada.ok(UpdateTask, { input: end });
    const input = { id: task.id, version: 2, recurrence: weekly, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed).toMatchObject({ dueDate: '2027-06-25T09:00:00.000Z', template: { active: true } });
    expect((await complete(ada, changed)).nextInstance?.dueDate).toBe('2027-07-02T09:00:00.000Z');
  });

  test('makes a one-off task recur', async () => {
    goTo(world, '2027-06-22T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: null, dueDate: '2027-06-22T09:00:00Z' });
    expect(task.template).toBeNull();
    const input = { id: task.id, version: 1, recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' } };
    const changed = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(changed.template?.rule).toBe('FREQ=DAILY');
    expect((await complete(ada, changed)).nextInstance?.dueDate).toBe('2027-06-23T09:00:00.000Z');
  });

  test('of a template keeps the time of day', async () => {
    goTo(world, '2027-06-23T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-06-23T09:00:00Z' });
    const input = { id: task.template?.id ?? '', title: 'Feed the cat', rule: 'FREQ=WEEKLY;BYDAY=SU' };
    const { template, instance } = (await ada.ok(UpdateTaskTemplate, { input })).updateTaskTemplate;
    expect(template).toMatchObject({ title: 'Feed the cat', rule: 'FREQ=WEEKLY;BYDAY=SU' });
    expect(instance).toMatchObject({ id: task.id, title: 'Water the plants' });
    const { nextInstance } = await complete(ada, task);
    expect(nextInstance).toMatchObject({ title: 'Feed the cat', dueDate: '2027-06-27T09:00:00.000Z' });
  });
});

/** A template with its first task. */
const template = async (person: Person, input: { rule: string; firstDueDate?: string }) =>
  (await person.ok(CreateTaskTemplate, { input: { title: 'x', timeZone: 'UTC', ...input } })).createTaskTemplate;
const change = async (
  person: Person,
  id: string,
  input: { rule?: string; timeZone?: string; title?: string; active?: boolean },
) => (await person.ok(UpdateTaskTemplate, { input: { id, ...input } })).updateTaskTemplate;
const nextDates = async (person: Person, id: string) =>
  (await person.ok(TaskTemplate, { id })).taskTemplate.nextOccurrences;

/** Completes the open task and those that come after it, and says when each was due. */
async function dueDatesOf(person: Person, first: { id: string; version: number; dueDate?: unknown }, most = 6) {
  const dates: unknown[] = [];
  for (let task: typeof first | null | undefined = first; task && dates.length < most; ) {
    dates.push(task.dueDate);
    task = (await complete(person, task)).nextInstance;
  }
  return dates;
}

describe('a rule that a template has already', () => {
  test.each([
    ['FREQ=WEEKLY', '2027-08-02T09:00:00Z'],
    ['FREQ=DAILY;COUNT=3', '2027-08-03T09:00:00Z'],
    ['FREQ=WEEKLY;BYDAY=MO;COUNT=4', '2027-08-06T09:00:00Z'],
  ])('%s from %s changes nothing, however it is spelled', async (rule, firstDueDate) => {
    goTo(world, '2027-07-30T20:03:00Z'); // a Friday
    const ada = await world.user();
    const made = await template(ada, { rule, firstDueDate });
    const before = await nextDates(ada, made.template.id);
    const spelled = `rrule:${rule.toLowerCase()};`;
    const changed = await change(ada, made.template.id, { rule: spelled, title: 'y' });
    expect(changed).toMatchObject({ template: { title: 'y', rule }, instance: { id: made.instance?.id } });
    expect(await nextDates(ada, made.template.id)).toEqual(before);
    const task = (await ada.ok(Task, { id: made.instance?.id ?? '' })).task;
    const input = { id: task.id, version: 1, recurrence: { rule: spelled }, dueDate: task.dueDate };
    for (const recurrenceScope of ['THIS_AND_FUTURE', 'TEMPLATE_ONLY'] as const) {
      input.version = (await ada.ok(UpdateTask, { input: { ...input, recurrenceScope } })).updateTask.task.version;
    }
    expect(await nextDates(ada, made.template.id)).toEqual(before);
  });
});

describe('a series that has been in another time zone', () => {
  const tokyo = 'Asia/Tokyo';
  const losAngeles = 'America/Los_Angeles';
  /** Due in Tokyo at ten on 2 February, which is five in the afternoon of the first in Los Angeles. */
  const begin = async (rule: string) => {
    goTo(world, '2027-01-30T12:00:00Z');
    const ada = await world.user();
    const input = { title: 'x', rule, timeZone: tokyo, firstDueDate: '2027-02-02T01:00:00Z' };
    const { template: made, instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
    const first = { id: instance?.id ?? '', version: 1, dueDate: instance?.dueDate };
    return { ada, id: made.id, first };
  };
  const through = async (person: Person, id: string, ...zones: readonly string[]) => {
    for (const timeZone of zones) await change(person, id, { timeZone });
  };

  test.each([
    [[]],
    [[losAngeles, tokyo]],
    [[losAngeles, tokyo, losAngeles, tokyo]],
    [['Europe/London', losAngeles, tokyo]],
  ])('and is back, by way of %j, goes on at its hour and loses no day', async (zones) => {
    const { ada, id, first } = await begin('FREQ=WEEKLY');
    await through(ada, id, ...zones);
    await change(ada, id, { rule: 'FREQ=DAILY' });
    const days = ['2027-01-31', '2027-02-01', '2027-02-03', '2027-02-04'];
    const [due, ...coming] = await dueDatesOf(ada, first, 5);
    expect(due).toBe('2027-02-02T01:00:00.000Z');
    expect(coming).toEqual(days.map((day) => `${day}T01:00:00.000Z`));
  });

  test('and gets another rule there leaves out the one day there on which its task is due', async () => {
    const { ada, id, first } = await begin('FREQ=WEEKLY');
    await through(ada, id, losAngeles);
    await change(ada, id, { rule: 'FREQ=DAILY' });
    const [, ...coming] = await dueDatesOf(ada, first, 5);
    const days = ['2027-01-30', '2027-01-31', '2027-02-02', '2027-02-03'];
    expect(coming).toEqual(days.map((day) => `${day}T18:00:00.000Z`));
    // What it was in Tokyo is no longer asked.
    await change(ada, id, { rule: 'FREQ=WEEKLY;BYDAY=FR' });
    expect((await nextDates(ada, id))[0]).toBe('2027-02-05T18:00:00.000Z');
  });

  test('and is given its rule again there makes no second task of one occurrence', async () => {
    const { ada, id, first } = await begin('FREQ=WEEKLY');
    await through(ada, id, losAngeles);
    const [, ...coming] = await dueDatesOf(ada, first, 3);
    expect(coming).toEqual(['2027-02-09', '2027-02-16'].map((day) => `${day}T18:00:00.000Z`));
  });

  test.each([
    ['FREQ=MONTHLY;BYMONTHDAY=10;BYHOUR=22;BYMINUTE=0', 'America/New_York', 'Europe/London', '2027-12-10T22:00:00'],
    ['FREQ=WEEKLY;BYDAY=SU;BYHOUR=22;BYMINUTE=0', 'America/New_York', 'Europe/London', '2027-12-12T22:00:00'],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;BYHOUR=23;BYMINUTE=0', 'Europe/London', tokyo, '2027-12-31T23:00:00'],
    ['FREQ=MONTHLY;BYMONTHDAY=10;BYHOUR=1;BYMINUTE=0', tokyo, losAngeles, '2027-12-10T01:00:00'],
  ])('as %s, from %s to %s with its task, is on its day of before', async (rule, from, to, localTime) => {
    goTo(world, '2027-12-01T12:00:00Z');
    const ada = await world.user();
    const due = (zone: string) => momentOf(localTime, zone).toISOString();
    const task = await make(ada, { dueDate: due(from), recurrence: { rule, timeZone: from } });
    const edit = { id: task.id, version: 1, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const moved = (await ada.ok(UpdateTask, { input: { ...edit, recurrence: { rule, timeZone: to } } })).updateTask
      .task;
    expect(moved.dueDate).toBe(due(to));
    const other = rule.replace(/BYHOUR=\d+/, 'BYHOUR=21');
    const recurrence = { rule: other, timeZone: from };
    const back = (await ada.ok(UpdateTask, { input: { ...edit, version: moved.version, recurrence } })).updateTask.task;
    expect(back.dueDate).toBe(momentOf(`${localTime.slice(0, 10)}T21:00:00`, from).toISOString());
  });

  test.each([
    [
      'America/New_York',
      'T22:00:00',
      'FREQ=DAILY;BYHOUR=9;BYMINUTE=0',
      'Europe/London',
      'America/New_York',
      '-16T09:00:00',
    ],
    [tokyo, 'T22:00:00', 'FREQ=DAILY;BYHOUR=23;BYMINUTE=30', 'Pacific/Auckland', 'UTC', '-14T23:30:00'],
    [
      'Europe/London',
      'T18:30:00',
      'FREQ=DAILY;BYHOUR=20;BYMINUTE=0',
      'Pacific/Auckland',
      'Europe/London',
      '-16T20:00:00',
    ],
  ])(
    'from %s at %s: %s in %s comes to %s before it has begun, and begins there',
    async (zone, time, rule, there, back, next) => {
      goTo(world, momentOf('2028-02-15T08:00:00', zone).toISOString());
      const ada = await world.user();
      const dueDate = momentOf(`2028-02-15${time}`, zone).toISOString();
      const input = { title: 'x', rule: 'FREQ=DAILY', timeZone: zone, firstDueDate: dueDate };
      const { template: made, instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
      await change(ada, made.id, { rule, timeZone: there });
      await change(ada, made.id, { timeZone: back });
      const [, coming] = await dueDatesOf(ada, { id: instance?.id ?? '', version: 1, dueDate: instance?.dueDate }, 2);
      expect(coming).toBe(momentOf(`2028-02${next}`, back).toISOString());
    },
  );

  const andFuture = { recurrenceScope: 'THIS_AND_FUTURE' as const };
  const templateOnly = { recurrenceScope: 'TEMPLATE_ONLY' as const };
  type Open = { id: string; version: number; dueDate?: unknown } | null | undefined;
  const give = async (person: Person, task: Open, rule: string, timeZone: string, scope: object) => {
    const input = { id: task?.id ?? '', version: task?.version ?? 0, recurrence: { rule, timeZone }, ...scope };
    return (await person.ok(UpdateTask, { input })).updateTask.task;
  };
  const skip = async (person: Person, task: Open) => {
    const input = { id: task?.id ?? '', version: task?.version ?? 0 };
    return (await person.ok(DeleteTask, { input })).deleteTask.nextInstance;
  };

  test.each([
    [
      'FREQ=DAILY;BYHOUR=14',
      'Europe/London',
      'America/New_York',
      '2026-11-28',
      ['2026-11-29', '2026-11-30', '2026-12-01'],
    ],
    ['FREQ=DAILY;BYHOUR=14;COUNT=3', 'Europe/London', 'America/New_York', '2026-11-28', ['2026-11-29', '2026-11-30']],
    [
      'FREQ=WEEKLY;BYDAY=MO;BYHOUR=14',
      'Asia/Kathmandu',
      losAngeles,
      '2026-11-30',
      ['2026-12-07', '2026-12-14', '2026-12-21'],
    ],
  ])('as %s from %s, to %s by way of another, has each of its days once', async (rule, from, to, first, days) => {
    goTo(world, '2026-11-28T08:00:00Z');
    const ada = await world.user();
    const due = (day: string | undefined, zone: string) => momentOf(`${day}T14:00:00`, zone).toISOString();
    const task = await make(ada, { dueDate: due(first, from), recurrence: { rule, timeZone: from } });
    const { nextInstance } = await complete(ada, task);
    const there = await give(ada, nextInstance, rule, to, andFuture);
    expect(there.dueDate).toBe(due(days[0], to));
    await change(ada, task.template?.id ?? '', { timeZone: 'America/Chicago' });
    const back = await give(ada, there, rule, to, andFuture);
    expect(await dueDatesOf(ada, back, 3)).toEqual(days.map((day) => due(day, to)));
  });

  test.each([
    ['Pacific/Pago_Pago', 'Pacific/Apia', '2026-11-29T20:00:00.000Z'],
    ['Pacific/Honolulu', 'Pacific/Kiritimati', '2026-11-29T19:00:00.000Z'],
  ])('from %s to %s, a day ahead, makes no second task of one moment', async (from, to, second) => {
    goTo(world, '2026-11-27T21:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: { rule: 'FREQ=DAILY;BYHOUR=9', timeZone: from } });
    await change(ada, task.template?.id ?? '', { timeZone: to });
    const [first, next] = await dueDatesOf(ada, task, 2);
    expect([first, next]).toEqual([new Date(Date.parse(second) - dayMs).toISOString(), second]);
  });

  test('is on no day there that an earlier rule has, though the task that follows comes from one of that name', async () => {
    goTo(world, '2026-11-27T20:20:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: { rule: 'FREQ=DAILY;BYHOUR=9', timeZone: 'Pacific/Kiritimati' } });
    expect(task.dueDate).toBe('2026-11-28T19:00:00.000Z');
    await change(ada, task.template?.id ?? '', { rule: 'FREQ=DAILY;BYHOUR=0', timeZone: 'UTC' });
    const { nextInstance } = await complete(ada, task);
    expect(nextInstance?.dueDate).toBe('2026-11-29T00:00:00.000Z');
    const turned = await give(ada, nextInstance, 'FREQ=DAILY;BYHOUR=23', 'Pacific/Kiritimati', andFuture);
    expect(turned.dueDate).toBe(momentOf('2026-11-30T23:00:00', 'Pacific/Kiritimati').toISOString());
  });

  test('begins its new rule at the next date, though the task is due behind it', async () => {
    goTo(world, '2026-11-27T12:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=MONTHLY;BYMONTHDAY=5;BYHOUR=9', timeZone: 'Asia/Kathmandu' };
    const first = await make(ada, { recurrence });
    const third = (await complete(ada, (await complete(ada, first)).nextInstance ?? first)).nextInstance;
    await change(ada, first.template?.id ?? '', { rule: 'FREQ=MONTHLY;BYMONTHDAY=27;BYHOUR=23' });
    await change(ada, first.template?.id ?? '', { timeZone: 'Europe/London' });
    const { nextInstance } = await complete(ada, third ?? first);
    expect(nextInstance?.dueDate).toBe('2026-11-27T23:00:00.000Z');
  });

  test('has one task a day, whatever rules and zones it had on the way', async () => {
    goTo(world, '2026-11-27T12:00:00Z');
    const ada = await world.user();
    const begun = await make(ada, { recurrence: { rule: 'FREQ=DAILY;BYHOUR=9', timeZone: tokyo } });
    const third = await skip(ada, await skip(ada, begun)); // the 28th and the 29th are skipped, the 30th is open
    const evening = await give(ada, third, 'FREQ=DAILY;BYHOUR=20', tokyo, templateOnly);
    const first = await skip(ada, evening);
    expect(first?.dueDate).toBe('2026-12-01T11:00:00.000Z');
    const american = await give(ada, first, 'FREQ=DAILY;BYHOUR=14', 'America/New_York', templateOnly);
    await change(ada, begun.template?.id ?? '', { timeZone: tokyo });
    const dates = ['2026-12-02', '2026-12-03'].map((day) => `${day}T05:00:00.000Z`);
    expect(await nextDates(ada, begun.template?.id ?? '')).toEqual(expect.arrayContaining(dates));
    const next = await skip(ada, american);
    expect(await dueDatesOf(ada, next ?? american, 2)).toEqual(dates);
  });

  test('has as many tasks as the COUNT that it gets with its zone, and those that its template offers', async () => {
    goTo(world, '2026-11-28T12:00:00Z');
    const ada = await world.user();
    const input = { title: 'x', rule: 'FREQ=DAILY', timeZone: tokyo, firstDueDate: '2026-11-29T23:00:00Z' };
    const { template: made, instance } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
    await change(ada, made.id, { timeZone: 'Europe/London', rule: 'FREQ=DAILY;COUNT=3' });
    const offered = await nextDates(ada, made.id);
    const [, ...coming] = await dueDatesOf(ada, { id: instance?.id ?? '', version: 1, dueDate: instance?.dueDate });
    expect(offered).toEqual(['2026-11-29', '2026-11-30', '2026-12-01'].map((day) => `${day}T08:00:00.000Z`));
    expect(coming).toEqual(offered.slice(1));
  });
});

describe('a new rule of a template', () => {
  test('goes on from the task that is to come', async () => {
    goTo(world, '2027-07-30T20:03:00Z'); // a Friday
    const ada = await world.user();
    const { template: weekly, instance } = await template(ada, {
      rule: 'FREQ=WEEKLY',
      firstDueDate: '2027-08-02T09:00:00Z',
    });
    await change(ada, weekly.id, { rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=3' });
    const first = { id: instance?.id ?? '', version: 1, dueDate: instance?.dueDate };
    expect(await dueDatesOf(ada, first)).toEqual(['2027-08-02', '2027-08-16', '2027-08-30'].map(nine));
  });

  test('leaves the missed behind: its COUNT counts from its next date on, at the time of day of before', async () => {
    goTo(world, '2027-08-30T08:00:00Z');
    const ada = await world.user();
    const { template: daily, instance } = await template(ada, {
      rule: 'FREQ=DAILY',
      firstDueDate: '2027-08-30T09:00:00Z',
    });
    goTo(world, '2027-09-03T20:03:00Z');
    await change(ada, daily.id, { rule: 'FREQ=DAILY;COUNT=3' });
    const first = { id: instance?.id ?? '', version: 1, dueDate: instance?.dueDate };
    const dates = ['2027-08-30', '2027-09-04', '2027-09-05', '2027-09-06'].map(nine);
    expect(await dueDatesOf(ada, first)).toEqual(dates);
  });

  test('brings back one that has ended', async () => {
    goTo(world, '2027-09-10T08:00:00Z');
    const ada = await world.user();
    const { template: once, instance } = await template(ada, {
      rule: 'FREQ=DAILY;COUNT=1',
      firstDueDate: '2027-09-10T09:00:00Z',
    });
    expect((await complete(ada, { id: instance?.id ?? '', version: 1 })).nextInstance).toBeNull();
    const { instance: first } = await change(ada, once.id, { rule: 'FREQ=DAILY;COUNT=3' });
    expect(first && (await dueDatesOf(ada, first))).toEqual(['2027-09-11', '2027-09-12', '2027-09-13'].map(nine));
  });

  test('stands when there is no room for its next task, which comes as soon as there is', async () => {
    goTo(world, '2027-09-20T08:00:00Z');
    const ada = await world.user();
    const { template: once, instance } = await template(ada, { rule: 'FREQ=DAILY;COUNT=1' });
    await complete(ada, { id: instance?.id ?? '', version: 1 });
    await Promise.all(Array.from({ length: 49 }, () => make(ada, { recurrence: null })));
    const changed = await change(ada, once.id, { rule: 'FREQ=DAILY', title: 'y', active: true });
    expect(changed).toMatchObject({ template: { title: 'y', rule: 'FREQ=DAILY' }, instance: null });
    await world.sql(`delete from tasks.task where id = $1`, [instance?.id]);
    world.clock.advance(20 * 60_000);
    await world.runJobs('tasks.retry-instances');
    expect((await ada.ok(Tasks, { filter: { templateId: once.id } })).tasks.totalCount).toBe(1);
  });
});

const nine = (day: string) => `${day}T09:00:00.000Z`;

describe('this and future instances', () => {
  const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };

  test('at an earlier hour stay on their days', async () => {
    goTo(world, '2027-10-01T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-10-03T09:00:00Z' });
    const recurrence = { rule: 'FREQ=DAILY;BYHOUR=7' };
    const input = { id: task.id, version: 1, recurrence, ...scope };
    const moved = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(moved).toMatchObject({ dueDate: '2027-10-03T07:00:00.000Z' });
    expect((await ada.ok(TaskTemplate, { id: moved.template?.id ?? '' })).taskTemplate.ruleText).toBe(
      'every day at 07:00',
    );
    expect((await complete(ada, moved)).nextInstance?.dueDate).toBe('2027-10-04T07:00:00.000Z');
  });

  test('can take the date of one that is done', async () => {
    goTo(world, '2027-10-04T08:00:00Z');
    const ada = await world.user();
    const task = await make(ada, { dueDate: '2027-10-04T09:00:00Z' });
    const { nextInstance } = await complete(ada, task);
    const recurrence = { rule: 'FREQ=WEEKLY', timeZone: 'UTC' };
    const input = { id: nextInstance?.id ?? '', version: 1, dueDate: task.dueDate, recurrence, ...scope };
    const moved = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(moved.dueDate).toBe(task.dueDate);
    expect((await complete(ada, moved)).nextInstance?.dueDate).toBe('2027-10-11T09:00:00.000Z');
  });
});

describe('this and future instances under the same rule', () => {
  const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };

  test('at another time go on with their COUNT', async () => {
    goTo(world, '2027-10-05T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY;COUNT=3', timeZone: 'UTC' };
    const task = await make(ada, { recurrence, dueDate: '2027-10-05T09:00:00Z' });
    const { nextInstance: second } = await complete(ada, task);
    const input = { id: second?.id ?? '', version: 1, dueDate: '2027-10-06T10:00:00Z', recurrence, ...scope };
    const moved = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(await dueDatesOf(ada, moved)).toEqual(['2027-10-06T10:00:00.000Z', '2027-10-07T10:00:00.000Z']);
  });

  test('without a due date are due when the rule says', async () => {
    goTo(world, '2027-10-05T08:00:00Z'); // a Tuesday
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=WEEKLY', timeZone: 'UTC' };
    const task = await make(ada, { recurrence, dueDate: '2027-10-07T10:00:00Z' });
    const input = { id: task.id, version: 1, dueDate: null, recurrence, ...scope };
    const same = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(same.dueDate).toBe('2027-10-07T10:00:00.000Z');
    const cleared = (await ada.ok(UpdateTask, { input: { id: task.id, version: 2, dueDate: null } })).updateTask.task;
    expect(cleared.dueDate).toBeNull();
    const other = { rule: 'FREQ=WEEKLY;INTERVAL=2', timeZone: 'UTC' };
    const changed = { id: task.id, version: 3, recurrence: other, ...scope };
    expect((await ada.ok(UpdateTask, { input: changed })).updateTask.task.dueDate).toBe('2027-10-07T10:00:00.000Z');
  });

  test('in another time zone are due at its nine, and never twice at one moment', async () => {
    goTo(world, '2027-10-05T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY', timeZone: 'America/New_York' };
    const task = await make(ada, { recurrence, dueDate: '2027-10-06T13:00:00Z' });
    const input = { id: task.id, version: 1, recurrence: { rule: 'FREQ=DAILY', timeZone: 'Europe/Paris' }, ...scope };
    const moved = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(moved.dueDate).toBe('2027-10-06T07:00:00.000Z');
    const rule = { id: task.template?.id ?? '', rule: 'FREQ=DAILY;BYHOUR=7', timeZone: 'UTC' };
    await ada.ok(UpdateTaskTemplate, { input: rule });
    expect((await complete(ada, moved)).nextInstance?.dueDate).toBe('2027-10-07T07:00:00.000Z');
  });
});

describe('this and future instances under a rule that the template was given before', () => {
  const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };
  const daily = { rule: 'FREQ=DAILY;BYHOUR=9', timeZone: 'UTC' };
  type Made = Awaited<ReturnType<typeof make>>;
  const ways = {
    'by updateTaskTemplate': async (ada: Person, task: Made, given: { rule: string; timeZone: string }) => {
      const input = { id: task.template?.id ?? '', ...given };
      await ada.ok(UpdateTaskTemplate, { input });
      return task.version;
    },
    'by updateTask': async (ada: Person, task: Made, recurrence: { rule: string; timeZone: string }) => {
      const input = { id: task.id, version: task.version, recurrence, recurrenceScope: 'TEMPLATE_ONLY' as const };
      return (await ada.ok(UpdateTask, { input })).updateTask.task.version;
    },
    'not at all': async (_: Person, task: Made) => task.version,
  };
  const rules = [
    ['FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;COUNT=2', 'UTC', ['2028-03-13T09:00:00.000Z', '2028-03-20T09:00:00.000Z']],
    ['FREQ=DAILY;BYHOUR=7;COUNT=2', 'UTC', ['2028-03-10T07:00:00.000Z', '2028-03-11T07:00:00.000Z']],
    ['FREQ=DAILY;BYHOUR=9', 'America/New_York', ['2028-03-10T14:00:00.000Z', '2028-03-11T14:00:00.000Z']],
  ] as const;
  const cases = rules.flatMap(([rule, timeZone, dates]) =>
    Object.entries(ways).map(([way, edit]) => ({ rule, timeZone, dates, way, edit })),
  );

  test.each(cases)('$way follow it: $rule in $timeZone', async ({ rule, timeZone, dates, edit }) => {
    goTo(world, '2028-03-10T00:02:00Z'); // a Friday
    const ada = await world.user();
    const task = await make(ada, { recurrence: daily });
    expect(task.dueDate).toBe('2028-03-10T09:00:00.000Z');
    const recurrence = { rule, timeZone };
    const input = { id: task.id, version: await edit(ada, task, recurrence), recurrence, ...scope };
    const moved = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(moved).toMatchObject({ dueDate: dates[0], version: input.version + 1 });
    const again = (await ada.ok(UpdateTask, { input: { ...input, version: moved.version } })).updateTask.task;
    expect(again).toMatchObject({ dueDate: dates[0], version: moved.version });
    expect(await dueDatesOf(ada, again, 2)).toEqual(dates);
  });

  test('cannot begin at a past instance that does not follow it, and leave a completed one', async () => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: daily });
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9', timeZone: 'UTC' };
    await ada.ok(UpdateTaskTemplate, { input: { id: task.template?.id ?? '', ...recurrence } });
    goTo(world, '2028-03-11T00:02:00Z');
    const input = { id: task.id, version: 1, recurrence, ...scope };
    await ada.refused(UpdateTask, { input }, 'CONFLICT');
    await complete(ada, task);
    const done = { ...input, version: 2, title: 'y' };
    const renamed = (await ada.ok(UpdateTask, { input: done })).updateTask.task;
    expect(renamed).toMatchObject({ title: 'y', dueDate: task.dueDate });
  });

  test('leave one alone that was moved by hand', async () => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: daily });
    const dueDate = '2028-03-10T10:30:00.000Z';
    await ada.ok(UpdateTask, { input: { id: task.id, version: 1, dueDate } });
    const same = { id: task.id, version: 2, recurrence: daily, ...scope };
    expect((await ada.ok(UpdateTask, { input: same })).updateTask.task).toMatchObject({ dueDate, version: 2 });
  });

  const moving = [
    ['in another time zone', 'Europe/London', async () => undefined, '2028-03-18T09:00:00.000Z'],
    [
      'in another time zone that follows one more',
      'America/New_York',
      (ada, id) => change(ada, id, { timeZone: 'Asia/Tokyo' }),
      '2028-03-18T13:00:00.000Z',
    ],
  ] satisfies [string, string, (ada: Person, id: string) => Promise<unknown>, string][];
  test.each(moving)(
    'leave one where it was moved to by hand, whose date does not come back: %s',
    async (_, timeZone, before, second) => {
      goTo(world, '2028-03-10T00:02:00Z');
      const ada = await world.user();
      const weekly = { rule: 'FREQ=WEEKLY;BYHOUR=9;COUNT=2', timeZone: 'UTC' };
      const task = await make(ada, { recurrence: weekly, dueDate: '2028-03-11T09:00:00Z' });
      const dueDate = '2028-03-13T13:00:00.000Z';
      await ada.ok(UpdateTask, { input: { id: task.id, version: 1, dueDate } });
      await before(ada, task.template?.id ?? '');
      const input = { id: task.id, version: 2, recurrence: { ...weekly, timeZone }, ...scope };
      const again = (await ada.ok(UpdateTask, { input })).updateTask.task;
      expect(await dueDatesOf(ada, again)).toEqual([dueDate, second]);
    },
  );

  test.each(['Europe/Paris', 'America/New_York', 'Asia/Tokyo'])(
    'in %s end by the same wall clock, and are no other rule: UNTIL without a zone',
    async (timeZone) => {
      goTo(world, '2028-03-10T00:02:00Z');
      const ada = await world.user();
      const rule = 'FREQ=DAILY;BYHOUR=9;UNTIL=20280314';
      const begin = { recurrence: { rule, timeZone: 'Europe/London' }, dueDate: '2028-03-12T09:00:00Z' };
      const [task, other] = [await make(ada, begin), await make(ada, begin)];
      const dueDate = '2028-03-12T14:00:00.000Z';
      await ada.ok(UpdateTask, { input: { id: task.id, version: 1, dueDate } });
      const input = { id: task.id, version: 2, recurrence: { rule, timeZone }, ...scope };
      const again = (await ada.ok(UpdateTask, { input })).updateTask.task;
      const hour = { 'Europe/Paris': '08', 'America/New_York': '13', 'Asia/Tokyo': '00' }[timeZone];
      const later = ['13', '14'].map((day) => `2028-03-${day}T${hour}:00:00.000Z`);
      expect(await dueDatesOf(ada, again)).toEqual([dueDate, ...later]);
      // By the template alone it does not go back before its beginning either.
      const { nextInstance } = await complete(ada, other);
      await ada.ok(UpdateTaskTemplate, { input: { id: other.template?.id ?? '', rule, timeZone } });
      expect(await dueDatesOf(ada, nextInstance ?? other)).toEqual([nextInstance?.dueDate, later[1]]);
    },
  );

  test('change nothing while it is paused', async () => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const recurrence = { ...daily, rule: 'FREQ=DAILY;BYHOUR=9;COUNT=3' };
    const task = await make(ada, { recurrence });
    const dueDate = '2028-03-12T15:00:00.000Z';
    await ada.ok(UpdateTask, { input: { id: task.id, version: 1, dueDate } });
    const before = await nextDates(ada, task.template?.id ?? '');
    await change(ada, task.template?.id ?? '', { active: false });
    for (const [version, recurrenceScope] of [[2, 'THIS_AND_FUTURE'] as const, [3, 'TEMPLATE_ONLY'] as const]) {
      const input = { id: task.id, version, title: `x${version}`, dueDate, recurrence, recurrenceScope };
      const saved = (await ada.ok(UpdateTask, { input })).updateTask.task;
      expect(saved).toMatchObject({ dueDate, template: { active: false } });
    }
    expect(await nextDates(ada, task.template?.id ?? '')).toEqual(before);
    await change(ada, task.template?.id ?? '', { active: true });
    expect(await dueDatesOf(ada, { id: task.id, version: 4, dueDate })).toEqual([
      dueDate,
      '2028-03-11T09:00:00.000Z',
      '2028-03-12T09:00:00.000Z',
    ]);
  });

  test('change nothing of one that its template has moved, when its due date is given as it is', async () => {
    goTo(world, '2028-03-20T00:02:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
    const task = await make(ada, { recurrence, dueDate: '2028-03-20T09:00:00Z' });
    const { template: moved } = await change(ada, task.template?.id ?? '', { timeZone: 'America/New_York' });
    const form = { dueDate: task.dueDate, recurrence: { rule: moved.rule, timeZone: moved.timeZone }, ...scope };
    const saved = (await ada.ok(UpdateTask, { input: { id: task.id, version: 1, title: 'y', ...form } })).updateTask
      .task;
    const nine = ['21', '22'].map((day) => `2028-03-${day}T13:00:00.000Z`);
    expect(await dueDatesOf(ada, saved, 3)).toEqual([task.dueDate, ...nine]);
  });

  test('leave the first one where it is, though that is no date of theirs', async () => {
    goTo(world, '2027-12-29T08:00:00Z');
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0', timeZone: 'UTC' };
    const task = await make(ada, { recurrence, dueDate: '2028-01-02T09:00:00Z' }); // a Sunday
    const saved = (version: number, more: object) => ({
      input: { id: task.id, version, recurrence, ...scope, ...more },
    });
    const kept = (await ada.ok(UpdateTask, saved(1, { title: 'y' }))).updateTask.task;
    expect(kept).toMatchObject({ title: 'y', dueDate: '2028-01-02T09:00:00.000Z' });
    const dueDate = '2028-01-06T09:00:00.000Z';
    await ada.ok(UpdateTask, { input: { id: task.id, version: 2, dueDate } });
    const again = (await ada.ok(UpdateTask, saved(3, { title: 'z' }))).updateTask.task;
    const tuesdays = ['04', '11'].map((day) => `2028-01-${day}T09:00:00.000Z`);
    expect(await dueDatesOf(ada, again, 3)).toEqual([dueDate, ...tuesdays]);
  });

  test('begin with the task that comes to them from a later day', async () => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const task = await make(ada, { recurrence: { ...daily, rule: 'FREQ=MONTHLY' }, dueDate: '2028-03-20T08:00:00Z' });
    await change(ada, task.template?.id ?? '', { rule: daily.rule });
    const input = { id: task.id, version: 1, recurrence: daily, ...scope };
    const again = (await ada.ok(UpdateTask, { input })).updateTask.task;
    expect(await dueDatesOf(ada, again, 3)).toEqual(['20', '21', '22'].map((day) => `2028-03-${day}T09:00:00.000Z`));
  });
});

describe('a recurrence with an empty due date takes the date that it takes with one', () => {
  const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };
  const daily = { rule: 'FREQ=DAILY;BYHOUR=9', timeZone: 'UTC' };
  const clearings = ['with it', 'before', 'never'] as const;
  const rules = [
    ['FREQ=DAILY;BYHOUR=8', '2028-03-10T08:00:00.000Z'],
    ['FREQ=DAILY;BYHOUR=9', '2028-03-10T09:00:00.000Z'],
    ['FREQ=DAILY;INTERVAL=2', '2028-03-10T09:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO;BYHOUR=8', '2028-03-13T08:00:00.000Z'],
  ] as const;
  const cases = rules.flatMap(([rule, date]) => clearings.map((cleared) => ({ rule, date, cleared })));

  test.each(cases)('$rule, cleared $cleared', async ({ rule, date, cleared }) => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const { id } = await make(ada, { recurrence: daily });
    if (cleared === 'before') await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: null } });
    const empty = cleared === 'with it' ? { dueDate: null } : {};
    const version = cleared === 'before' ? 2 : 1;
    const input = { id, version, recurrence: { rule, timeZone: 'UTC' }, ...empty, ...scope };
    expect((await ada.ok(UpdateTask, { input })).updateTask.task.dueDate).toBe(date);
  });

  test.each(clearings)('after one of that day was done, cleared %s', async (cleared) => {
    goTo(world, '2028-03-10T00:02:00Z');
    const ada = await world.user();
    const { nextInstance } = await complete(ada, await make(ada, { recurrence: daily }));
    const id = nextInstance?.id ?? '';
    if (cleared === 'before') await ada.ok(UpdateTask, { input: { id, version: 1, dueDate: null } });
    const empty = cleared === 'with it' ? { dueDate: null } : {};
    const recurrence = { rule: 'FREQ=DAILY;BYHOUR=8', timeZone: 'UTC' };
    const input = { id, version: cleared === 'before' ? 2 : 1, recurrence, ...empty, ...scope };
    expect((await ada.ok(UpdateTask, { input })).updateTask.task.dueDate).toBe('2028-03-11T08:00:00.000Z');
  });
});

test('the whole form of a past or completed instance can be sent back', async () => {
  goTo(world, '2027-10-08T08:00:00Z');
  const ada = await world.user();
  const task = await make(ada, { dueDate: '2027-10-08T09:00:00Z' });
  goTo(world, '2027-10-10T08:00:00Z');
  const form = { id: task.id, dueDate: task.dueDate, recurrence: { rule: 'interval=1;freq=daily', timeZone: 'UTC' } };
  const late = (await ada.ok(UpdateTask, { input: { ...form, version: 1, title: 'y' } })).updateTask.task;
  expect(late).toMatchObject({ title: 'y', version: 2 });
  await complete(ada, late);
  expect((await ada.ok(UpdateTask, { input: { ...form, version: 3, title: 'z' } })).updateTask.task.title).toBe('z');
});

test('an older one that was opened again makes no second next one, wherever the next was moved', async () => {
  goTo(world, '2027-10-10T08:00:00Z');
  const ada = await world.user();
  const first = await make(ada, { dueDate: '2027-10-12T09:00:00Z' });
  const { task: done, nextInstance: second } = await complete(ada, first);
  const recurrence = { rule: 'FREQ=DAILY;INTERVAL=2', timeZone: 'UTC' };
  const earlier = { id: second?.id ?? '', version: 1, dueDate: '2027-10-11T09:00:00Z', recurrence };
  await ada.ok(UpdateTask, { input: { ...earlier, recurrenceScope: 'THIS_AND_FUTURE' } });
  const { task: open } = (await ada.ok(ReopenTask, { input: { id: first.id, version: done.version } })).reopenTask;
  expect((await complete(ada, open)).nextInstance?.id).toBe(second?.id);
});

test('one of the past that was opened again does not stop the series', async () => {
  goTo(world, '2027-10-11T08:00:00Z');
  const ada = await world.user();
  const first = await make(ada, { dueDate: '2027-10-11T09:00:00Z' });
  const { task: done, nextInstance: second } = await complete(ada, first);
  const { task: open } = (await ada.ok(ReopenTask, { input: { id: first.id, version: done.version } })).reopenTask;
  const { nextInstance: third } = await complete(ada, { id: second?.id ?? '', version: 1 });
  expect(third?.dueDate).toBe('2027-10-13T09:00:00.000Z');
  expect((await complete(ada, open)).nextInstance?.id).toBe(third?.id);
});

test('to end the recurrence of a task that has none writes nothing', async () => {
  const ada = await world.user();
  const task = await make(ada, { recurrence: null });
  const input = { id: task.id, version: 1, recurrence: null };
  expect((await ada.ok(UpdateTask, { input })).updateTask.task.version).toBe(1);
});

test('a time zone is kept in its own spelling wherever it is given, and is the same however it is spelled', async () => {
  goTo(world, '2027-10-20T20:04:27Z');
  const ada = await world.user();
  const rule = 'FREQ=DAILY;BYHOUR=9';
  const { template } = (await ada.ok(CreateTaskTemplate, { input: { title: 'x', rule, timeZone: 'europe/london' } }))
    .createTaskTemplate;
  expect(template.timeZone).toBe('Europe/London');
  const zoneOf = async (id = '') => (await ada.ok(TaskTemplate, { id })).taskTemplate.timeZone;
  await ada.ok(UpdateTaskTemplate, { input: { id: template.id, timeZone: 'asia/kolkata' } });
  expect(await zoneOf(template.id)).toBe('Asia/Kolkata');
  const task = await make(ada, { recurrence: { rule, timeZone: 'america/new_york' } });
  expect(await zoneOf(task.template?.id)).toBe('America/New_York');
  // The rule that it has already needs no scope.
  const same = { rule, timeZone: 'AMERICA/NEW_YORK' };
  const input = { id: task.id, version: 1, recurrence: same };
  expect((await ada.ok(UpdateTask, { input })).updateTask.task.version).toBe(1);
  const preview = (await ada.ok(PreviewRecurrence, { rule, timeZone: 'EUROPE/london' })).previewRecurrence;
  expect(preview.occurrences[0]).toBe('2027-10-21T08:00:00.000Z');
});

describe('a rule that names an hour and no minute', () => {
  test('means the full hour where nobody chose a beginning', async () => {
    goTo(world, '2027-10-20T20:04:27.250Z'); // a Wednesday
    const ada = await world.user();
    const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9', timeZone: 'Europe/London' };
    const task = await make(ada, { recurrence });
    expect(task.dueDate).toBe('2027-10-25T08:00:00.000Z');
    const { ruleText } = (await ada.ok(TaskTemplate, { id: task.template?.id ?? '' })).taskTemplate;
    expect(ruleText).toBe('every week on Monday at 09:00');
    const preview = (await ada.ok(PreviewRecurrence, recurrence)).previewRecurrence;
    expect(preview).toMatchObject({ text: 'every week on Monday at 09:00' });
    expect(preview.occurrences.slice(0, 2)).toEqual(['2027-10-25T08:00:00.000Z', '2027-11-01T09:00:00.000Z']);
  });

  test('takes the minute of the beginning that was chosen, and says so', async () => {
    const ada = await world.user();
    const from = '2027-10-25T12:34:56.500Z';
    const preview = await ada.ok(PreviewRecurrence, { rule: 'FREQ=DAILY;BYHOUR=9;COUNT=2', timeZone: 'UTC', from });
    expect(preview.previewRecurrence).toEqual({
      text: 'every day at 09:34:56, 2 times',
      occurrences: ['2027-10-26T09:34:56.000Z', '2027-10-27T09:34:56.000Z'],
    });
  });
});

test('a rule that ends before the full hour at which it would begin is refused', async () => {
  goTo(world, '2027-10-27T08:30:00Z');
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=DAILY;BYHOUR=8;UNTIL=20271027', timeZone: 'UTC' };
  await ada.refused(CreateTask, { input: { title: 'x', recurrence } }, 'VALIDATION_FAILED');
});

test('in an hour that comes twice, a task is not due in the first one when that is over', async () => {
  goTo(world, '2027-11-07T06:15:00Z'); // the second 01:15 in New York
  const ada = await world.user();
  for (const rule of ['FREQ=DAILY;BYHOUR=1;BYMINUTE=30', 'FREQ=DAILY']) {
    const { dueDate } = await make(ada, { recurrence: { rule, timeZone: 'America/New_York' } });
    expect(Date.parse(dueDate ?? '')).toBeGreaterThan(world.clock.now().getTime());
  }
});

test('a preview begins at the very second that is asked for', async () => {
  const ada = await world.user();
  const from = '2028-12-01T12:00:00.500Z';
  const { occurrences } = (await ada.ok(PreviewRecurrence, { rule: 'FREQ=DAILY;COUNT=3', from })).previewRecurrence;
  expect(occurrences).toEqual(['01', '02', '03'].map((day) => `2028-12-${day}T12:00:00.000Z`));
});

test.each(['9999-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('nothing is due at %s', async (dueDate) => {
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=YEARLY' };
  const series = { title: 'x', dueDate, recurrence, reminders: [{ type: 'AFTER' as const, offsetMinutes: 43_200 }] };
  const ruled = [{ field: 'dueDate', rule: 'must lie before the year 9999' }];
  expect((await ada.refused(CreateTask, { input: series }, 'VALIDATION_FAILED')).extensions?.['fields']).toEqual(ruled);
  const late = { ...series, dueDate: '9998-12-31T23:59:59.999Z' };
  const { task } = (await ada.ok(CreateTask, { input: late })).createTask;
  const input = { id: task.id, version: 1, dueDate };
  expect((await ada.refused(UpdateTask, { input }, 'VALIDATION_FAILED')).extensions?.['fields']).toEqual(ruled);
  expect((await complete(ada, task)).nextInstance).toBeNull();
});

test('a rule that would begin in the year 9999 is refused', async () => {
  const ada = await world.user();
  const variables = { rule: 'FREQ=DAILY', timeZone: 'Pacific/Apia', from: '9999-01-01T00:00:00Z' };
  const error = await ada.refused(PreviewRecurrence, variables, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toEqual([{ field: 'from', rule: 'must lie before the year 9999' }]);
});

test('a COUNT over the night on which the clock is moved forward is as many tasks as its text, its preview and its template say', async () => {
  const from = '2027-03-27T12:00:00.000Z';
  goTo(world, from);
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0;BYSECOND=0;COUNT=5', timeZone: 'Europe/London' };
  const dates = ['28T01', '29T00', '29T01', '30T00', '30T01'].map((hour) => `2027-03-${hour}:00:00.000Z`);
  const { previewRecurrence } = await ada.ok(PreviewRecurrence, { ...recurrence, from });
  expect(previewRecurrence.text).toContain('5 times');
  expect(previewRecurrence.occurrences).toEqual(dates);
  const task = await make(ada, { recurrence });
  expect(await nextDates(ada, task.template?.id ?? '')).toEqual(dates);
  expect(await dueDatesOf(ada, task, 9)).toEqual(dates);
});

describe('a new rule that comes sooner than the old one brings the series nearer', () => {
  const scope = { recurrenceScope: 'THIS_AND_FUTURE' as const };
  const rare = 'FREQ=YEARLY;BYDAY=53MO;BYHOUR=9';
  const edit = async (person: Person, task: { id: string; version: number }, rule: string, more: object = {}) => {
    const input = { id: task.id, version: task.version, recurrence: { rule, timeZone: 'UTC' }, ...scope, ...more };
    return (await person.ok(UpdateTask, { input })).updateTask.task;
  };
  const skip = async (person: Person, { id, version }: { id: string; version: number }) =>
    (await person.ok(DeleteTask, { input: { id, version } })).deleteTask.nextInstance;
  beforeEach(() => goTo(world, '2028-04-29T12:00:00Z')); // a Saturday
  const begin = async (rule: string) => {
    const ada = await world.user();
    return { ada, task: await make(ada, { recurrence: { rule, timeZone: 'UTC' } }) };
  };

  test.each([
    ['FREQ=DAILY', '2028-04-30'],
    ['FREQ=DAILY;BYHOUR=9', '2028-04-30'],
    ['FREQ=DAILY;COUNT=2', '2028-04-30'],
    ['FREQ=WEEKLY', '2028-05-01'],
    ['FREQ=WEEKLY;BYDAY=TH', '2028-05-04'],
    ['FREQ=MONTHLY', '2028-05-31'],
    ['FREQ=MONTHLY;BYDAY=-1SU', '2028-04-30'],
    ['FREQ=YEARLY;BYMONTH=7', '2028-07-31'],
    ['FREQ=YEARLY', '2028-12-31'],
    ['FREQ=YEARLY;BYWEEKNO=20', '2028-05-15'],
    ['FREQ=DAILY;INTERVAL=2', '2028-04-30'],
    ['FREQ=WEEKLY;INTERVAL=2', '2028-05-08'],
  ])('with an empty due date: %s', async (rule, day) => {
    const { ada, task } = await begin('FREQ=DAILY;BYHOUR=9');
    const far = await edit(ada, task, rare);
    expect(far.dueDate).toBe(nine('2029-12-31')); // a Monday
    const stays = await edit(ada, far, `${rare};BYMINUTE=0`);
    expect(stays.dueDate).toBe(nine('2029-12-31'));
    const near = await edit(ada, stays, rule, { dueDate: null });
    expect(near.dueDate).toBe(nine(day));
    // It stays there, however often it is said, and the next one is behind it.
    expect((await edit(ada, near, rule, { dueDate: null })).dueDate).toBe(nine(day));
    const { version } = (await ada.ok(Task, { id: task.id })).task;
    const next = await skip(ada, { id: task.id, version });
    expect(next?.dueDate).toEqual(expect.any(String));
    expect(Date.parse(next?.dueDate ?? '')).toBeGreaterThan(Date.parse(nine(day)));
  });

  test('with an empty due date, given before, or under the rule that it got before', async () => {
    const { ada, task } = await begin('FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=9');
    const { version } = (await ada.ok(UpdateTask, { input: { id: task.id, version: 1, dueDate: null } })).updateTask
      .task;
    const near = await edit(ada, { id: task.id, version }, 'FREQ=DAILY;BYHOUR=9');
    expect(near.dueDate).toBe(nine('2028-04-30'));
    const other = await make(ada, { recurrence: { rule: rare, timeZone: 'UTC' } });
    const kept = await edit(ada, other, 'FREQ=DAILY;BYHOUR=9');
    expect(kept.dueDate).toBe(other.dueDate);
    expect((await edit(ada, kept, 'FREQ=DAILY;BYHOUR=9', { dueDate: null })).dueDate).toBe(nine('2028-04-30'));
  });

  test('but the same rule, of which one is done already, goes on behind that', async () => {
    const { ada, task } = await begin('FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=9');
    const { nextInstance: second } = await complete(ada, task);
    const same = await edit(ada, second ?? task, 'FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=9', { dueDate: null });
    expect(same.dueDate).toBe(nine('2028-06-28'));
    expect((await skip(ada, same))?.dueDate).toBe(nine('2028-07-28'));
  });

  const ways = {
    'by updateTaskTemplate': async (ada: Person, task: { id: string; version: number }, id: string, rule: string) => {
      await change(ada, id, { rule });
      return task;
    },
    'by updateTask': (ada: Person, task: { id: string; version: number }, _: string, rule: string) =>
      edit(ada, task, rule, { recurrenceScope: 'TEMPLATE_ONLY' as const }),
  };
  const rules = [
    ['FREQ=DAILY;BYHOUR=9', '2028-04-30', '2028-05-01'],
    ['FREQ=WEEKLY;BYDAY=TU', '2028-05-02', '2028-05-09'],
    ['FREQ=WEEKLY;INTERVAL=2', '2028-05-03', '2028-05-17'],
    // A COUNT begins with the task that is to come.
    ['FREQ=DAILY;COUNT=2', '2028-06-28', '2028-06-29'],
    ['FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1', '2028-07-01', '2029-07-01'],
  ] as const;
  const cases = rules.flatMap(([rule, first, second]) =>
    Object.entries(ways).map(([way, give]) => ({ rule, first, second, way, give })),
  );

  test.each(cases)('of the template $way: $rule', async ({ rule, first, second, give }) => {
    for (const goOn of [
      skip,
      async (person: Person, task: { id: string; version: number }) => (await complete(person, task)).nextInstance,
    ]) {
      const { ada, task } = await begin('FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=9');
      const id = task.template?.id ?? '';
      const { nextInstance } = await complete(ada, task);
      expect(nextInstance?.dueDate).toBe(nine('2028-06-28'));
      const open = await give(ada, nextInstance ?? task, id, rule);
      expect((await ada.ok(Task, { id: open.id })).task.dueDate).toBe(nine('2028-06-28'));
      expect((await nextDates(ada, id)).slice(0, 2)).toEqual([nine(first), nine(second)]);
      const next = await goOn(ada, open);
      expect(next?.dueDate).toBe(nine(rule.includes('COUNT') ? second : first));
    }
  });

  test('of the template is followed by the open task when that is given it, too', async () => {
    const { ada, task } = await begin('FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=9');
    await change(ada, task.template?.id ?? '', { rule: 'FREQ=DAILY;BYHOUR=9' });
    const kept = await edit(ada, task, 'FREQ=DAILY;BYHOUR=9');
    expect(kept).toMatchObject({ dueDate: nine('2028-05-28'), version: 1 });
    expect((await edit(ada, kept, 'FREQ=DAILY;BYHOUR=9', { dueDate: null })).dueDate).toBe(nine('2028-04-30'));
  });
});

describe('a new rule makes no task on a day on which another was due', () => {
  const at = (day: string, hour = '22:00') => `2028-${day}T${hour}:00.000Z`;
  const begin = async (rule: string) => {
    goTo(world, '2028-08-13T18:47:00Z'); // a Sunday
    const ada = await world.user();
    return { ada, task: await make(ada, { recurrence: { rule, timeZone: 'UTC' } }) };
  };
  type Open = { id: string; version: number; dueDate?: unknown } | null | undefined;
  const done = async (person: Person, task: Open) => {
    if (!task) throw new Error('A task is open.');
    return (await complete(person, task)).nextInstance;
  };
  const edit = async (person: Person, task: Open, input: object) => {
    const given = { id: task?.id ?? '', version: task?.version ?? 1, ...input };
    return (await person.ok(UpdateTask, { input: given })).updateTask.task;
  };

  test.each([
    ['FREQ=DAILY;BYHOUR=22', 4],
    ['FREQ=DAILY;BYHOUR=22;COUNT=3', 3],
  ])('also where the series had ended: %s', async (rule, count) => {
    const { ada, task } = await begin('FREQ=DAILY;COUNT=3;BYHOUR=23;BYMINUTE=0');
    expect(await dueDatesOf(ada, task)).toHaveLength(3);
    const { instance } = await change(ada, task.template?.id ?? '', { rule });
    const dates = ['08-16', '08-17', '08-18', '08-19'].slice(0, count).map((day) => at(day));
    expect(await nextDates(ada, task.template?.id ?? '')).toEqual(expect.arrayContaining(dates));
    expect(instance).not.toBeNull();
    if (instance) expect(await dueDatesOf(ada, instance, 4)).toEqual(dates);
  });

  const recurrence = { rule: 'FREQ=DAILY;BYHOUR=22;BYMINUTE=0;BYSECOND=0', timeZone: 'UTC' };
  test.each(['updateTaskTemplate', 'TEMPLATE_ONLY', 'THIS_AND_FUTURE'] as const)('at any step: %s', async (way) => {
    const { ada, task } = await begin('FREQ=DAILY;INTERVAL=3;BYHOUR=23;BYMINUTE=0');
    const third = await done(ada, await done(ada, task)); // 08-13 and 08-16 are done, 08-19 is open.
    expect(third?.dueDate).toBe(at('08-19', '23:00'));
    let open: Open = third;
    if (way === 'updateTaskTemplate') await change(ada, task.template?.id ?? '', { rule: recurrence.rule });
    else {
      const moves = way === 'THIS_AND_FUTURE' ? { dueDate: null } : {};
      open = await edit(ada, third, { recurrence, recurrenceScope: way, ...moves });
    }
    const days = ['08-14', '08-15', '08-17', '08-18', ...(way === 'THIS_AND_FUTURE' ? ['08-19'] : []), '08-20'];
    const dates = days.map((day) => at(day));
    if (way !== 'THIS_AND_FUTURE') open = await done(ada, open);
    expect(await dueDatesOf(ada, open ?? task, days.length)).toEqual(dates);
  });

  test('by its due date, where that was moved by hand', async () => {
    const { ada, task } = await begin('FREQ=WEEKLY;BYDAY=SA;BYHOUR=22;BYMINUTE=0');
    const moved = await edit(ada, task, { dueDate: at('08-16', '00:56') });
    const next = await done(ada, moved);
    const open = await edit(ada, next, { recurrence, recurrenceScope: 'THIS_AND_FUTURE', dueDate: null });
    const dates = ['08-13', '08-14', '08-15', '08-17', '08-18', '08-20'].map((day) => at(day));
    expect(await dueDatesOf(ada, open, 6)).toEqual(dates);
  });

  test.each([
    ['pulled forward', '08-14', ['08-15', '08-16', '08-17']],
    ['postponed', '08-22', ['08-23', '08-24', '08-25']],
  ])('and its COUNT counts from the due date of an open task that was %s', async (_, day, days) => {
    const { ada, task } = await begin('FREQ=WEEKLY;BYDAY=FR;BYHOUR=9;BYMINUTE=0');
    const id = task.template?.id ?? '';
    const moved = await edit(ada, task, { dueDate: at(day, '18:47') });
    await change(ada, id, { rule: 'FREQ=DAILY;COUNT=4' });
    const dates = days.map((each) => at(each, '09:00'));
    expect(await nextDates(ada, id)).toEqual([at(day, '09:00'), ...dates]);
    expect(await dueDatesOf(ada, moved)).toEqual([at(day, '18:47'), ...dates]);
  });
});
