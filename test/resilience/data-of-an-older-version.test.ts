import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabaseToMigrate } from '../../src/services.js';
import { testConfig } from '../support/config.js';
import { withClient } from '../support/harness.js';

const database = 'test_older_version';
const server = process.env['TEST_DATABASE_SERVER'] ?? '';
const url = server.replace(/postgres$/, database);

async function migrateTo(to?: string): Promise<void> {
  const orm = openDatabaseToMigrate(testConfig({ DATABASE_URL: url }));
  try {
    await orm.migrator.up(to === undefined ? {} : { to });
  } finally {
    await orm.close(true);
  }
}

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [user, plain, waiting, bare] = [id(1), id(2), id(3), id(4)];
const [older, newer, done, forced] = [id(11), id(12), id(13), id(14)];

/** A series with two tasks, one whose next task could not be made, one without any task; and a task completed by force. */
const before = `
  insert into auth.user (id, google_subject, email, name, created_at)
    values ('${user}', 'x', 'x@example.com', 'x', now());
  insert into tasks.task_template (id, user_id, title, description, priority, tags, rule, time_zone, starts_at, carried, created_at)
    select t.id::uuid, '${user}', 'x', '', 'LOW', '{}', 'FREQ=DAILY', 'UTC', '2026-01-01T09:00:00', carried::jsonb, now() from (values
      ('${plain}', null), ('${bare}', null),
      ('${waiting}', '{"subtasks":[{"title":"kept","estimatedMinutes":5,"source":"AI"}],"reminders":[{"type":"AFTER","offsetMinutes":7,"method":"IN_APP"}]}')
    ) as t (id, carried);
  insert into tasks.task (id, user_id, template_id, title, description, priority, tags, completed, completed_at, completed_by, created_at, updated_at)
    values ('${older}', '${user}', '${plain}', 'x', '', 'LOW', '{}', true, now(), 'MANUAL', '2026-01-01', now()),
      ('${newer}', '${user}', '${plain}', 'x', '', 'LOW', '{}', false, null, null, '2026-01-02', now()),
      ('${done}', '${user}', '${waiting}', 'x', '', 'LOW', '{}', true, now(), 'MANUAL', '2026-01-02', now()),
      ('${forced}', '${user}', null, 'x', '', 'LOW', '{}', true, now(), 'FORCE', '2026-01-03', now());
  insert into tasks.subtask (id, user_id, task_id, title, completed, completed_at, position, estimated_minutes, source, created_at)
    values ('${id(21)}', '${user}', '${older}', 'old', true, now(), 0, null, 'USER', now()),
      ('${id(22)}', '${user}', '${newer}', 'a', true, now(), 0, 5, 'USER', now()),
      ('${id(23)}', '${user}', '${newer}', 'b', false, null, 1, null, 'AI', now()),
      ('${id(24)}', '${user}', '${forced}', 'earlier', true, now() - interval '1 hour', 0, null, 'USER', now()),
      ('${id(25)}', '${user}', '${forced}', 'forced', true, now(), 1, null, 'USER', now());
  insert into tasks.reminder (id, user_id, task_id, type, offset_minutes, method, scheduled_for, state, created_at)
    values ('${id(31)}', '${user}', '${newer}', 'BEFORE', 30, 'PUSH', '2026-01-02', 'SENT', now()),
      ('${id(32)}', '${user}', '${newer}', 'ABSOLUTE', null, 'PUSH', '2026-01-02', 'SENT', now());`;

/** A conversation that waits for its first question, one that has it, and one with a title. */
const conversations = `
  insert into assistant.conversation (id, user_id, title, created_at, updated_at)
    values ('${id(41)}', '${user}', 'New conversation', now(), now()), ('${id(42)}', '${user}', 'New conversation', now(), now()),
      ('${id(43)}', '${user}', 'Plans', now(), now());
  insert into assistant.chat_message (id, conversation_id, user_id, position, role, content, state, created_at)
    values ('${id(51)}', '${id(42)}', '${user}', 0, 'USER', 'x', 'COMPLETE', now());`;

/** Time zones as somebody typed them; one of them was renamed since. */
const zones = `
  update auth.user set time_zone = 'europe/london';
  update tasks.task_template set time_zone = case id when '${plain}' then 'ASIA/CALCUTTA' else 'UTC' end;`;

/** A tag named `null`, as it was written. */
const tags = `
  update tasks.task_template set tags = '{a,null,b}' where id = '${plain}';
  update tasks.task set tags = '{null}' where id = '${newer}';`;

/**
 * A series every third day at nine that got another rule, daily at ten from the 27th on, when it had tasks on the 21st,
 * the 30th and the 3rd; since then it has made one of the 27th, which began it, and one of the 28th. Another has had one rule.
 */
