import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { beforeEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import {
  CompleteTask,
  Conversation,
  Conversations,
  CreateTask,
  CreditHistory,
  Credits,
  DeleteTask,
  SendChatMessage,
  StartConversation,
  StopChatMessage,
  TaskTemplates,
} from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, lastingTokens: true });

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Answer<Alias extends string> {
  readonly taskTemplates: { readonly nodes: readonly Readonly<Record<Alias, Page>>[] };
}

const page = 'totalCount nodes { id } pageInfo { hasNextPage endCursor }';
const Both: TypedDocumentNode<Answer<'two' | 'ten'>, object> = parse(
  `{ taskTemplates { nodes { two: instances(first: 2) { ${page} } ten: instances(first: 10) { ${page} } } } }`,
);
const Next: TypedDocumentNode<Answer<'next'>, { after: string | null }> = parse(
  `query($after: String) { taskTemplates(first: 1) { nodes { next: instances(first: 2, after: $after) { ${page} } } } }`,
);
let ada: Person;
/** The tasks of each series, the newest first; of the series, too. */
let series: string[][];

/** A series that has this many tasks. */
async function makeSeries(count: number): Promise<string[]> {
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  world.clock.advance(dayMs);
  let { id, version } = (await ada.ok(CreateTask, { input: { title: 'x', recurrence } })).createTask.task;
  if (count === 0) await ada.ok(DeleteTask, { input: { id, version, endSeries: true } });
  const ids = count === 0 ? [] : [id];
  while (ids.length < count) {
    world.clock.advance(dayMs);
    const { nextInstance } = (await ada.ok(CompleteTask, { input: { id, version } })).completeTask;
    ({ id, version } = nextInstance ?? { id: '', version: 0 });
    ids.unshift(id);
  }
  return ids;
}

const idsOf = ({ nodes }: Page) => nodes.map(({ id }) => id);

beforeEach(async () => {
  ada = await world.user();
  const [oldest, middle, newest] = [await makeSeries(0), await makeSeries(1), await makeSeries(3)];
  series = [newest, middle, oldest];
});

test('each parent gets its own children, in their order, as many as were asked for', async () => {
  const { nodes } = (await ada.ok(Both, {})).taskTemplates;
  expect(nodes.map(({ ten }) => idsOf(ten))).toEqual(series);
  expect(nodes.map(({ two }) => idsOf(two))).toEqual(series.map((ids) => ids.slice(0, 2)));
});

test('each parent says how many it has, and whether there are more', async () => {
  const { nodes } = (await ada.ok(Both, {})).taskTemplates;
  expect(nodes.map(({ two }) => two.totalCount)).toEqual([3, 1, 0]);
  expect(nodes.map(({ two }) => two.pageInfo.hasNextPage)).toEqual([true, false, false]);
  expect(nodes.map(({ ten }) => ten.pageInfo.hasNextPage)).toEqual([false, false, false]);
  expect(nodes[2]?.two.pageInfo.endCursor).toBeNull();
});

test('a cursor of a page that was read with others leads on, for its own parent alone', async () => {
  const [newest, middle] = (await ada.ok(Both, {})).taskTemplates.nodes;
  const after = newest?.two.pageInfo.endCursor ?? null;
  const [{ next } = { next: null }] = (await ada.ok(Next, { after })).taskTemplates.nodes;
  expect(next).toMatchObject({ nodes: [{ id: series[0]?.[2] }], totalCount: 3, pageInfo: { hasNextPage: false } });
  await ada.refused(Next, { after: middle?.two.pageInfo.endCursor ?? null }, 'VALIDATION_FAILED');
});

test('the last page of a conversation’s messages is its end', async () => {
  const ask = parse('mutation($i: SendChatMessageInput!) { sendChatMessage(input: $i) { conversation { id } } }');
  for (const content of ['One', 'Two']) await ada.send(ask, { i: { content } });
  const { body } = await ada.send(`{ conversations { nodes {
    first: messages(first: 1) { nodes { role } pageInfo { hasPreviousPage hasNextPage } }
    last: messages(last: 1) { nodes { role } pageInfo { hasPreviousPage hasNextPage } } } } }`);
  const answered = {
    first: { nodes: [{ role: 'USER' }], pageInfo: { hasPreviousPage: false, hasNextPage: true } },
    last: { nodes: [{ role: 'ASSISTANT' }], pageInfo: { hasPreviousPage: true, hasNextPage: false } },
  };
  expect(body.data).toEqual({ conversations: { nodes: [answered, answered] } });
});

test('a cursor leads on in both directions of a conversation, and nothing comes twice', async () => {
  const eve = await world.user('Eve');
  const { id } = (await eve.ok(StartConversation, { input: { title: 'x' } })).startConversation.conversation;
  for (const content of ['One', 'Two']) {
    const { answer } = (await eve.ok(SendChatMessage, { input: { content, conversationId: id } })).sendChatMessage;
    await eve.ok(StopChatMessage, { input: { messageId: answer.id } });
  }
  const read = async (place: object) => (await eve.ok(Conversation, { id, ...place })).conversation.messages;
  const all = nodesOf(await read({})).map((message) => message.id);
  expect(all).toHaveLength(4);
  const [first, last] = [await read({ first: 1 }), await read({ last: 1 })];
  const behind = nodesOf(await read({ first: 10, after: first.edges[0]?.cursor }));
  expect(behind.map((message) => message.id)).toEqual(all.slice(1));
  const ahead = nodesOf(await read({ last: 2, before: last.edges[0]?.cursor }));
  expect(ahead.map((message) => message.id)).toEqual(all.slice(1, 3));
});

test('a page of none of a conversation, and one behind a cursor of another, are refused', async () => {
  const eve = await world.user('Eve');
  const begin = async () =>
    (await eve.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage.conversation.id;
  const [id, other] = [await begin(), await begin()];
  await eve.refused(Conversation, { id, first: 0 }, 'VALIDATION_FAILED');
  const { edges } = (await eve.ok(Conversation, { id: other })).conversation.messages;
  await eve.refused(Conversation, { id, after: edges[0]?.cursor ?? null }, 'VALIDATION_FAILED');
});

test('a list of the account goes on behind a cursor of its own', async () => {
  const eve = await world.user('Eve');
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  for (const title of ['a', 'b', 'c']) {
    await eve.ok(CreateTask, { input: { title, recurrence } });
    const { id } = (await eve.ok(StartConversation, { input: { title } })).startConversation.conversation;
    await eve.ok(SendChatMessage, { input: { content: title, conversationId: id } });
  }
  // What an answer's end writes must not come between two pages.
  await eventually(
    () => eve.ok(Credits, {}),
    ({ credits }) => credits.held === 0,
  );
  const lists = [
    async (place: object) => (await eve.ok(TaskTemplates, place)).taskTemplates,
    async (place: object) => (await eve.ok(Conversations, place)).conversations,
    async (place: object) => (await eve.ok(CreditHistory, place)).creditHistory,
  ];
  for (const read of lists) {
    const ids = (page: Awaited<ReturnType<typeof read>>) => page.edges.map(({ node }) => node.id);
    const whole = ids(await read({}));
    expect(whole.length).toBeGreaterThan(2);
    const page = await read({ first: 1 });
    expect([...ids(page), ...ids(await read({ first: 99, after: page.edges[0]?.cursor }))]).toEqual(whole);
  }
});

test('a size that cannot be is refused', async () => {
  const { body } = await ada.send('{ taskTemplates { nodes { instances(first: 101) { totalCount } } } }');
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED' });
});
