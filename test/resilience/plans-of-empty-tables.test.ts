import { expect, test } from '@jest/globals';
import {
  Achievements,
  Activity,
  AddSubtask,
  Changes,
  CompleteTask,
  Conversations,
  CreateTask,
  CreateTaskTemplate,
  CreditHistory,
  Credits,
  DeletedItems,
  DeleteTask,
  EndFocus,
  FocusSession,
  MarkAllNotificationsRead,
  Notifications,
  RestoreDeleted,
  SendChatMessage,
  StartFocus,
  Task,
  Tasks,
  TaskTemplates,
  UpdateTask,
} from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });
/** Accounts that come later. */
const crowd = 1_000;

/** A bit of everything. */
async function useApp(person: Person): Promise<void> {
  const at = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
  const input = {
    title: 'x',
    dueDate: at,
    subtasks: [{ title: 'a' }],
    reminders: [{ type: 'ABSOLUTE' as const, at }],
  };
  const { task } = (await person.ok(CreateTask, { input })).createTask;
  const series = (await person.ok(CreateTask, { input: { title: 'y', recurrence: { rule: 'FREQ=DAILY' } } }))
    .createTask;
  await person.ok(CreateTaskTemplate, { input: { title: 'z', rule: 'FREQ=WEEKLY' } });
  await person.ok(AddSubtask, { input: { taskId: task.id, title: 'b' } });
  await person.ok(UpdateTask, { input: { id: task.id, version: task.version, title: 'x again' } });
  await person.ok(StartFocus, { input: { taskId: task.id } });
  await person.ok(FocusSession, {});
  await person.ok(EndFocus, {});
  await person.ok(CompleteTask, { input: { id: series.task.id, version: series.task.version } });
  const { version } = (await person.ok(Task, { id: task.id })).task;
  const { deletedItem } = (await person.ok(DeleteTask, { input: { id: task.id, version } })).deleteTask;
  await person.ok(DeletedItems, {});
  await person.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const { answer } = (await person.ok(SendChatMessage, { input: { content: 'Where do I start?' } })).sendChatMessage;
  await eventually(
    () => world.sql<{ state: string }>('select state from assistant.chat_message where id = $1', [answer.id]),
    ([row]) => row?.state === 'COMPLETE',
  );
  for (const filter of [{}, { search: 'x' }, { tags: ['home'] }]) await person.ok(Tasks, { filter });
  await person.ok(TaskTemplates, {});
  await person.ok(Conversations, {});
  await person.ok(Notifications, {});
  await person.ok(MarkAllNotificationsRead, {});
  await person.ok(Achievements, {});
  await person.ok(Credits, {});
  await person.ok(CreditHistory, {});
  await person.ok(Activity, {});
  await person.ok(Changes, {});
  await world.runJobs();
}

/** Others come, with all that they have, and nobody gathers statistics. */
async function grow(): Promise<void> {
  await world.sql(
    `with person as (
       insert into auth.user (id, google_subject, email, name, created_at)
       select id, id, 'crowd@example.com', 'Crowd', now() from (select gen_random_uuid() as id from generate_series(1, ${crowd})) as made
       returning id
     ), account as (
       insert into accounts.account (id, kind, plan, created_at) select id, 'PERSON', 'PRO', now() from person returning id
     ), event as (
       insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
       select id, n, $1, 'task.created', 'USER', 'Task', id, '{}', 'crowd' from account, generate_series(1, 5) as n
     ), task as (
       insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
       select gen_random_uuid(), id, 'x', '', 'MEDIUM', '{home}', now(), now() from account, generate_series(1, 10)
       returning id, account_id
     ), subtask as (
       insert into tasks.subtask (id, account_id, task_id, title, position, source, created_at)
       select gen_random_uuid(), account_id, id, 'Step', 0, 'USER', now() from task
     )
     insert into tasks.reminder (id, account_id, task_id, type, method, scheduled_for, state, created_at)
     select gen_random_uuid(), account_id, id, 'ABSOLUTE', 'PUSH', now(), 'SENT', now() from task`,
    [world.clock.now()],
  );
}

interface Reads {
  readonly name: string;
  /** How often it was read, and how many rows that gave. */
  readonly scans: number;
  readonly rows: number;
}

/** What was read of each table as a whole, and through each index. Sessions report it when they end. */
async function allReads(): Promise<{ whole: Reads[]; indexed: Reads[] }> {
  const others = `from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
    and pid <> pg_backend_pid()`;
  const ended = await world.sql<{ pid: number }>(`select pid, pg_terminate_backend(pid) ${others}`);
  const pids = ended.map(({ pid }) => pid);
  await eventually(
    () => world.sql(`select ${others} and pid = any($1)`, [pids]),
    (rows) => rows.length === 0,
  );
  const of = (kind: string, columns: string) =>
    world.sql<Reads>(`select ${columns} from pg_stat_user_${kind} where schemaname <> 'pgboss'`);
  return {
    whole: await of('tables', 'relname as name, seq_scan::int as scans, seq_tup_read::int as rows'),
    indexed: await of('indexes', 'indexrelname as name, idx_scan::int as scans, idx_tup_read::int as rows'),
  };
}

test('statements that were planned on empty tables read few rows when the tables have grown', async () => {
  await world.sql('vacuum analyze');
  const ada = await world.user();
  // They are prepared the second time.
  await useApp(ada);
  await useApp(ada);
  await grow();
  await useApp(ada);
  const { whole, indexed } = await allReads();
  expect(indexed.find(({ name }) => name === 'task_pkey')?.scans).toBeGreaterThan(0);
  expect(whole.filter(({ rows }) => rows > crowd)).toEqual([]);
  expect(indexed.filter(({ scans, rows }) => rows > crowd && rows > scans * 5)).toEqual([]);
});
