import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  Changes,
  Conversation,
  Conversations,
  CreateTask,
  Credits,
  EarlierVersions,
  RegenerateAnswer,
  StopChatMessage,
} from '../../generated/documents.js';
import { askAndRead, endOf, giveCredits } from '../support/answers.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ apps: 2, config: { AI_RATE_LIMIT_PER_MINUTE: '100' } });

const answering = (text: string) => world.model({ text, tokensPerSecond: 0 });
const regenerate = async (person: Person, messageId: string) =>
  (await person.ok(RegenerateAnswer, { input: { messageId } })).regenerateAnswer;
/** A whole answer in place of the one before. */
async function another(person: Person, messageId: string, text: string) {
  await answering(text);
  const begun = await regenerate(person, messageId);
  await endOf(person, begun.answer.id);
  return begun;
}
const messagesOf = async (person: Person, id: string, superseded?: boolean) =>
  (await person.ok(Conversation, { id, superseded })).conversation.messages;

test('another answer takes the place of the last one, which the model is not told of and which stays to be read', async () => {
  const ada = await world.user();
  await answering('The first answer.');
  const { conversation, question, answer } = await askAndRead(ada, 'Where do I start?');
  await askAndRead(ada, 'Elsewhere');
  world.clock.advance(60_000);
  const begun = await another(ada, answer.id, 'The second answer.');
  expect(begun).toMatchObject({ creditsRemaining: 2, requestsOnTask: null, warning: null });
  expect(begun.conversation).toMatchObject({ id: conversation.id, title: 'Where do I start?' });
  expect(begun.answer).toMatchObject({ state: 'STREAMING', content: '', supersededBy: null });
  const { lastMessages } = await world.modelState();
  expect(lastMessages.slice(1)).toEqual([{ role: 'user', content: 'Where do I start?' }]);
  // It was written to: that moves it to the top of the list.
  expect(nodesOf((await ada.ok(Conversations, {})).conversations)[0]?.id).toBe(conversation.id);
  const branch = await messagesOf(ada, conversation.id);
  expect(branch.totalCount).toBe(2);
  expect(nodesOf(branch)).toMatchObject([
    { id: question.id },
    { id: begun.answer.id, content: 'The second answer.', supersededBy: null },
  ]);
  const all = await messagesOf(ada, conversation.id, true);
  expect(all.totalCount).toBe(3);
  expect(nodesOf(all)).toMatchObject([
    { id: question.id, supersededBy: null },
    { id: answer.id, content: 'The first answer.', supersededBy: begun.answer.id },
    { id: begun.answer.id },
  ]);
});

test('an answer has all earlier ones as its earlier versions, oldest first, and a question has none of them', async () => {
  const ada = await world.user();
  await answering('One');
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  const second = await another(ada, answer.id, 'Two');
  const third = await another(ada, second.answer.id, 'Three');
  await askAndRead(ada, 'And then?', { conversationId: conversation.id });
  const found = nodesOf((await ada.ok(EarlierVersions, { id: conversation.id })).conversation.messages);
  expect(found.map(({ earlierVersions }) => earlierVersions.map(({ content }) => content))).toEqual([
    [],
    ['One', 'Two'],
    [],
    [],
  ]);
  expect(found[1]?.id).toBe(third.answer.id);
  expect(found[1]?.earlierVersions.map(({ supersededBy }) => supersededBy)).toEqual([
    second.answer.id,
    third.answer.id,
  ]);
});

test('of more than fifty earlier versions the newest fifty are read', async () => {
  const ada = await world.user();
  await answering('The last one');
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  const versions = Array.from({ length: 52 }, () => randomUUID());
  await world.sql('update assistant.chat_message set position = 100 where id = $1', [answer.id]);
  await world.sql(
    `insert into assistant.chat_message
       (account_id, id, conversation_id, position, role, content, state, created_at, superseded_by)
     select $1, id, $2, number, 'ASSISTANT', number::text, 'COMPLETE', now(), coalesce(lead(id) over (order by number), $3)
     from unnest($4::uuid[]) with ordinality as version (id, number)`,
    [ada.id, conversation.id, answer.id, versions],
  );
  const [, last] = nodesOf((await ada.ok(EarlierVersions, { id: conversation.id })).conversation.messages);
  expect(last?.earlierVersions.map(({ id }) => id)).toEqual(versions.slice(2));
});

test.each([
  ['failed', 'FAILED', { status: 400 }],
  ['was cut off', 'FAILED', { tokens: ['a', 'b'], tokensPerSecond: 0, cutAfter: 1 }],
])('an answer that %s is asked for anew', async (_, state, behaviour) => {
  world.expectErrors(/a model failed/);
  const ada = await world.user();
  await world.model(behaviour);
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  const begun = await another(ada, answer.id, 'Better.');
  const all = nodesOf(await messagesOf(ada, conversation.id, true));
  expect(all.slice(1)).toMatchObject([
    { state, supersededBy: begun.answer.id },
    { state: 'COMPLETE', content: 'Better.' },
  ]);
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
});