const rules = `
  insert into tasks.task_template (id, user_id, title, description, priority, tags, rule, time_zone, starts_at, taken_days, created_at)
    values ('${id(5)}', '${user}', 'x', '', 'LOW', '{}', 'FREQ=DAILY;BYHOUR=10', 'Pacific/Auckland', '2026-11-27T10:00:00', '{2026-11-27,2026-11-30,2026-12-03}', now()),
      ('${id(6)}', '${user}', 'x', '', 'LOW', '{}', 'FREQ=DAILY', 'UTC', '2026-11-27T10:00:00', '{}', now());
  insert into tasks.occurrence (template_id, local_time, task_id, time_zone)
    select template::uuid, local_time, gen_random_uuid(), 'Pacific/Auckland' from (values
      ('${id(5)}', '2026-11-21T09:00:00'), ('${id(5)}', '2026-11-30T09:00:00'), ('${id(5)}', '2026-12-03T09:00:00'),
      ('${id(5)}', '2026-11-27T10:00:00'), ('${id(5)}', '2026-11-28T10:00:00'), ('${id(6)}', '2026-11-28T10:00:00')
    ) as made (template, local_time);`;

beforeAll(async () => {
  await withClient(server, (client) => client.query(`create database ${database}`));
  await migrateTo('Migration20261121160121_outcomes');
  await withClient(url, (client) => client.query(before + conversations + zones + tags));
  await migrateTo('Migration20261127181422_zones-of-occurrences');
  await withClient(url, (client) => client.query(rules));
  await migrateTo();
});
afterAll(async () => {
  await withClient(server, (client) => client.query(`drop database if exists ${database} with (force)`));
});

const rows = async (text: string) =>
  withClient(url, async (client) => (await client.query({ text, rowMode: 'array' })).rows);

test('a conversation that waits for its first question will be named after it, others stay as they are', async () => {
  expect(await rows('select id, untitled from assistant.conversation order by id')).toEqual([
    [id(41), true],
    [id(42), false],
    [id(43), false],
  ]);
});

test('time zones get the spelling of the IANA database, and keep their names', async () => {
  expect(await rows('select time_zone from auth.user')).toEqual([['Europe/London']]);
  expect(await rows('select time_zone from tasks.task_template order by id')).toEqual([
    ['Asia/Calcutta'],
    ['UTC'],
    ['UTC'],
    ['Pacific/Auckland'],
    ['UTC'],
  ]);
});

test('a tag named null has its name again', async () => {
  const tagged = (table: string) => rows(`select tags from tasks.${table} where cardinality(tags) > 0`);
  expect(await tagged('task_template')).toEqual([[['a', 'null', 'b']]]);
  expect(await tagged('task')).toEqual([[['null']]]);
});

test('the templates get what their newest tasks had, or what waited for the next one', async () => {
  const template = `right(template_id::text, 1)`;
  expect(
    await rows(
      `select ${template}, position, title, estimated_minutes, source from tasks.template_subtask order by 1, 2`,
    ),
  ).toEqual([
    ['2', 0, 'a', 5, 'USER'],
    ['2', 1, 'b', null, 'AI'],
    ['3', 0, 'kept', 5, 'AI'],
  ]);
  expect(
    await rows(`select ${template}, type, offset_minutes, method from tasks.template_reminder order by 1`),
  ).toEqual([
    ['2', 'BEFORE', 30, 'PUSH'],
    ['3', 'AFTER', 7, 'IN_APP'],
  ]);
  expect(await rows(`select id, newest_task_id from tasks.task_template where id <= '${bare}' order by id`)).toEqual([
    [plain, newer],
    [waiting, done],
    [bare, null],
  ]);
  const closed = 'select title from tasks.subtask where closed_by_force';
  expect(await rows(closed)).toEqual([['forced']]);
  const linked = `select s.title from tasks.subtask s join tasks.template_subtask t on t.id = s.template_subtask_id order by 1`;
  expect(await rows(linked)).toEqual([['a'], ['b']]);
  const reminding = `select r.type from tasks.reminder r join tasks.template_reminder t on t.id = r.template_reminder_id`;
  expect(await rows(reminding)).toEqual([['BEFORE']]);
});

test('an older series knows which of its occurrences its present rule has made', async () => {
  const numbered = (templateId: string) =>
    rows(
      `select left(local_time, 10), rule_number from tasks.occurrence where template_id = '${templateId}' order by 1`,
    );
  expect(await numbered(id(5))).toEqual([
    ['2026-11-21', 1],
    ['2026-11-27', 2],
    ['2026-11-28', 2],
    ['2026-11-30', 1],
    ['2026-12-03', 1],
  ]);
  expect(await numbered(id(6))).toEqual([['2026-11-28', 1]]);
  expect(await rows('select rule_number from tasks.task_template order by id')).toEqual([[1], [1], [1], [2], [1]]);
});
