import { beforeAll, expect, test } from '@jest/globals';
import {
  Achievements,
  Activity,
  AddSubtask,
  Changes,
  CompleteTask,
  Conversation,
  Conversations,
  CreateTask,
  CreditHistory,
  DeletedItems,
  DeleteTask,
  EarlierVersions,
  Notifications,
  RegenerateAnswer,
  SendChatMessage,
  Task,
  Tasks,
  TaskTemplates,
  UpdateTask,
} from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { listenToStatements } from '../support/statements.js';

const world = harness({
  config: { AI_RATE_LIMIT_PER_MINUTE: '1000' },
  worker: false,
  shared: 'what is read belongs to one account, and what is written to another',
});
const statements = listenToStatements();
let ada: Person;
/** Whose account is written to while what is read stays as it is. */
let bob: Person;
/** One in which an answer took the place of another. */
let conversationId: string;

beforeAll(async () => {
  ada = await world.user();
  bob = await world.user('Bob');
  for (let index = 0; index < 20; index += 1) {
    const recurrence = index < 3 ? { rule: 'FREQ=DAILY' } : null;
    const input = { title: `t${index}`, subtasks: [{ title: 'a' }, { title: 'b' }], recurrence };
    await ada.ok(CreateTask, { input });
  }
  for (const content of ['Hello', 'Hello again']) await ada.ok(SendChatMessage, { input: { content } });
  // The answers are written behind the requests, and must not be counted.
  const streaming = () => world.sql("select id from assistant.chat_message where state = 'STREAMING'");
  await eventually(streaming, (rows) => rows.length === 0);
  const { edges } = (await ada.ok(Conversations, {})).conversations;
  conversationId = edges[0]?.node.id ?? '';
  const [, answer] = nodesOf((await ada.ok(Conversation, { id: conversationId })).conversation.messages);
  await ada.ok(RegenerateAnswer, { input: { messageId: answer?.id ?? '' } });
  await eventually(streaming, (rows) => rows.length === 0);
});

const templatesWithTasks =
  '{ taskTemplates { totalCount nodes { instances(first: 3) { totalCount nodes { title } } } } }';
const conversationsWithMessages = '{ conversations { nodes { messages(last: 1) { nodes { content } } } } }';

test.each<[string, () => Promise<unknown>, number]>([
  ['tasks with subtasks, reminders, templates and count', () => ada.ok(Tasks, { first: 20 }), 3],
  [
    'one task, after a list',
    async () => ada.ok(Task, { id: nodesOf((await ada.ok(Tasks, { first: 1 })).tasks)[0]?.id ?? '' }),
    6,
  ],
  ['changes with their entities', () => ada.ok(Changes, { first: 100 }), 6],
  ['conversations', () => ada.ok(Conversations, {}), 2],
  ['templates with the first of their tasks, and counts', () => ada.send(templatesWithTasks), 3],
  ['conversations with the last of their messages', () => ada.send(conversationsWithMessages), 2],
  ['messages with their earlier versions', () => ada.ok(EarlierVersions, { id: conversationId }), 3],
  ['templates with count', () => ada.ok(TaskTemplates, {}), 3],
  ['activity with count', () => ada.ok(Activity, { first: 100 }), 3],
  ['deleted items', () => ada.ok(DeletedItems, {}), 1],
  ['achievements with limits', () => ada.ok(Achievements, {}), 2],
  ['credit history, with runs', () => ada.ok(CreditHistory, {}), 4],
  ['notifications with both counts', () => ada.ok(Notifications, {}), 2],
])('%s', async (_, work, count) => {
  const made = await statements.during(work);
  // Fewer, too, are a change that somebody should see.
  const advice = `${made.length} statements instead of ${count}. If each is needed, write the new number into this law:`;
  expect(made.length === count ? '' : [advice, ...made].join('\n')).toBe('');
});

const newTask = async (input: object = {}) =>
  (await bob.ok(CreateTask, { input: { title: 'x', ...input } })).createTask.task;

// A write locks the account, reads what it is about, writes it, and tells the log; the answer may be read beside it.
test.each<[string, (task: { id: string; version: number }) => Promise<unknown>, number]>([
  ['creating a task', () => newTask({ subtasks: [{ title: 'a' }, { title: 'b' }] }), 7],
  ['updating a task', (task) => bob.ok(UpdateTask, { input: { ...task, title: 'y' } }), 7],
  ['completing a task', (task) => bob.ok(CompleteTask, { input: task }), 10],
  ['deleting a task', (task) => bob.ok(DeleteTask, { input: task }), 10],
  ['adding a subtask', ({ id }) => bob.ok(AddSubtask, { input: { taskId: id, title: 'a' } }), 7],
])('%s', async (_, work, most) => {
  const { id, version } = await newTask();
  const made = await statements.during(() => work({ id, version }));
  expect(made.length).toBeGreaterThan(3);
  const advice = `${made.length} statements, at most ${most}. If each is needed, write the new number into this law:`;
  expect(made.length <= most ? '' : [advice, ...made].join('\n')).toBe('');
});

test.each([
  'select 1',
  'with one as (select 1) select * from one',
  ' \n(select 1) union (select 2)',
  '/* a hint */ select 1',
  '-- a hint\nselect 1',
  'values (1)',
  'table tasks.task',
  "update tasks.task set title = 'x' where false",
  'with gone as (delete from tasks.task where false returning id) insert into tasks.task select null from gone where false',
  'SELECT 1',
])('%j is counted', async (text) => {
  expect(await statements.during(() => world.sql(text))).toEqual([text]);
});
