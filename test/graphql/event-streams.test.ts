import { beforeEach, expect, test } from '@jest/globals';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';
import {
  Changes,
  ChatStream,
  CreateTask,
  EndSession,
  FollowChanges,
  Me,
  MySessions,
  Reauthenticate,
  SendChatMessage,
} from '../../generated/documents.js';
import { EventStream } from '../support/event-stream.js';
import { eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { Person } from '../support/person.js';
import { untilTheyKnow } from '../support/processes.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({
  apps: 2,
  config: { ACCESS_TOKEN_SECONDS: '900', MAX_SOCKETS_PER_USER: '3', CORS_ORIGINS: 'https://app.example.com' },
});

beforeEach(() => untilTheyKnow([world.urlOf(0), world.urlOf(1)], 2));

/** The client of graphql-sse, at the other process. */
const clientOf = ({ session }: Person) =>
  createClient({
    url: `${world.urlOf(1)}/graphql`,
    headers: { authorization: `Bearer ${session.accessToken}` },
    retryAttempts: 0,
  });

test('an answer streams as events to its end, in another process than the one that asks for it', async () => {
  const ada = await world.user();
  await world.model({ tokens: ['One', ' two', ' three'], tokensPerSecond: 20 });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Count' } })).sendChatMessage;
  const results = clientOf(ada).iterate({ query: print(ChatStream), variables: { messageId: answer.id } });
  const seen: unknown[] = [];
  for await (const { data } of results) seen.push(data);
  expect(seen.at(-1)).toMatchObject({
    chatStream: { __typename: 'ChatFinished', message: { state: 'COMPLETE', content: 'One two three' } },
  });
});

test('changes come as they happen, and a client goes on behind the last one', async () => {
  const ada = await world.user();
  const { endCursor } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  const client = clientOf(ada);
  const create = async (title: string) => (await ada.ok(CreateTask, { input: { title } })).createTask.task.id;
  const read = async (after: unknown, id: string) => {
    for await (const { data } of client.iterate({ query: print(FollowChanges), variables: { after } })) {
      expect(data).toMatchObject({ changes: { node: { entity: { id } } } });
      return data?.['changes'];
    }
    throw new Error('It ended.');
  };
  const first = await read(endCursor, await create('first'));
  await read(Object(first).cursor, await create('second'));
  client.dispose();
});

test('queries and mutations are answered one event, and what is refused says so in one', async () => {
  const ada = await world.user();
  const stream = await EventStream.open(ada, Me);
  expect(await stream.ended).toBe('whole');
  expect(stream.results).toMatchObject([{ data: { me: { name: 'Ada' } } }]);
  const key = { 'idempotency-key': 'once' };
  const twice = [1, 2].map(() => EventStream.open(ada, CreateTask, { input: { title: 'x' } }, key));
  const [one, other] = await Promise.all(
    twice.map(async (each) => (await each).ended.then(async () => (await each).text)),
  );
  expect(one).toBe(other);
  const invalid = await EventStream.open(ada, '{ nothing }');
  await invalid.ended;
  expect(invalid.response.status).toBe(200);
  expect(invalid.results).toMatchObject([{ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] }]);
  const prolonged = await EventStream.open(ada, Reauthenticate, { accessToken: ada.session.accessToken });
  await prolonged.ended;
  expect(prolonged.results).toMatchObject([{ errors: [{ extensions: { code: 'CONFLICT' } }] }]);
  for (const each of [stream, invalid, prolonged]) expect(each.isComplete).toBe(true);
});

test.each([
  ['one result', Me],
  ['what goes on', FollowChanges],
])('neither proxies nor browsers are to hold events of %s back', async (_, document) => {
  const ada = await world.user();
  const stream = await EventStream.open(ada, document, {}, { origin: 'https://app.example.com' });
  expect(Object.fromEntries(stream.response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': 'https://app.example.com',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-request-id': expect.any(String),
  });
  await stream.close();
});

test.each(['text/event-stream; charset=utf-8', 'text/event-stream, multipart/mixed', 'text/event-stream, */*;q=0.1'])(
  'who accepts %s is answered by events',
  async (accept) => {
    const stream = await EventStream.open(await world.user(), Me, {}, { accept });
    await stream.ended;
    expect(stream.isComplete).toBe(true);
  },
);