test('an answer that was asked for anew is stopped as any other, and asked for once more', async () => {
  const ada = await world.user();
  await answering('One');
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  await world.model({ hangAfter: 0 });
  const stopped = await regenerate(ada, answer.id);
  const { message } = (await ada.ok(StopChatMessage, { input: { messageId: stopped.answer.id } })).stopChatMessage;
  expect(message).toMatchObject({ state: 'STOPPED', content: '', supersededBy: null });
  // Nothing was written, so it costs nothing.
  expect((await endOf(ada, stopped.answer.id)).creditsRemaining).toBe(4);
  await another(ada, stopped.answer.id, 'Three');
  const branch = nodesOf(await messagesOf(ada, conversation.id));
  expect(branch.map(({ content }) => content)).toEqual(['Hello', 'Three']);
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 3, held: 0 });
});

test('only the last answer of the current branch is asked for anew, and only once it has ended', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await answering('An answer.');
  const { conversation, question, answer } = await askAndRead(ada, 'Hello');
  const refused = (messageId: string, code: 'CONFLICT' | 'VALIDATION_FAILED' | 'NOT_FOUND') =>
    ada.refused(RegenerateAnswer, { input: { messageId } }, code);
  await refused(question.id, 'VALIDATION_FAILED');
  await refused('none', 'VALIDATION_FAILED');
  await refused(randomUUID(), 'NOT_FOUND');
  await bob.refused(RegenerateAnswer, { input: { messageId: answer.id } }, 'FORBIDDEN');
  const next = await askAndRead(ada, 'And then?', { conversationId: conversation.id });
  await refused(answer.id, 'CONFLICT');
  await world.model({ hangAfter: 0 });
  const begun = await regenerate(ada, next.answer.id);
  await refused(next.answer.id, 'CONFLICT');
  await refused(begun.answer.id, 'CONFLICT');
  await ada.ok(StopChatMessage, { input: { messageId: begun.answer.id } });
  await refused(next.answer.id, 'CONFLICT');
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 3, held: 0 });
});

test('of two that ask for an answer anew at once, in two processes, one is too late', async () => {
  const ada = await world.user();
  await answering('One');
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  const input = { messageId: answer.id };
  const sent = await Promise.all(
    [0, 1].map(async (process) => (await ada.at(world.urlOf(process)).send(RegenerateAnswer, { input })).body),
  );
  const codes = sent.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'OK');
  expect(codes.toSorted()).toEqual(['CONFLICT', 'OK']);
  expect((await messagesOf(ada, conversation.id, true)).totalCount).toBe(3);
});

test('without a credit, or beyond the rate of requests to the assistant, the answer stays as it is', async () => {
  const slow = await world.another({ config: { AI_RATE_LIMIT_PER_MINUTE: '2' } });
  const ada = await slow.user();
  await slow.model({ text: 'One', tokensPerSecond: 0 });
  const { conversation, answer } = await askAndRead(ada, 'Hello');
  await slow.sql(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     values (gen_random_uuid(), $1, 'ADJUST', 'KICKSTART', -4, 'test', 'test', now())`,
    [ada.id],
  );
  const input = { messageId: answer.id };
  const error = await ada.refused(RegenerateAnswer, { input }, 'INSUFFICIENT_CREDITS');
  expect(error.extensions).toMatchObject({ required: 1, available: 0 });
  await ada.refused(RegenerateAnswer, { input }, 'RATE_LIMITED');
  expect(nodesOf(await messagesOf(ada, conversation.id, true))).toMatchObject([
    { supersededBy: null },
    { id: answer.id, supersededBy: null },
  ]);
});

test('each time counts as a request about the task, of which a session has ten', async () => {
  const ada = await world.user();
  await giveCredits(world, ada);
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  await answering('Begin with the first step.');
  let { answer } = await askAndRead(ada, 'Help', { taskId: task.id });
  const counts = [];
  for (let count = 2; count <= 10; count += 1) {
    const begun = await another(ada, answer.id, 'Begin.');
    counts.push(begun.requestsOnTask);
    expect(begun.warning !== null).toBe(count >= 5);
    expect(begun.answer.taskId).toBe(task.id);
    ({ answer } = begun);
  }
  expect(counts).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const input = { messageId: answer.id };
  const error = await ada.refused(RegenerateAnswer, { input }, 'CREDIT_LIMIT_REACHED');
  expect(error.extensions).toMatchObject({ limit: 10 });
});

test('changes name the new answer, and then the one that it took the place of', async () => {
  const ada = await world.user();
  await answering('One');
  const { answer, conversation } = await askAndRead(ada, 'Hello');
  const { endCursor: after } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const begun = await another(ada, answer.id, 'Two');
  const changes = nodesOf((await ada.ok(Changes, { after, first: 100 })).changes);
  const told = changes.filter(({ entityType }) => entityType === 'chat_message' || entityType === 'conversation');
  expect(told.map(({ type, entityId }) => [type, entityId])).toEqual([
    ['conversation.updated', conversation.id],
    ['chat_message.created', begun.answer.id],
    ['ai.request', begun.answer.id],
    ['chat_message.superseded', answer.id],
    ['chat_message.completed', begun.answer.id],
  ]);
  expect(told[3]?.entity).toMatchObject({ id: answer.id, supersededBy: begun.answer.id });
});
