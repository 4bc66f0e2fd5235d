import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  Changes,
  Conversation,
  CreateTask,
  DeleteConversation,
  EarlierVersions,
  EditQuestion,
  RegenerateAnswer,
  SendChatMessage,
  StopChatMessage,
} from '../../generated/documents.js';
import { askAndRead, endOf, giveCredits } from '../support/answers.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ apps: 2, config: { AI_RATE_LIMIT_PER_MINUTE: '100' } });

const answering = (text: string) => world.model({ text, tokensPerSecond: 0 });
const edit = async (person: Person, messageId: string, content: string) => {
  const { editQuestion } = await person.ok(EditQuestion, { input: { messageId, content } });
  await endOf(person, editQuestion.answer.id);
  return editQuestion;
};
const messagesOf = async (person: Person, id: string, superseded?: boolean) =>
  nodesOf((await person.ok(Conversation, { id, superseded })).conversation.messages);
const contentsOf = async (person: Person, id: string) => (await messagesOf(person, id)).map(({ content }) => content);

/** Three questions with their answers, A to C. */
async function talk(person: Person) {
  await giveCredits(world, person);
  const asked = [];
  let conversationId: string | null = null;
  for (const letter of ['A', 'B', 'C']) {
    await answering(`Answer ${letter}`);
    const sent: Awaited<ReturnType<typeof askAndRead>> = await askAndRead(person, `Question ${letter}`, {
      conversationId,
    });
    conversationId = sent.conversation.id;
    asked.push(sent);
  }
  const [first, second, third] = asked;
  if (!first || !second || !third) throw new Error('It was not asked.');
  return { conversation: first.conversation, first, second, third };
}

test('another question takes the place of one and of all behind it, and is answered by what stands before', async () => {
  const ada = await world.user();
  const { conversation, first, second, third } = await talk(ada);
  await answering('Another answer');
  const edited = await edit(ada, second.question.id, 'Another question ');
  expect(edited).toMatchObject({ creditsRemaining: 21, requestsOnTask: null, warning: null });
  expect(edited.conversation.title).toBe('Question A');
  expect(edited.question).toMatchObject({ role: 'USER', content: 'Another question', supersededBy: null });
  const { lastMessages } = await world.modelState();
  expect(lastMessages.slice(1)).toEqual([
    { role: 'user', content: 'Question A' },
    { role: 'assistant', content: 'Answer A' },
    { role: 'user', content: 'Another question' },
  ]);
  expect(await contentsOf(ada, conversation.id)).toEqual([
    'Question A',
    'Answer A',
    'Another question',
    'Another answer',
  ]);
  const all = await messagesOf(ada, conversation.id, true);
  const left = [second.question, second.answer, third.question, third.answer].map(({ id }) => id);
  expect(all.filter(({ supersededBy }) => supersededBy !== null).map(({ id }) => id)).toEqual(left);
  expect(new Set(all.slice(2, 6).map(({ supersededBy }) => supersededBy))).toEqual(new Set([edited.question.id]));
  // The conversation goes on in its current branch.
  await askAndRead(ada, 'And then?', { conversationId: conversation.id });
  const { lastMessages: told } = await world.modelState();
  expect(told.slice(1).map(({ content }) => content)).toEqual([
    ...['Question A', 'Answer A', 'Another question', 'Another answer', 'And then?'],
  ]);
  expect(first.question.id).toBe(all[0]?.id);
});

test('a question has the earlier ones in its place as its earlier versions, and not what stood behind them', async () => {
  const ada = await world.user();
  const { conversation, second } = await talk(ada);
  const edited = await edit(ada, second.question.id, 'Question D');
  const again = await ada.ok(RegenerateAnswer, { input: { messageId: edited.answer.id } });
  await endOf(ada, again.regenerateAnswer.answer.id);
  await askAndRead(ada, 'Question E', { conversationId: conversation.id });
  await edit(ada, edited.question.id, 'Question F');
  const found = nodesOf((await ada.ok(EarlierVersions, { id: conversation.id, first: 4 })).conversation.messages);
  expect(found.map(({ earlierVersions }) => earlierVersions.map(({ content }) => content))).toEqual([
    [],
    [],
    ['Question B', 'Question D'],
    [],
  ]);
});

test('the first question is edited as any other, and the model is told nothing else', async () => {
  const ada = await world.user();
  const { conversation, first } = await talk(ada);
  await edit(ada, first.question.id, 'Something else');
  const { lastMessages } = await world.modelState();
  expect(lastMessages.slice(1)).toEqual([{ role: 'user', content: 'Something else' }]);
  expect(await contentsOf(ada, conversation.id)).toEqual(['Something else', 'Answer C']);
});

test('a conversation is deleted with all its branches', async () => {
  const ada = await world.user();
  const { conversation, second } = await talk(ada);
  await edit(ada, second.question.id, 'Question D');
  await ada.ok(DeleteConversation, { input: { id: conversation.id } });
  expect(await world.sql('select from assistant.chat_message where account_id = $1', [ada.id])).toEqual([]);
  await ada.refused(EditQuestion, { input: { messageId: second.question.id, content: 'x' } }, 'NOT_FOUND');
});

