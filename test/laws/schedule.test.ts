import { expect, test } from '@jest/globals';
import { AddReminder, CompleteTask, CreateTask, StartFocus } from '../../generated/documents.js';
import { schedule } from '../../jobs/schedule.js';
import { dayMs } from '../../src/kernel/days.js';
import { harness } from '../support/harness.js';

const world = harness({ lastingTokens: true, worker: false });

/** All that jobs change, as far as it shows. */
async function stateOfEverything() {
  const tables = [
    'tasks.task',
    'tasks.reminder',
    'tasks.focus_session',
    'tasks.task_template',
    'achievements.progress',
  ];
  const rows = tables.map((table) => world.sql<object>(`select * from ${table} order by 1`));
  const events = world.sql<object>('select account_id, number, type from activity.event order by 1, 2');
  return Promise.all([...rows, events]);
}

test('every job has a name of its own', () => {
  const names = schedule({ sweepSeconds: 1 }).map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  expect(twice.map((name) => `${name} is the name of two jobs in jobs/schedule.ts: give one another.`)).toEqual([]);
});

test('every job survives not running for three days, and running twice at once', async () => {
  const ada = await world.user();
  const make = async (input: object) => (await ada.ok(CreateTask, { input: { title: 'x', ...input } })).createTask.task;
  const done = await make({ recurrence: { rule: 'FREQ=DAILY' } });
  await ada.ok(CompleteTask, { input: { id: done.id, version: 1 } });
  const { id } = await make({});
  const at = new Date(world.clock.now().getTime() + dayMs).toISOString();
  await ada.ok(AddReminder, { input: { taskId: id, type: 'ABSOLUTE', at } });
  await ada.ok(StartFocus, { input: { taskId: id } });
  await world.sql('update tasks.task_template set retry_at = now(), failures = 1');
  world.clock.advance(3 * dayMs);

  await Promise.all([world.runJobs(), world.runJobs(), world.runJobs()]);
  const once = await stateOfEverything();
  const types = once.at(-1)?.map((event) => ('type' in event ? event.type : ''));
  for (const type of ['reminder.sent', 'focus.ended']) expect(types?.filter((each) => each === type)).toEqual([type]);
  expect(types?.filter((type) => type === 'streak.updated')).toHaveLength(2);
  await world.runJobs();
  expect(await stateOfEverything()).toEqual(once);
});
