import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { print } from 'graphql';
import { CloseCode } from 'graphql-ws';
import {
  Changes,
  ChatStream,
  CreateTask,
  FollowChanges,
  Me,
  Reauthenticate,
  SendChatMessage,
} from '../../generated/documents.js';
import { eventually, harness, json, postJson } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { Person, type Session } from '../support/person.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({
  worker: false,
  config: { ACCESS_TOKEN_SECONDS: '900', MAX_SOCKETS_PER_USER: '3', MAX_SUBSCRIPTIONS_PER_SOCKET: '5' },
});

/** A frame as a client sends it, masked by nothing: a kind of RFC 6455, section 5.2, and at most 125 bytes. */
function frame(opcode: number, text: string): Buffer {
  const data = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | data.length, 0, 0, 0, 0]), data]);
}

/** Somebody whose token is good for another five seconds. */
async function nearlyExpired(): Promise<Person> {
  const person = await world.user();
  world.clock.advance(895_000);
  return person;
}

const renew = async (session: Session) =>
  json<Session>(await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken: session.refreshToken }));

test('a socket whose token is no good is closed with 4403, one that says nothing with 4408', async () => {
  const silent = await new RawSocket(world.url).open();
  const bad = await new RawSocket(world.url).open();
  bad.send({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } });
  const anonymous = await new RawSocket(world.url).open();
  anonymous.send({ type: 'connection_init' });
  expect((await bad.closed).code).toBe(4_403);
  expect((await anonymous.closed).code).toBe(4_403);
  expect((await silent.closed).code).toBe(4_408);
});

test('subscribing before the acknowledgement is closed with 4401, nonsense with 4400', async () => {
  const hasty = await new RawSocket(world.url).open();
  hasty.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
  expect((await hasty.closed).code).toBe(4_401);
  const odd = await new RawSocket(world.url).open();
  odd.send({ hello: 'there' });
  expect((await odd.closed).code).toBe(4_400);
});

test('a socket is closed with 4403 when its token expires', async () => {
  const ada = await nearlyExpired();
  // Its seconds are whole, and timers and clocks do not agree on the last milliseconds.
  const expiresAt = world.clock.now().getTime() + 3_900;
  const socket = await new RawSocket(world.url).init(ada);
  expect((await socket.closed).code).toBe(4_403);
  expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(expiresAt);
});

test('one id for two operations is closed with 4409, a second connection_init with 4429', async () => {
  const ada = await world.user();
  const [doubled, twice] = [await new RawSocket(world.url).init(ada), await new RawSocket(world.url).init(ada)];
  const operation = { type: 'subscribe', id: '1', payload: { query: print(FollowChanges) } };
  doubled.send(operation);
  doubled.send(operation);
  expect((await doubled.closed).code).toBe(4_409);
  twice.send({ type: 'connection_init' });
  expect((await twice.closed).code).toBe(4_429);
});

const follow = (id: string, after: string | null) => ({
  type: 'subscribe',
  id,
  payload: { query: print(FollowChanges), variables: { after } },
});
const leave = (id: string) => ({ type: 'complete', id });

async function subscriptions(): Promise<number | undefined> {
  return (await scrape(world.url)).get('graphql_subscriptions');
}

test.each([
  ['while it is prepared', 1],
  ['again and again', 10],
])('an id that is used again %s has one operation, which ends with its client', async (_, times) => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  const after = (await ada.ok(Changes, { first: 100 })).changes.pageInfo.endCursor ?? null;
  for (let time = 0; time < times; time += 1) {
    socket.send(follow('1', after));
    socket.send(leave('1'));
  }
  socket.send(follow('1', after));
  await ada.ok(CreateTask, { input: { title: 'heard' } });
  await socket.until(({ id, type }) => id === '1' && type === 'next');
  expect(await subscriptions()).toBe(1);
  socket.send(leave('1'));
  await eventually(subscriptions, (open) => open === 0);
  socket.send(follow('2', after));
  await socket.until(({ id, type }) => id === '2' && type === 'next');
  expect(socket.messages.filter(({ id }) => id === '1').map(({ type }) => type)).toEqual(['next']);
  socket.close();
  await eventually(subscriptions, (open) => open === 0);
});

test.each([
  ['subscribe complete subscribe subscribe', print(FollowChanges)],
  ['subscribe complete subscribe subscribe complete', print(FollowChanges)],
  ['subscribe complete subscribe complete subscribe subscribe subscribe', print(FollowChanges)],
  ['subscribe complete subscribe subscribe', '{ me { id } }'],
])('an id of an operation that waits is closed with 4409, and nothing runs on: %s', async (types, query) => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  for (const type of types.split(' '))
    socket.send({ type, id: '1', ...(type === 'subscribe' && { payload: { query } }) });
  expect((await socket.closed).code).toBe(4_409);
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await eventually(subscriptions, (open) => open === 0);
});

