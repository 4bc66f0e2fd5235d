import { beforeAll, expect, test } from '@jest/globals';
import { AddReminder, CompleteTask, CreateTask } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });
let ada: Person;
/** One with a subtask and a reminder. */
let open: string;
/** The same, done. */
let done: string;

async function make(): Promise<string> {
  const subtasks = [{ title: 'a' }];
  const dueDate = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x', dueDate, subtasks } })).createTask;
  await ada.ok(AddReminder, { input: { taskId: task.id, type: 'BEFORE', offsetMinutes: 5 } });
  return task.id;
}

beforeAll(async () => {
  ada = await world.user();
  [open, done] = [await make(), await make()];
  await ada.ok(CompleteTask, { input: { id: done, version: 1, force: true } });
});

test.each<[string, () => string, string, string]>([
  [
    'a completed task with an open subtask and a reminder to come',
    () => open,
    "update tasks.task set completed = true, completed_at = '2027-01-01Z', completed_by = 'MANUAL' where id = $1",
    'open subtask or a reminder',
  ],
  [
    'an open subtask of a completed task',
    () => done,
    'update tasks.subtask set completed = false, completed_at = null, closed_by_force = false where task_id = $1',
    'open subtask',
  ],
  [
    'a reminder to come of a completed task',
    () => done,
    "update tasks.reminder set state = 'SCHEDULED' where task_id = $1",
    'reminder to come',
  ],
  ['a blank title', () => open, "update tasks.task set title = '   ' where id = $1", 'task_title_length'],
  [
    'an open subtask that was closed by force',
    () => open,
    'update tasks.subtask set closed_by_force = true where task_id = $1',
    'subtask_closed_by_force_whole',
  ],
  [
    'a blank title of a subtask',
    () => open,
    "update tasks.subtask set title = ' ' where task_id = $1",
    'subtask_title_length',
  ],
  [
    'a tag of 31 characters',
    () => open,
    "update tasks.task set tags = array['home', repeat('x', 31)] where id = $1",
    'task_tags_length',
  ],
  [
    'a tag that is none',
    () => open,
    "update tasks.task set tags = array['home', null] where id = $1",
    'task_tags_length',
  ],
  ['an empty tag', () => open, "update tasks.task set tags = array['home', ''] where id = $1", 'task_tags_length'],
  [
    'a past that is rewritten',
    () => open,
    "update activity.event set type = 'task.deleted' where entity_id = $1",
    'What has happened does not change.',
  ],
])('the database refuses %s', async (_, id, statement, reason) => {
  await expect(world.sql(statement, [id()])).rejects.toThrow(reason);
});

test('the database refuses a gap in the steps of a template, an absolute reminder of it, and another account’s', async () => {
  const [eve, recurrence] = [await world.user(), { rule: 'FREQ=DAILY' }];
  const input = { title: 'x', subtasks: [{ title: 'a' }, { title: 'b' }], recurrence };
  const mine = (await ada.ok(CreateTask, { input })).createTask.task.template?.id;
  const hers = (await eve.ok(CreateTask, { input })).createTask.task.template?.id;
  const steps = 'update tasks.template_subtask set';
  await expect(world.sql(`${steps} position = 5 where template_id = $1 and position = 1`, [mine])).rejects.toThrow(
    'gap',
  );
  await expect(world.sql(`${steps} title = ' ' where template_id = $1`, [mine])).rejects.toThrow('title_length');
  const reminder = `insert into tasks.template_reminder (id, user_id, template_id, type, offset_minutes, method)
    values (gen_random_uuid(), $1, $2, $3, 5, 'PUSH')`;
  await expect(world.sql(reminder, [ada.id, mine, 'ABSOLUTE'])).rejects.toThrow('template_reminder_relative');
  await expect(world.sql(reminder, [ada.id, hers, 'BEFORE'])).rejects.toThrow("another account's");
  await expect(world.sql(`${steps} template_id = $1 where template_id = $2`, [hers, mine])).rejects.toThrow(
    "another account's",
  );
});

test('the database takes tags as long as they may be', async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(30, 'ä'));
  expect((await ada.ok(CreateTask, { input: { title: 'x', tags } })).createTask.task.tags).toEqual(tags);
});

test('the database refuses what hangs on another account', async () => {
  const bob = await world.user();
  const task = (await bob.ok(CreateTask, { input: { title: 'y' } })).createTask.task.id;
  for (const table of ['subtask', 'reminder'])
    await expect(world.sql(`update tasks.${table} set task_id = $1 where task_id = $2`, [task, open])).rejects.toThrow(
      `tasks.${table} hangs on another account's tasks.task.`,
    );
});

test('every row of an account that hangs on another row of an account is guarded so', async () => {
  const references = await world.sql<{ name: string; guarded: boolean }>(
    `select c.conrelid::regclass || '.' || a.attname as name, exists (
       select from pg_trigger where tgrelid = c.conrelid and tgname like '%_of_own_' || regexp_replace(a.attname, '_id$', '')
     ) as guarded
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f'
       and (select count(*) from pg_attribute where attrelid in (c.conrelid, c.confrelid) and attname = 'user_id') = 2`,
  );
  expect(references).toContainEqual({ name: 'tasks.subtask.task_id', guarded: true });
  expect(references.filter(({ guarded }) => !guarded)).toEqual([]);
});
