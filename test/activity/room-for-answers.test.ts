import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  CreateTask,
  CreateTaskTemplate,
  SendChatMessage,
  StartConversation,
  Tasks,
  UpdateTask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, lastingTokens: true });
const eightMegabytes = 8 * 1_024 * 1_024;

/** Keeps an answer to another request, of some size that does not compress, for so many seconds. */
async function fill(person: Person, bytes: number, seconds = 86_400): Promise<void> {
  await world.sql(
    `insert into activity.idempotency_key (user_id, key, request_hash, response, expires_at)
     values ($1, gen_random_uuid(), 'none', $2, $3)`,
    [person.id, randomBytes(bytes / 2).toString('hex'), new Date(world.clock.now().getTime() + seconds * 1_000)],
  );
}

test('answers to keyed requests are kept up to 8 MB of an account; what has no room is not done', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const create = (person: Person, key: string) =>
    person.send(CreateTask, { input: { title: key } }, { 'idempotency-key': key });
  const first = await create(ada, 'first');
  await fill(ada, eightMegabytes - 4_096);
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1) statuses.push((await create(ada, `key-${count}`)).status);
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(409);
  const refused = await create(ada, 'refused');
  const [error] = refused.body.errors ?? [];
  expect(error?.extensions).toMatchObject({
    code: 'LIMIT_REACHED',
    resource: 'keptAnswerBytes',
    limit: eightMegabytes,
    current: expect.any(Number),
  });
  const titles = nodesOf((await ada.ok(Tasks, {})).tasks).map(({ title }) => title);
  expect(titles).toHaveLength(1 + statuses.filter((status) => status === 200).length);
  expect(titles).not.toContain('refused');
  // What was promised before holds, others have room of their own, and no key needs none.
  expect((await create(ada, 'first')).text).toBe(first.text);
  expect((await create(bob, 'first')).status).toBe(200);
  await ada.ok(CreateTask, { input: { title: 'without a key' } });
  world.clock.advance(86_400_001);
  expect((await create(ada, 'refused')).status).toBe(200);
});

test('what has no room is told when enough of the older answers will have expired, and has room then', async () => {
  const ada = await world.user();
  world.clock.stopAt(new Date());
  await fill(ada, 600, 60);
  await fill(ada, 4_096, 3_600);
  await fill(ada, eightMegabytes - 5_120);
  const create = () => ada.send(CreateTask, { input: { title: 'x' } }, { 'idempotency-key': 'once' });
  const refused = await create();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([409, '3600']);
  expect(refused.body.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_REACHED', retryAfter: 3_600 });
  world.clock.advance(60_000);
  expect((await create()).body.errors?.[0]?.extensions).toMatchObject({ retryAfter: 3_540 });
  world.clock.advance(3_540_000);
  expect((await create()).status).toBe(200);
});

test('an account may have 2,000 conversations; those that it has go on', async () => {
  const ada = await world.user();
  const { conversation } = (await ada.ok(StartConversation, { input: { title: 'First' } })).startConversation;
  await world.sql(
    `insert into assistant.conversation select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).*
     from assistant.conversation c, generate_series(1, 1999) where c.id = $1`,
    [conversation.id],
  );
  const refusals = [
    await ada.refused(StartConversation, { input: { title: 'One more' } }, 'LIMIT_REACHED'),
    await ada.refused(SendChatMessage, { input: { content: 'Hello' } }, 'LIMIT_REACHED'),
  ];
  const reached = { resource: 'conversations', limit: 2_000, current: 2_000 };
  for (const { extensions } of refusals) expect(extensions).toMatchObject(reached);
  await ada.ok(SendChatMessage, { input: { conversationId: conversation.id, content: 'Hello' } });
});

test('an account may have 100 task templates, however it makes them', async () => {
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  const input = { title: 'Water the plants', ...recurrence };
  const { template } = (await ada.ok(CreateTaskTemplate, { input })).createTaskTemplate;
  const { id } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask.task;
  await world.sql(
    `insert into tasks.task_template select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
     from tasks.task_template t, generate_series(1, 99) where t.id = $1`,
    [template.id],
  );
  const refusals = [
    await ada.refused(CreateTaskTemplate, { input }, 'LIMIT_REACHED'),
    await ada.refused(CreateTask, { input: { title: 'x', recurrence } }, 'LIMIT_REACHED'),
    await ada.refused(UpdateTask, { input: { id, version: 1, recurrence } }, 'LIMIT_REACHED'),
  ];
  const reached = { resource: 'taskTemplates', limit: 100, current: 100 };
  for (const { extensions } of refusals) expect(extensions).toMatchObject(reached);
});