test('a question about a task stays about it, and counts as one more request', async () => {
  const ada = await world.user();
  await giveCredits(world, ada);
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  await answering('Begin.');
  let { question } = await askAndRead(ada, 'Help', { taskId: task.id });
  for (let count = 2; count <= 10; count += 1) {
    const edited = await edit(ada, question.id, `Help ${count}`);
    expect(edited).toMatchObject({ requestsOnTask: count, question: { taskId: task.id }, answer: { taskId: task.id } });
    ({ question } = edited);
  }
  const input = { messageId: question.id, content: 'Help' };
  await ada.refused(EditQuestion, { input }, 'CREDIT_LIMIT_REACHED');
});

test('only a question of the current branch is edited, and only while no answer is being written', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const { conversation, first, second, third } = await talk(ada);
  const refused = (messageId: string, code: 'CONFLICT' | 'VALIDATION_FAILED' | 'NOT_FOUND', content = 'x') =>
    ada.refused(EditQuestion, { input: { messageId, content } }, code);
  await refused(first.answer.id, 'VALIDATION_FAILED');
  await refused(first.question.id, 'VALIDATION_FAILED', ' ');
  await refused(first.question.id, 'VALIDATION_FAILED', 'x'.repeat(4_001));
  await refused(randomUUID(), 'NOT_FOUND');
  await bob.refused(EditQuestion, { input: { messageId: first.question.id, content: 'x' } }, 'FORBIDDEN');
  await edit(ada, second.question.id, 'Question D');
  await refused(second.question.id, 'CONFLICT');
  await refused(third.question.id, 'CONFLICT');
  await world.model({ hangAfter: 0 });
  const input = { conversationId: conversation.id, content: 'x' };
  const { answer } = (await ada.ok(SendChatMessage, { input })).sendChatMessage;
  await refused(first.question.id, 'CONFLICT');
  await ada.ok(StopChatMessage, { input: { messageId: answer.id } });
  await answering('Answer D');
  await edit(ada, first.question.id, 'Question E');
  expect(await contentsOf(ada, conversation.id)).toEqual(['Question E', 'Answer D']);
});

test('of two that edit a question at once, in two processes, one is too late', async () => {
  const ada = await world.user();
  const { conversation, second } = await talk(ada);
  const input = { messageId: second.question.id, content: 'Question D' };
  const sent = await Promise.all(
    [0, 1].map(async (process) => (await ada.at(world.urlOf(process)).send(EditQuestion, { input })).body),
  );
  const codes = sent.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'OK');
  expect(codes.toSorted()).toEqual(['CONFLICT', 'OK']);
  expect(await messagesOf(ada, conversation.id, true)).toHaveLength(8);
});

test('without a credit, or beyond the rate of requests to the assistant, the branch stays as it is', async () => {
  const slow = await world.another({ config: { AI_RATE_LIMIT_PER_MINUTE: '2' } });
  const ada = await slow.user();
  await slow.model({ text: 'One', tokensPerSecond: 0 });
  const { conversation, question, answer } = await askAndRead(ada, 'Hello');
  await slow.sql(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     values (gen_random_uuid(), $1, 'ADJUST', 'KICKSTART', -4, 'test', 'test', now())`,
    [ada.id],
  );
  const input = { messageId: question.id, content: 'x' };
  await ada.refused(EditQuestion, { input }, 'INSUFFICIENT_CREDITS');
  await ada.refused(EditQuestion, { input }, 'RATE_LIMITED');
  expect((await messagesOf(ada, conversation.id, true)).map(({ id, supersededBy }) => [id, supersededBy])).toEqual([
    [question.id, null],
    [answer.id, null],
  ]);
});

test('changes name the new messages, and then each that they took the place of', async () => {
  const ada = await world.user();
  const { conversation, second, third } = await talk(ada);
  const { endCursor: after } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const { question, answer } = await edit(ada, second.question.id, 'Question D');
  const changes = nodesOf((await ada.ok(Changes, { after, first: 100 })).changes);
  const told = changes.filter(({ entityType }) => entityType === 'chat_message' || entityType === 'conversation');
  expect(told.map(({ type, entityId }) => [type, entityId])).toEqual([
    ['conversation.updated', conversation.id],
    ['chat_message.created', question.id],
    ['chat_message.created', answer.id],
    ['ai.request', answer.id],
    ...[second.question, second.answer, third.question, third.answer].map(({ id }) => ['chat_message.superseded', id]),
    ['chat_message.completed', answer.id],
  ]);
  expect(told[4]?.entity).toMatchObject({ supersededBy: question.id });
});

test('a question with 999 messages behind it is edited, and one with more is not', async () => {
  const ada = await world.user();
  await giveCredits(world, ada);
  await answering('An answer.');
  const { conversation, question } = await askAndRead(ada, 'Hello');
  await world.sql(
    `insert into assistant.chat_message (account_id, id, conversation_id, position, role, content, state, created_at)
     select $1, gen_random_uuid(), $2, number, 'USER', 'x', 'COMPLETE', now() from generate_series(2, 1000) as number`,
    [ada.id, conversation.id],
  );
  const input = { messageId: question.id, content: 'x' };
  await ada.refused(EditQuestion, { input }, 'CONFLICT');
  expect((await ada.ok(Conversation, { id: conversation.id })).conversation.messages.totalCount).toBe(1_001);
  await world.sql('delete from assistant.chat_message where position = 1000', []);
  await edit(ada, question.id, 'Once more');
  expect(await contentsOf(ada, conversation.id)).toEqual(['Once more', 'An answer.']);
  const events = await world.sql(
    `select from activity.event where account_id = $1 and type = 'chat_message.superseded'`,
    [ada.id],
  );
  expect(events).toHaveLength(1_000);
});