test('a page of an allowed origin may ask for events, and none may ask by other methods', async () => {
  const ask = async (method: string, origin: string, more: Record<string, string> = {}) => {
    const headers = { origin, accept: 'text/event-stream', ...more };
    const { status, headers: answered } = await fetch(`${world.url}/graphql`, { method, headers });
    return [status, answered.get('access-control-allow-origin'), answered.get('allow')];
  };
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,idempotency-key',
  };
  const page = 'https://app.example.com';
  expect(await ask('OPTIONS', page, preflight)).toEqual([204, page, null]);
  expect(await ask('OPTIONS', 'https://evil.example', preflight)).toEqual([403, null, null]);
  expect(await ask('HEAD', page)).toEqual([405, page, 'GET, POST']);
  expect(await ask('POST', page)).toEqual([401, page, null]);
});

test('whoever may not enter has HTTP’s status for it, before there is a stream', async () => {
  const ada = await world.user();
  const refused = new Person(ada.url, { ...ada.session, accessToken: 'nonsense' });
  const stream = await EventStream.open(refused, FollowChanges);
  await stream.ended;
  expect([stream.response.status, stream.results]).toEqual([401, []]);
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${ada.session.accessToken}` };
  expect((await fetch(`${ada.url}/graphql?query={__typename}`, { headers: { accept: headers.accept } })).status).toBe(
    401,
  );
  const query = encodeURIComponent('mutation { signOutEverywhere { revokedSessions } }');
  expect((await fetch(`${ada.url}/graphql?query=${query}`, { headers })).status).toBe(405);
});

test('a stream takes of the allowance that sockets have', async () => {
  const ada = await world.user();
  const stream = await EventStream.open(ada, FollowChanges);
  const limit = stream.response.headers.get('x-ratelimit-limit');
  expect(limit).toBe(String(world.config.SUBSCRIPTION_RATE_LIMIT_PER_MINUTE));
  await stream.close();
});

test('a user’s streams and sockets count together, in all processes', async () => {
  const ada = await world.user();
  const there = ada.at(world.urlOf(1));
  const socket = await new RawSocket(ada.url).init(ada);
  const streams = [await EventStream.open(ada, FollowChanges), await EventStream.open(there, FollowChanges)];
  const fourth = await EventStream.open(there, FollowChanges);
  expect(await fourth.ended).toBe('whole');
  expect(fourth.results).toMatchObject([
    { errors: [{ extensions: { code: 'LIMIT_REACHED', resource: 'socketsPerUser', limit: 3, current: 3 } }] },
  ]);
  await streams[0]?.close();
  const next = await eventually(
    async () => {
      const stream = await EventStream.open(there, FollowChanges);
      await eventually(
        () => stream.text,
        (text) => text !== '',
      );
      return stream.isComplete ? null : stream;
    },
    (stream) => stream !== null,
  );
  await Promise.all([streams[1]?.close(), next?.close()]);
  socket.close();
});

test('a stream ends within a second of its session, in another process too, and does not look complete', async () => {
  const ada = await world.user();
  const { mySessions } = await ada.ok(MySessions, {});
  const stream = await EventStream.open(ada.at(world.urlOf(1)), FollowChanges);
  await ada.ok(EndSession, { input: { id: mySessions[0]?.id ?? '' } });
  expect(await stream.ended).toBe('cut');
  expect(stream.isComplete).toBe(false);
});

test('a stream ends when its token expires', async () => {
  const ada = await world.user();
  world.clock.advance(897_000);
  const stream = await EventStream.open(ada, FollowChanges);
  expect(stream.response.status).toBe(200);
  expect(await stream.ended).toBe('cut');
  expect(stream.isComplete).toBe(false);
});

test('a client that leaves is noticed, and one that does not read hurts only itself', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await world.model({ tokens: Array.from({ length: 2_000 }, () => 'x'.repeat(10)), tokensPerSecond: 2_000 });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Much' } })).sendChatMessage;
  const unread = await fetch(`${ada.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${ada.session.accessToken}`,
    },
    body: JSON.stringify({ query: print(ChatStream), variables: { messageId: answer.id } }),
  });
  await world.model({ text: 'Hello.', tokensPerSecond: 0 });
  const other = (await bob.ok(SendChatMessage, { input: { content: 'Hi' } })).sendChatMessage.answer;
  const stream = await EventStream.open(bob, ChatStream, { messageId: other.id });
  expect(await stream.ended).toBe('whole');
  expect(stream.isComplete).toBe(true);
  const open = () => scrape(world.url).then((metrics) => metrics.get('graphql_sockets'));
  await unread.body?.cancel();
  await eventually(open, (count) => count === 0);
});

test('a server that closes ends its streams, and clients come again', async () => {
  const app = await world.startApp();
  const ada = await world.user();
  const stream = await EventStream.open(ada.at(app.url ?? ''), FollowChanges);
  await app.close();
  expect(await stream.ended).toBe('cut');
  expect(stream.isComplete).toBe(false);
});