test('an id that is used again once its operation has begun has the results of the new one alone', async () => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  const after = (await ada.ok(Changes, { first: 100 })).changes.pageInfo.endCursor ?? null;
  socket.send(follow('1', after));
  await eventually(subscriptions, (open) => open === 1);
  const asked = { type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } };
  socket.sendTogether([leave('1'), asked, leave('1'), follow('1', after)]);
  await eventually(subscriptions, (open) => open === 1);
  await ada.ok(CreateTask, { input: { title: 'heard' } });
  const { payload } = await socket.until(({ id, type }) => id === '1' && type === 'next');
  expect(payload).toMatchObject({ data: { changes: { node: { type: 'task.created' } } } });
  expect(socket.messages.filter(({ id }) => id === '1')).toHaveLength(1);
  socket.close();
  await eventually(subscriptions, (open) => open === 0);
});

test.each(['next', 'error', 'connection_ack'])(
  'a client that sends what only servers do is closed: %s',
  async (type) => {
    const ada = await world.user();
    const [stranger, known] = [await new RawSocket(world.url).open(), await new RawSocket(world.url).init(ada)];
    for (const socket of [stranger, known]) {
      socket.send({ type, id: '1', payload: type === 'error' ? [] : {} });
      expect((await socket.closed).code).toBe(4_400);
    }
  },
);

test('an id of an operation that would be kept for nothing closes its socket with 4400', async () => {
  const ada = await world.user();
  const [usual, long] = [await new RawSocket(world.url).init(ada), await new RawSocket(world.url).init(ada)];
  const ask = (id: string) => ({ type: 'subscribe', id, payload: { query: '{ me { id } }' } });
  usual.send(ask('x'.repeat(256)));
  await usual.until(({ type }) => type === 'next');
  long.send(ask('x'.repeat(257)));
  expect((await long.closed).code).toBe(4_400);
  usual.close();
});

test('docs/clients.md names each code that graphql-ws closes a socket with', () => {
  const named = new Set(readFileSync('docs/clients.md', 'utf8').match(/\b4\d{3}\b/g));
  const codes = Object.values(CloseCode).filter((code) => typeof code === 'number');
  // A protocol that is not ours is refused before there is a socket.
  expect(codes.filter((code) => !named.has(`${code}`))).toEqual([CloseCode.SubprotocolNotAcceptable]);
});

test.each([
  'subscription { changes @skip(if: true) { cursor } }',
  'subscription { changes @skip(if: false) { cursor } }',
  'subscription ($b: Boolean!) { changes @include(if: $b) { cursor } }',
  'subscription { ... on Subscription @include(if: false) { changes { cursor } } }',
  'subscription { ...F @skip(if: true) } fragment F on Subscription { changes { cursor } }',
  'subscription { ...F } fragment F on Subscription { ...G } fragment G on Subscription { changes @skip(if: true) { cursor } }',
])('a condition at the root of a subscription is not valid: %s', async (query) => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  socket.send({ type: 'subscribe', id: '1', payload: { query, variables: { b: true } } });
  const { payload } = await socket.until(({ id, type }) => id === '1' && type === 'error');
  const message = 'A subscription takes no @skip or @include at its root.';
  expect(payload).toMatchObject([{ message, extensions: { code: 'VALIDATION_FAILED' } }]);
  const conditionBelow =
    'subscription ($after: String) { changes(after: $after) { cursor @skip(if: true) __typename } }';
  // From a cursor: what is created before the subscription has begun is read all the same.
  const { endCursor: after } = (await ada.ok(Changes, { first: 100 })).changes.pageInfo;
  socket.send({ type: 'subscribe', id: '2', payload: { query: conditionBelow, variables: { after } } });
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await socket.until(({ id, type }) => id === '2' && type === 'next');
  socket.close();
});

test('reauthenticating prolongs the socket without dropping a stream', async () => {
  const ada = await nearlyExpired();
  const expiresAt = world.clock.now().getTime() + 5_000;
  const socket = await new RawSocket(world.url).init(ada);
  const session = await renew(ada.session);
  socket.send({
    type: 'subscribe',
    id: 'renew',
    payload: { query: print(Reauthenticate), variables: { accessToken: session.accessToken } },
  });
  const renewed = await socket.until(({ id, type }) => id === 'renew' && type === 'next');
  expect(renewed.payload).toMatchObject({ data: { reauthenticate: { expiresAt: expect.any(String) } } });
  await world.model({ tokens: Array.from({ length: 110 }, (_, index) => `${index} `), tokensPerSecond: 20 });
  const { answer } = (await new Person(world.url, session).ok(SendChatMessage, { input: { content: 'Count' } }))
    .sendChatMessage;
  socket.send({
    type: 'subscribe',
    id: 'stream',
    payload: { query: print(ChatStream), variables: { messageId: answer.id } },
  });
  await socket.until(({ id, type }) => id === 'stream' && type === 'complete');
  // The first token would have ended it.
  expect(world.clock.now().getTime()).toBeGreaterThan(expiresAt);
  const last = socket.messages.filter(({ id, type }) => id === 'stream' && type === 'next').at(-1);
  expect(last?.payload).toMatchObject({
    data: { chatStream: { __typename: 'ChatFinished', message: { state: 'COMPLETE' } } },
  });
  socket.close();
});

