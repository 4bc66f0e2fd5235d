import { beforeAll, expect, test } from '@jest/globals';
import { AddReminder, CompleteTask, CreateTask } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, shared: 'what is tried is refused, so nothing changes' });
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
  const reminder = `insert into tasks.template_reminder (id, account_id, template_id, type, offset_minutes, method)
    values (gen_random_uuid(), $1, $2, $3, 5, 'PUSH')`;
  await expect(world.sql(reminder, [ada.id, mine, 'ABSOLUTE'])).rejects.toThrow('template_reminder_relative');
  await expect(world.sql(reminder, [ada.id, hers, 'BEFORE'])).rejects.toThrow('template_reminder_template_id_foreign');
  await expect(world.sql(`${steps} template_id = $1 where template_id = $2`, [hers, mine])).rejects.toThrow(
    'template_subtask_template_id_foreign',
  );
});

test('the database takes tags as long as they may be', async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(30, 'ä'));
  expect((await ada.ok(CreateTask, { input: { title: 'x', tags } })).createTask.task.tags).toEqual(tags);
});

test('the database refuses what belongs to a task of another account', async () => {
  const bob = await world.user();
  const task = (await bob.ok(CreateTask, { input: { title: 'y' } })).createTask.task.id;
  for (const table of ['subtask', 'reminder'])
    await expect(world.sql(`update tasks.${table} set task_id = $1 where task_id = $2`, [task, open])).rejects.toThrow(
      `${table}_task_id_foreign`,
    );
});

test('a row of an account that refers to another row of an account refers to one of the same', async () => {
  const keys = await world.sql<{ name: string; columns: string[] }>(
    `select conname as name, array(
       select attname::text from unnest(conkey) as key join pg_attribute on attrelid = conrelid and attnum = key
     ) as columns
     from pg_constraint where contype = 'f' and 2 = (
       select count(*) from pg_attribute where attrelid in (conrelid, confrelid) and attname = 'account_id')`,
  );
  expect(keys).toContainEqual({ name: 'subtask_task_id_foreign', columns: ['account_id', 'task_id'] });
  expect(keys.filter(({ columns }) => columns[0] !== 'account_id')).toEqual([]);
});

/** Keys over all accounts: what is looked for without knowing whose it is, such as work that is due. */
const overAccounts = [
  ...['run_unended', 'focus_session_running_since', 'reminder_due', 'task_template_to_retry'],
  ...['action_pending', 'credit_bucket_due', 'credit_hold_leased', 'file_released', 'file_unfinished'],
  ...['payment_look', 'subscription_due', 'account_export_expires_at_id_index'],
  // What operators did is read by its time, of whichever account.
  ...['operator_action_at_index', 'operator_action_pkey'],
  // By these a provider's word finds whose payment it is.
  ...['payment_provider_provider_payment_id_unique', 'payment_reference_unique'],
  ...['recording_awaited', 'action_undoable', 'action_without_message', 'suggestion_ended_at_index'],
  // By these an id that is somebody else's is told from one that nobody has.
  ...[
    'task',
    'subtask',
    'reminder',
    'task_template',
    'note',
    'conversation',
    'chat_message',
    'tombstone',
    'action',
    'file',
    'account_export',
  ].map((table) => `${table}_id_index`),
  // A person focuses on one task at a time, in whichever account.
  ...['focus_session_pkey', 'focus_session_running_unique', 'focus_session_user_id_index'],
];

test('keys and indexes of what belongs to accounts lead with the account', async () => {
  const indexes = await world.sql<{ name: string }>(
    `select relname as name from pg_index join pg_class on pg_class.oid = indexrelid
     join pg_attribute on attrelid = indrelid and attname = 'account_id'
     where indkey[0] <> attnum and not relispartition`,
  );
  expect(indexes.map(({ name }) => name).sort()).toEqual([...overAccounts].sort());
});
