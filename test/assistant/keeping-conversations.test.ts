import { expect, test } from '@jest/globals';
import {
  Changes,
  ChatStream,
  Conversation,
  Conversations,
  Credits,
  DeleteConversation,
  RenameConversation,
  SendChatMessage,
  StartConversation,
  StopChatMessage,
} from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import { type Person, Refused } from '../support/person.js';

const world = harness({ apps: 2 });

const begin = async (person: Person, title?: string) =>
  (await person.ok(StartConversation, { input: { title } })).startConversation.conversation;
const titlesOf = async (person: Person, search?: string) =>
  nodesOf((await person.ok(Conversations, { search })).conversations).map(({ title }) => title);

test('a conversation is renamed, keeps its place, and no question names it any more', async () => {
  const ada = await world.user();
  const first = await begin(ada);
  await begin(ada, 'The second');
  const { conversation } = (await ada.ok(RenameConversation, { input: { id: first.id, title: ' Plans ' } }))
    .renameConversation;
  expect(conversation).toEqual({ ...first, title: 'Plans' });
  expect(await titlesOf(ada)).toEqual(['The second', 'Plans']);
  const input = { conversationId: first.id, content: 'Where do I start?' };
  expect((await ada.ok(SendChatMessage, { input })).sendChatMessage.conversation.title).toBe('Plans');
  await ada.refused(RenameConversation, { input: { id: first.id, title: ' ' } }, 'VALIDATION_FAILED');
  await ada.refused(RenameConversation, { input: { id: first.id, title: 'x'.repeat(201) } }, 'VALIDATION_FAILED');
});

test('a conversation has one answer at a time: the next question waits for it, or stops it', async () => {
  const ada = await world.user();
  await world.model({ tokens: Array.from({ length: 500 }, (_, index) => `word${index} `), tokensPerSecond: 20 });
  const { id } = await begin(ada);
  const input = { conversationId: id, content: 'x' };
  // Of two at once, in two processes, one is the first.
  const sent = await Promise.all(
    [0, 1].map(async (process) => (await ada.at(world.urlOf(process)).send(SendChatMessage, { input })).body),
  );
  const codes = sent.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'OK');
  expect(codes.toSorted()).toEqual(['CONFLICT', 'OK']);
  expect((await ada.ok(Credits, {})).credits.held).toBe(1);
  const { messages } = (await ada.ok(Conversation, { id })).conversation;
  const messageId = nodesOf(messages).at(-1)?.id ?? '';
  // Another conversation goes on meanwhile.
  await ada.ok(SendChatMessage, { input: { content: 'y' } });
  await ada.ok(StopChatMessage, { input: { messageId } });
  await ada.ok(SendChatMessage, { input });
});

test('conversations are found by their titles, whatever the case', async () => {
  const ada = await world.user();
  for (const title of ['Die Straße', 'Plans for June', 'plans for July', '100%']) await begin(ada, title);
  expect(await titlesOf(ada, 'PLANS')).toEqual(['plans for July', 'Plans for June']);
  expect(await titlesOf(ada, 'strasse')).toEqual(['Die Straße']);
  expect(await titlesOf(ada, '0%')).toEqual(['100%']);
  expect(await titlesOf(ada, ' ')).toHaveLength(4);
  const found = (await ada.ok(Conversations, { search: 'plans', first: 1 })).conversations;
  expect(found.totalCount).toBe(2);
  const { endCursor: after } = found.pageInfo;
  expect(nodesOf((await ada.ok(Conversations, { search: 'plans', first: 1, after })).conversations)).toHaveLength(1);
  await ada.refused(Conversations, { search: 'x'.repeat(201) }, 'VALIDATION_FAILED');
});

test('a deleted conversation is gone with its messages, once', async () => {
  const ada = await world.user();
  const { conversation, answer } = (await ada.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage;
  for await (const _ of ada.follow(ChatStream, { messageId: answer.id }));
  const input = { id: conversation.id };
  expect((await ada.ok(DeleteConversation, { input })).deleteConversation).toEqual({
    deletedId: conversation.id,
    deletedItem: null,
  });
  await ada.refused(Conversation, { id: conversation.id }, 'NOT_FOUND');
  await ada.refused(DeleteConversation, { input }, 'NOT_FOUND');
  await ada.refused(RenameConversation, { input: { ...input, title: 'x' } }, 'NOT_FOUND');
  expect(await titlesOf(ada)).toEqual([]);
  expect(await world.sql('select from assistant.chat_message where account_id = $1', [ada.id])).toHaveLength(0);
  const changes = (await ada.ok(Changes, {})).changes.edges.map(({ node }) => node);
  expect(changes.at(-1)).toMatchObject({ type: 'conversation.deleted', entityId: conversation.id, entity: null });
});

test('deleting a conversation stops the answer that is being written in it, from another process, and settles it', async () => {
  const ada = await world.user();
  const before = (await ada.ok(Credits, {})).credits.total;
  await world.model({ tokens: Array.from({ length: 500 }, (_, index) => `word${index} `), tokensPerSecond: 20 });
  const { conversation, answer } = (await ada.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage;
  let deleted: Promise<unknown> | null = null;
  const reading = async () => {
    for await (const _ of ada.follow(ChatStream, { messageId: answer.id }))
      deleted ??= ada.at(world.urlOf(1)).ok(DeleteConversation, { input: { id: conversation.id } });
  };
  await expect(reading()).rejects.toThrow(Refused);
  await deleted;
  const open = () => world.sql(`select from llm.run where account_id = $1 and ended_at is null`, [ada.id]);
  expect(await eventually(open, (runs) => runs.length === 0)).toHaveLength(0);
  // Something was read, so the answer is paid as one that its user stops.
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: before - 1, held: 0 });
  expect(await world.sql('select from llm.piece where account_id = $1', [ada.id])).toHaveLength(0);
});