test('reauthenticating as somebody else, with what is no token, or over HTTP, is refused', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const refusedWith = (code: string) => ({
    errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })],
  });
  const reauthenticate = (accessToken: string) => ada.follow(Reauthenticate, { accessToken }).next();
  await expect(reauthenticate(bob.session.accessToken)).rejects.toMatchObject(refusedWith('FORBIDDEN'));
  await expect(reauthenticate('nonsense')).rejects.toMatchObject(refusedWith('UNAUTHENTICATED'));
  await ada.refused(Reauthenticate, { accessToken: ada.session.accessToken }, 'CONFLICT');
});

test('the 4th socket of a user is closed, somebody else’s is not', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const open = await Promise.all([1, 2, 3].map(() => new RawSocket(world.url).init(ada)));
  const fourth = await new RawSocket(world.url).open();
  fourth.send({ type: 'connection_init', payload: { authorization: `Bearer ${ada.session.accessToken}` } });
  expect((await fourth.closed).code).toBe(4_429);
  const others = await new RawSocket(world.url).init(bob);
  for (const socket of [...open, others]) socket.close();
});

test('the 6th operation of a socket is refused, and the others go on', async () => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  const after = (await ada.ok(Changes, {})).changes.pageInfo.endCursor;
  for (let index = 1; index <= 6; index += 1) {
    socket.send({ type: 'subscribe', id: `${index}`, payload: { query: print(FollowChanges), variables: { after } } });
  }
  const refused = await socket.until(({ type }) => type === 'error');
  expect(refused).toMatchObject({
    id: '6',
    payload: [{ extensions: { code: 'LIMIT_REACHED', resource: 'operationsPerSocket', limit: 5, current: 5 } }],
  });
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await socket.until(({ id, type }) => id === '5' && type === 'next');
  socket.close();
});

test('a client that opens 10,000 subscriptions, or floods, hurts only itself', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const socket = await new RawSocket(world.url).init(ada);
  for (let index = 0; index < 10_000; index += 1) {
    socket.send({ type: 'subscribe', id: `${index}`, payload: { query: print(FollowChanges) } });
  }
  await bob.ok(Me, {});
  expect([1_006, 4_429]).toContain((await socket.closed).code);
});

test.each(['ping', 'pong'] as const)('frames that a library answers by itself are a flood, too: %s', async (kind) => {
  const ada = await world.user();
  const [stranger, known] = [await new RawSocket(world.url).open(), await new RawSocket(world.url).init(ada)];
  for (const socket of [stranger, known]) {
    for (let count = 0; count < 1_000; count += 1) socket.control(kind);
    expect([1_006, 4_429]).toContain((await socket.closed).code);
  }
});

test('a message in very many fragments closes its socket with 1008', async () => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  const text = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } });
  socket.sendFragments(Array.from(text));
  await socket.until(({ type }) => type === 'next');
  socket.sendFragments(Array.from(text.padEnd(1_000)));
  expect((await socket.closed).code).toBe(1_008);
});

test('a stranger who floods a socket that closes, and does not answer that it does, is cut off', async () => {
  const { hostname, port } = new URL(world.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const lines = ['GET /graphql HTTP/1.1', `host: ${hostname}`, 'connection: Upgrade', 'upgrade: websocket'];
  const key = randomBytes(16).toString('base64');
  lines.push('sec-websocket-version: 13', `sec-websocket-key: ${key}`, 'sec-websocket-protocol: graphql-transport-ws');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.write(frame(0x1, JSON.stringify({ type: 'connection_init' })));
  // It says 4403, and waits for the answer.
  await once(socket, 'data');
  const pongs = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0xa, '')));
  socket.write(pongs);
  await ended;
});

test('a client that never reads hurts only itself', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await world.model({ tokens: Array.from({ length: 2_000 }, () => 'x'.repeat(10)), tokensPerSecond: 2_000 });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Much' } })).sendChatMessage;
  const socket = await new RawSocket(world.url).init(ada);
  socket.send({
    type: 'subscribe',
    id: '1',
    payload: { query: print(ChatStream), variables: { messageId: answer.id } },
  });
  socket.stopReading();
  await world.model({ text: 'Hello.', tokensPerSecond: 0 });
  const other = (await bob.ok(SendChatMessage, { input: { content: 'Hi' } })).sendChatMessage.answer;
  const texts: string[] = [];
  for await (const { chatStream } of bob.follow(ChatStream, { messageId: other.id })) texts.push(chatStream.__typename);
  expect(texts.at(-1)).toBe('ChatFinished');
  socket.close();
});
