import { describe, expect, test } from '@jest/globals';
import {
  Changes,
  ChatStream,
  type ChatStreamSubscription,
  Conversation,
  Conversations,
  CreateTask,
  Credits,
  DeleteTask,
  RestoreDeleted,
  SendChatMessage,
  StartConversation,
  StopChatMessage,
} from '../../generated/documents.js';
import { storedAnswer } from '../support/answers.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import { type Person, Refused } from '../support/person.js';

const world = harness({
  apps: 2,
  config: { AI_FIRST_TOKEN_SECONDS: '2', AI_IDLE_SECONDS: '1' },
});

type Event = ChatStreamSubscription['chatStream'];

const ask = async (person: Person, content = 'Where do I start?', more: object = {}) =>
  (await person.ok(SendChatMessage, { input: { content, ...more } })).sendChatMessage;

/** Reads an answer to its end; the text is put together as a client would. */
async function read(person: Person, messageId: string, after = 0) {
  const events: Event[] = [];
  let text = '';
  for await (const { chatStream } of person.follow(ChatStream, { messageId, after })) {
    events.push(chatStream);
    if (chatStream.__typename === 'ChatDelta') {
      text += chatStream.text;
      expect(chatStream.position).toBe(after + text.length);
    }
  }
  const end = events.at(-1);
  if (end?.__typename !== 'ChatFinished') throw new Error('It did not finish.');
  return { events, text, end };
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index} `);

test('an answer arrives token by token, is stored whole, and costs one credit', async () => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'Write the brief', priority: 'HIGH' } });
  const { answer, question, conversation, creditsRemaining } = await ask(ada);
  expect(question).toMatchObject({ role: 'USER', content: 'Where do I start?', state: 'COMPLETE' });
  expect(answer).toMatchObject({ role: 'ASSISTANT', content: '', state: 'STREAMING' });
  expect(creditsRemaining).toBe(4);
  const { events, text, end } = await read(ada, answer.id);
  expect(events.length).toBeGreaterThan(20);
  expect(text).toContain('Write the brief');
  expect(end).toMatchObject({
    position: text.length,
    creditsRemaining: 4,
    error: null,
    message: { state: 'COMPLETE', content: text },
  });
  const stored = (await ada.ok(Conversation, { id: conversation.id })).conversation;
  expect(stored.title).toBe('Where do I start?');
  expect(nodesOf(stored.messages).map(({ content }) => content)).toEqual(['Where do I start?', text]);
});

test('a late reader gets what was written in one piece, and the end', async () => {
  const ada = await world.user();
  await world.model({ tokens: words(100), tokensPerSecond: 0 });
  const { answer } = await ask(ada);
  const { text } = await read(ada, answer.id);
  for (const url of [world.urlOf(0), world.urlOf(1)]) {
    const later = ada.at(url);
    const again = await read(later, answer.id);
    expect(again.events.map(({ __typename }) => __typename)).toEqual(['ChatDelta', 'ChatFinished']);
    expect(again.text).toBe(text);
    expect((await read(later, answer.id, 10)).text).toBe(text.slice(10));
    expect((await read(later, answer.id, 100_000)).end.position).toBe(text.length);
    await later.leave();
  }
});

test('50 readers that are cut off at random moments, half of them elsewhere, all read the stored answer', async () => {
  const ada = await world.user();
  await world.model({
    tokens: words(150).map((word, index) => (index % 7 ? word : `🦊${word}`)),
    tokensPerSecond: 60,
    splitSurrogates: true,
  });
  const { answer } = await ask(ada);
  const readers = Array.from({ length: 50 }, async (_, index) => {
    const person = ada.at(world.urlOf(index % 2));
    let text = '';
    for (;;) {
      const pieces = 1 + Math.floor(Math.random() * 25);
      const client = person.newSocket();
      let taken = 0;
      for await (const { chatStream } of person.follow(
        ChatStream,
        { messageId: answer.id, after: text.length },
        client,
      )) {
        if (chatStream.__typename === 'ChatFinished') {
          await client.dispose();
          return text;
        }
        text += 'text' in chatStream ? chatStream.text : '';
        taken += 1;
        if (taken === pieces) break;
      }
      // A terminated socket, not a polite goodbye.
      client.terminate();
      await client.dispose();
    }
  });
  const texts = await Promise.all(readers);
  const row = await storedAnswer(world, answer.id);
  expect(row?.content).toContain('word149');
  expect(new Set(texts)).toEqual(new Set([row?.content]));
});

test('the answer is produced whether or not anyone listens', async () => {
  const ada = await world.user();
  await world.model({ tokens: words(20), tokensPerSecond: 200 });
  const { answer } = await ask(ada);
  const row = await eventually(
    () => storedAnswer(world, answer.id),
    (seen) => seen?.state === 'COMPLETE',
  );
  expect(row?.content).toBe(words(20).join(''));
});

describe('a provider that fails', () => {
  const cases: [string, object, string][] = [
    ['answers 500', { status: 500 }, ''],
    ['answers 429', { status: 429 }, ''],
    ['never answers', { hangAfter: 0 }, ''],
    ['hangs in the middle', { tokens: words(9), hangAfter: 3 }, words(3).join('')],
    ['is cut off', { tokens: words(9), cutAfter: 4 }, words(4).join('')],
    ['ends without a finish reason', { tokens: words(9), endAfter: 5 }, words(5).join('')],
    ['filters its own content', { tokens: words(2), finishReason: 'content_filter' }, words(2).join('')],
  ];
  test.each(cases)('and %s: the text so far stays, the credit returns', async (_, behaviour, text) => {
    const ada = await world.user();
    await world.model({ tokensPerSecond: 500, ...behaviour });
    const { answer } = await ask(ada);
    const { end } = await read(ada, answer.id);
    expect(end).toMatchObject({
      error: 'AI_SERVICE_UNAVAILABLE',
      creditsRemaining: 5,
      message: { state: 'FAILED', content: text },
    });
    expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 5, held: 0 });
  });

  test('and never sends [DONE], but finished: the answer is complete', async () => {
    const ada = await world.user();
    await world.model({ text: 'All good.', omitDone: true, tokensPerSecond: 0 });
    const { answer } = await ask(ada);
    expect((await read(ada, answer.id)).end.message).toMatchObject({ state: 'COMPLETE', content: 'All good.' });
  });
});

describe('stopping', () => {
  test.each([[0], [1]])('an answer, asked of process %i, keeps what was written and aborts upstream', async (index) => {
    const ada = await world.user();
    await world.model({ tokens: words(500), tokensPerSecond: 100 });
    const { answer, conversation } = await ask(ada);
    const reading = read(ada, answer.id);
    await eventually(
      () => storedAnswer(world, answer.id),
      (row) => (row?.content.length ?? 0) > 20,
    );
    const stopped = (await ada.at(world.urlOf(index)).ok(StopChatMessage, { input: { messageId: answer.id } }))
      .stopChatMessage;
    const [, shown] = nodesOf((await ada.ok(Conversation, { id: conversation.id })).conversation.messages);
    const { text, end } = await reading;
    // What the mutation answers is all that there will be.
    expect([stopped.message, shown]).toMatchObject([1, 2].map(() => ({ state: 'STOPPED', content: text })));
    expect(end).toMatchObject({ error: null, creditsRemaining: 4, message: { state: 'STOPPED', content: text } });
    expect(text.length).toBeLessThan(2_000);
    await eventually(
      () => world.modelState(),
      ({ open, abortedByClient }) => open === 0 && abortedByClient === 1,
    );
    const again = (await ada.ok(StopChatMessage, { input: { messageId: answer.id } })).stopChatMessage;
    expect(again.message).toMatchObject({ state: 'STOPPED', content: text });
  });

  test.each([
    ['', 0, {}],
    [' through another process', 1, {}],
    [' with an Idempotency-Key', 0, { 'idempotency-key': 'stop' }],
  ])('at the first word%s answers with it, and is paid', async (_, index, headers) => {
    const ada = await world.user();
    await world.model({ tokens: words(500), tokensPerSecond: 50 });
    const { answer } = await ask(ada);
    for await (const { chatStream } of ada.follow(ChatStream, { messageId: answer.id })) {
      if (chatStream.__typename === 'ChatDelta') break;
    }
    const input = { messageId: answer.id };
    const { message } = (await ada.at(world.urlOf(index)).ok(StopChatMessage, { input }, headers)).stopChatMessage;
    expect(message).toMatchObject({ state: 'STOPPED', content: expect.stringMatching(/^word0 /) });
    const { text, end } = await read(ada, answer.id);
    expect(text.startsWith(message.content)).toBe(true);
    if (Object.keys(headers).length === 0) expect(message.content).toBe(text);
    expect(end).toMatchObject({ creditsRemaining: 4, message: { state: 'STOPPED', content: text } });
  });

  test('before anything was written costs nothing', async () => {
    const ada = await world.user();
    await world.model({ delayMs: 1_500 });
    const { answer } = await ask(ada);
    await ada.ok(StopChatMessage, { input: { messageId: answer.id } });
    expect((await read(ada, answer.id)).end).toMatchObject({
      creditsRemaining: 5,
      message: { state: 'STOPPED', content: '' },
    });
  });
});

describe('conversations', () => {
  test('go on where they were, and the model is told', async () => {
    const ada = await world.user();
    await world.model({ text: 'First answer.', tokensPerSecond: 0 });
    const { conversation } = (await ada.ok(StartConversation, { input: { title: 'Plans' } })).startConversation;
    const first = await ask(ada, 'First question', { conversationId: conversation.id });
    await read(ada, first.answer.id);
    const second = await ask(ada, 'Second question', { conversationId: conversation.id });
    await read(ada, second.answer.id);
    const { lastMessages } = await world.modelState();
    expect(lastMessages.slice(1).map(({ role, content }) => [role, content])).toEqual([
      ['user', 'First question'],
      ['assistant', 'First answer.'],
      ['user', 'Second question'],
    ]);
    expect((await ada.ok(Conversations, {})).conversations).toMatchObject({
      totalCount: 1,
      edges: [{ node: { title: 'Plans' } }],
    });
  });

  test('in which a question was not answered are told with question and answer by turns', async () => {
    const ada = await world.user();
    const { conversation } = (await ada.ok(StartConversation, {})).startConversation;
    const questions = ['First question', 'Second question', 'Third question'];
    for (const [index, question] of questions.entries()) {
      await world.model(index === 1 ? { text: 'An answer.', tokensPerSecond: 0 } : { status: 500 });
      await read(ada, (await ask(ada, question, { conversationId: conversation.id })).answer.id);
    }
    const { lastMessages } = await world.modelState();
    expect(lastMessages.slice(1)).toEqual([
      { role: 'user', content: 'First question\n\nSecond question' },
      { role: 'assistant', content: 'An answer.' },
      { role: 'user', content: 'Third question' },
    ]);
  });

  test('that were begun without a title are named after their first question; each question is a change of theirs', async () => {
    const ada = await world.user();
    await world.model({ tokensPerSecond: 0 });
    const { conversation } = (await ada.ok(StartConversation, {})).startConversation;
    expect(conversation.title).toBe('New conversation');
    const { endCursor } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
    const { id: conversationId } = conversation;
    const first = await ask(ada, `How do I begin\n${'and go on '.repeat(10)}`, { conversationId });
    const title = 'How do I begin and go on and go on and go on and go on and…';
    expect(first.conversation.title).toBe(title);
    await read(ada, first.answer.id);
    expect((await ask(ada, 'And then?', { conversationId })).conversation.title).toBe(title);
    const changes = nodesOf((await ada.ok(Changes, { after: endCursor, first: 100 })).changes);
    const updated = { type: 'conversation.updated', entity: { __typename: 'Conversation', id: conversationId, title } };
    // Each moves it to the top of the list.
    expect(changes.filter(({ entityType }) => entityType === 'conversation')).toMatchObject([updated, updated]);
  });

  test('and answers of somebody else are forbidden', async () => {
    const [ada, bob] = [await world.user(), await world.user('Bob')];
    await world.model({ tokensPerSecond: 0 });
    const { conversation, answer } = await ask(bob);
    await ada.refused(Conversation, { id: conversation.id }, 'FORBIDDEN');
    await ada.refused(SendChatMessage, { input: { content: 'x', conversationId: conversation.id } }, 'FORBIDDEN');
    await ada.refused(StopChatMessage, { input: { messageId: answer.id } }, 'FORBIDDEN');
    await expect(ada.follow(ChatStream, { messageId: answer.id }).next()).rejects.toBeInstanceOf(Refused);
    expect((await ada.ok(Credits, {})).credits.total).toBe(5);
  });

  test.each([
    ['nothing', { content: '  ' }],
    ['4,001 characters', { content: 'x'.repeat(4_001) }],
    ['control characters', { content: 'a\u0000b' }],
    ['an id that is none', { content: 'x', conversationId: 'none' }],
  ])('a question of %s is refused and costs nothing', async (_, input) => {
    const ada = await world.user();
    await ada.refused(SendChatMessage, { input }, 'VALIDATION_FAILED');
    expect((await ada.ok(Credits, {})).credits.total).toBe(5);
  });

  test('from the 5th request on one task the payload warns; the 11th of a session is refused', async () => {
    const ada = await world.user();
    await world.model({ tokensPerSecond: 0 });
    await world.sql(
      `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
       values (gen_random_uuid(), $1, 'GRANT', 'PURCHASED', 20, 'test', 'test', now())`,
      [ada.id],
    );
    const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
    const asked = [];
    for (let count = 1; count <= 10; count += 1) asked.push(await ask(ada, 'Help', { taskId: task.id }));
    expect(asked.map(({ requestsOnTask }) => requestsOnTask)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(asked.map(({ warning }) => warning !== null)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
    await ada.refused(SendChatMessage, { input: { content: 'Help', taskId: task.id } }, 'CREDIT_LIMIT_REACHED');
    expect(asked.slice(-2).map(({ warning }) => warning)).toEqual([
      '1 more request about this task in this session.',
      '0 more requests about this task in this session.',
    ]);
    // What was asked about a task is there again when the task is.
    const conversationId = asked[0]?.conversation.id ?? '';
    const subjects = async () => {
      const { messages } = (await ada.ok(Conversation, { id: conversationId })).conversation;
      return nodesOf(messages).map((message) => message.task?.id ?? null);
    };
    const { deletedItem } = (await ada.ok(DeleteTask, { input: { id: task.id, version: 1 } })).deleteTask;
    expect(await subjects()).toEqual([null, null]);
    await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
    expect(await subjects()).toEqual([task.id, task.id]);
    await ada.refused(SendChatMessage, { input: { content: 'Help', taskId: task.id } }, 'CREDIT_LIMIT_REACHED');
    const nextSession = await world.signIn({ email: ada.session.user.email });
    expect((await ask(nextSession, 'Help', { taskId: task.id })).requestsOnTask).toBe(1);
  });
});

test('a request about a task is given back with its credit, and one that is paid counts', async () => {
  const ada = await world.user();
  world.expectErrors(/a model failed/);
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  const askOn = async (behaviour: object) => {
    await world.model(behaviour);
    return ask(ada, 'Help', { taskId: task.id });
  };
  const plain = { tokensPerSecond: 0 };
  const paid = await askOn(plain);
  expect(paid.requestsOnTask).toBe(1);
  await read(ada, paid.answer.id);
  // More often than there are requests or credits.
  for (let count = 0; count < 12; count += 1) {
    const failed = await askOn(count % 2 ? { status: 400 } : { tokens: words(5), tokensPerSecond: 0, cutAfter: 2 });
    expect(failed.requestsOnTask).toBe(2);
    expect((await read(ada, failed.answer.id)).end.message.state).toBe('FAILED');
  }
  // Also from a row that is there for this request alone.
  const bob = await world.user('Bob');
  const { task: other } = (await bob.ok(CreateTask, { input: { title: 'y' } })).createTask;
  for (let count = 0; count < 2; count += 1) {
    await world.model({ hangAfter: 0 });
    const stopped = await ask(bob, 'Help', { taskId: other.id });
    expect(stopped.requestsOnTask).toBe(1);
    for (let times = 0; times < 2; times += 1) {
      await bob.ok(StopChatMessage, { input: { messageId: stopped.answer.id } });
    }
  }
  const after = await askOn(plain);
  expect(after).toMatchObject({ requestsOnTask: 2, creditsRemaining: 3 });
});

test('a message keeps the id of its task while that is deleted, and has the task again once it is restored', async () => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  await world.model({ tokensPerSecond: 0 });
  const { answer, conversation } = await ask(ada, 'Help', { taskId: task.id });
  await read(ada, answer.id);
  const messages = async () => {
    const found = (await ada.ok(Conversation, { id: conversation.id, first: 2 })).conversation;
    return nodesOf(found.messages).map(({ taskId, task }) => ({ taskId, task }));
  };
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id: task.id, version: 1 } })).deleteTask;
  const without = { taskId: task.id, task: null };
  expect(await messages()).toEqual([without, without]);
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const withTask = { taskId: task.id, task: { id: task.id, title: 'x' } };
  expect(await messages()).toEqual([withTask, withTask]);
});

test('a position inside a character, or before the start, is refused', async () => {
  const ada = await world.user();
  await world.model({ tokens: ['🦊', ' fox'], tokensPerSecond: 0 });
  const { answer } = await ask(ada);
  await read(ada, answer.id);
  for (const after of [1, -1]) {
    await expect(ada.follow(ChatStream, { messageId: answer.id, after }).next()).rejects.toBeInstanceOf(Refused);
  }
});
