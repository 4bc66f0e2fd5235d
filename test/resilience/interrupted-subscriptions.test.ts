import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { print } from 'graphql';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import type pg from 'pg';
import { WebSocket } from 'ws';
import {
  Changes,
  ChatStream,
  CreateTask,
  FollowChanges,
  NotificationAdded,
  SendChatMessage,
} from '../../generated/documents.js';
import { type App, startApp } from '../../src/app.js';
import { createLog } from '../../src/platform/log.js';
import { Cable } from '../support/cable.js';
import { EventStream } from '../support/event-stream.js';
import { connectClient, eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { RawSocket } from '../support/raw-socket.js';

// Before the database is dropped.
afterEach(async () => {
  await holder.end();
  cable.isCut = false;
  await app.close();
  await cable.remove();
});
const world = harness({ worker: false });
/** Somebody who holds locks on tables. */
let holder: pg.Client;
/** Another process, whose line to the database can be cut. */
let app: App;
let cable: Cable;

beforeEach(async () => {
  holder = await connectClient(world.config.MIGRATE_URL);
  cable = new Cable(world.config.DATABASE_URL);
  const config = { ...world.config, DATABASE_URL: await cable.lay(), DATABASE_STATEMENT_SECONDS: 1 };
  app = await startApp(config, { api: config, worker: null }, createLog('silent', { write: () => undefined }));
});

const there = (person: Person) => person.at(app.url ?? '');

/** Subscribes with what its library would resend, and answers the socket once it has been told something. */
async function follow(person: Person, document: Parameters<typeof print>[0], variables: object): Promise<RawSocket> {
  const socket = await new RawSocket(person.url).init(person);
  socket.send({ type: 'subscribe', id: '1', payload: { query: print(document), variables } });
  return socket;
}

/** What a socket was told of its subscription's end. */
const endsOf = ({ messages }: RawSocket) =>
  messages.filter(({ type, payload }) => type !== 'connection_ack' && (type !== 'next' || 'errors' in Object(payload)));

const lock = async (table: string) => {
  await holder.query('begin');
  await holder.query(`lock table ${table} in access exclusive mode`);
};

test.each([
  ['changes', FollowChanges, () => ({})],
  ['notificationAdded', NotificationAdded, () => ({})],
  ['chatStream', ChatStream, (messageId: string) => ({ messageId })],
] as const)(
  '%s ends with its socket, by 1013, when the database is away, and so does one that is begun meanwhile',
  async (_, document, variablesFor) => {
    const ada = await world.user();
    await world.model({ tokens: Array.from({ length: 150 }, (_, index) => `${index} `), tokensPerSecond: 20 });
    const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Count' } })).sendChatMessage;
    const variables = variablesFor(answer.id);
    const sockets = await Promise.all([1, 2].map(() => follow(there(ada), document, variables)));
    // They wait, or read, once one that was begun later has something.
    const later = await follow(there(ada), ChatStream, { messageId: answer.id });
    await later.until(({ type }) => type === 'next');
    cable.cut();
    // Rings for those who wait.
    await ada.ok(CreateTask, { input: { title: 'x' } });
    for (const socket of sockets) {
      expect((await socket.closed).code).toBe(1_013);
      expect(endsOf(socket)).toEqual([]);
    }
    const late = await follow(there(ada), document, variables);
    expect((await late.closed).code).toBe(1_013);
    expect(endsOf(late)).toEqual([]);
  },
);

test('a client that tries again gets what was written while the database was away', async () => {
  const ada = await world.user();
  const { endCursor } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const client = createClient({
    url: `${(app.url ?? '').replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${ada.session.accessToken}` },
    shouldRetry: () => true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  });
  let closes = 0;
  client.on('closed', () => {
    closes += 1;
  });
  try {
    const changes = ada.follow(FollowChanges, { after: endCursor }, client);
    const ids: string[] = [];
    const create = async (title: string) => {
      ids.push((await ada.ok(CreateTask, { input: { title } })).createTask.task.id);
    };
    await create('before');
    expect((await changes.next()).value?.changes.node.entity).toMatchObject({ id: ids[0] });
    const next = changes.next();
    cable.cut();
    await create('meanwhile');
    await eventually(
      () => closes,
      (count) => count > 0,
    );
    cable.isCut = false;
    const seen = [(await next).value, (await changes.next()).value].map((value) => value?.changes.node.entity);
    expect(seen).toMatchObject(ids.map((id) => ({ id })));
  } finally {
    await client.dispose();
  }
});

test('a stream of events is cut without a word when the database is away, and its client goes on once it is back', async () => {
  const ada = await world.user();
  const { endCursor: after } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const stream = await EventStream.open(there(ada), FollowChanges, { after });
  cable.cut();
  const { id } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask.task;
  expect(await stream.ended).toBe('cut');
  expect(stream.results).toEqual([]);
  const client = createEventClient({
    url: `${app.url}/graphql`,
    headers: { authorization: `Bearer ${ada.session.accessToken}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: async () => {
      cable.isCut = false;
    },
  });
  for await (const { data } of client.iterate({ query: print(FollowChanges), variables: { after } })) {
    expect(data).toMatchObject({ changes: { node: { entity: { id } } } });
    break;
  }
  client.dispose();
});

test('an event of which something cannot be read ends its socket instead of coming without it', async () => {
  const ada = await world.user();
  const { endCursor } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await lock('tasks.task');
  const socket = await follow(there(ada), FollowChanges, { after: endCursor });
  expect((await socket.closed).code).toBe(1_013);
  expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack']);
});

test('a subscription whose session cannot be looked up ends its socket by 1013', async () => {
  const ada = await world.user();
  await world.model({ tokens: Array.from({ length: 200 }, (_, index) => `${index} `), tokensPerSecond: 20 });
  const { answer } = (await there(ada).ok(SendChatMessage, { input: { content: 'Count' } })).sendChatMessage;
  const socket = await follow(there(ada), ChatStream, { messageId: answer.id });
  await socket.until(({ type }) => type === 'next');
  // What is being written here is read without the database.
  await lock('auth.session');
  expect((await socket.closed).code).toBe(1_013);
  expect(endsOf(socket)).toEqual([]);
});

test('a fault of ours ends its subscription with an error, and the others of the socket go on', async () => {
  world.expectErrors(/operation failed/);
  const ada = await world.user();
  // From a cursor: what is created before the subscription has begun is read all the same.
  const { endCursor: after } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const socket = await follow(ada, NotificationAdded, {});
  socket.send({ type: 'subscribe', id: '2', payload: { query: print(FollowChanges), variables: { after } } });
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await socket.until(({ id, type }) => id === '2' && type === 'next');
  await world.sql('alter table notifications.notification rename to elsewhere');
  await ada.ok(CreateTask, { input: { title: 'y' } });
  const { type, payload } = await socket.until(({ id }) => id === '1');
  expect(type).toBe('error');
  expect(payload).toEqual([
    { message: expect.any(String), extensions: { code: 'INTERNAL', requestId: expect.any(String) } },
  ]);
  expect(JSON.stringify(payload)).not.toContain('notification');
  await ada.ok(CreateTask, { input: { title: 'z' } });
  await eventually(
    () => socket.messages.filter(({ id, type }) => id === '2' && type === 'next').length,
    (count) => count >= 3,
  );
  expect(socket.messages.filter(({ id }) => id === '1')).toHaveLength(1);
  socket.close();
});
