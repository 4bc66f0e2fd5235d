import { beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  Achievements,
  Activity,
  Changes,
  Conversations,
  CreateTask,
  CreditHistory,
  DeletedItems,
  Notifications,
  SendChatMessage,
  Task,
  Tasks,
  TaskTemplates,
} from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ config: { AI_RATE_LIMIT_PER_MINUTE: '1000' }, worker: false });
let ada: Person;

beforeAll(async () => {
  ada = await world.user();
  for (let index = 0; index < 20; index += 1) {
    const recurrence = index < 3 ? { rule: 'FREQ=DAILY' } : null;
    const input = { title: `t${index}`, subtasks: [{ title: 'a' }, { title: 'b' }], recurrence };
    await ada.ok(CreateTask, { input });
  }
  for (const content of ['Hello', 'Hello again']) await ada.ok(SendChatMessage, { input: { content } });
  // The answer is written behind the request, and must not be counted.
  const streaming = () => world.sql("select id from assistant.chat_message where state = 'STREAMING'");
  await eventually(streaming, (rows) => rows.length === 0);
});

/** How many reads the app has sent. */
let count = 0;

// Everything that reaches the server goes through here; connections take it over when they are opened, so this comes first.
const { query } = pg.Client.prototype;
pg.Client.prototype.query = new Proxy(query, {
  apply: (target, client, args: unknown[]) => {
    const [config] = args;
    const text =
      typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : String(config);
    if (text.startsWith('select') && !text.includes('pg_notify')) count += 1;
    return Reflect.apply(target, client, args);
  },
});

/** Counts what the app sends to PostgreSQL while `work` runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = count;
  await work();
  return count - before;
}

const templatesWithTasks =
  '{ taskTemplates { totalCount nodes { instances(first: 3) { totalCount nodes { title } } } } }';
const conversationsWithMessages = '{ conversations { nodes { messages(last: 1) { nodes { content } } } } }';

test.each<[string, () => Promise<unknown>, number]>([
  ['tasks with subtasks, reminders, templates and count', () => ada.ok(Tasks, { first: 20 }), 4],
  [
    'one task, after a list',
    async () => ada.ok(Task, { id: (await ada.ok(Tasks, { first: 1 })).tasks.nodes[0]?.id ?? '' }),
    7,
  ],
  ['changes with their entities', () => ada.ok(Changes, { first: 100 }), 5],
  ['conversations', () => ada.ok(Conversations, {}), 2],
  ['templates with the first of their tasks, and counts', () => ada.send(templatesWithTasks), 3],
  ['conversations with the last of their messages', () => ada.send(conversationsWithMessages), 2],
  ['templates with count', () => ada.ok(TaskTemplates, {}), 1],
  ['activity with count', () => ada.ok(Activity, { first: 100 }), 2],
  ['deleted items', () => ada.ok(DeletedItems, {}), 1],
  ['achievements with limits', () => ada.ok(Achievements, {}), 3],
  ['credit history', () => ada.ok(CreditHistory, {}), 2],
  ['notifications with both counts', () => ada.ok(Notifications, {}), 2],
])('%s', async (_, work, most) => {
  const statements = await statementsOf(work);
  expect(statements).toBeGreaterThan(0);
  expect(statements).toBeLessThanOrEqual(most);
});
