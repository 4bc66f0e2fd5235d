import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { print } from 'graphql';
import { WebSocket } from 'ws';
import {
  Changes,
  ChatStream,
  CreateTask,
  FollowChanges,
  Me,
  Reauthenticate,
  SendChatMessage,
} from '../../generated/documents.js';
import { harness, json, postJson } from '../support/harness.js';
import type { Person, Session } from '../support/person.js';

const world = harness({
  config: { ACCESS_TOKEN_SECONDS: '3', MAX_SOCKETS_PER_USER: '3', MAX_SUBSCRIPTIONS_PER_SOCKET: '5' },
});

/** A socket without a library's manners. */
class RawSocket {
  readonly #socket: WebSocket;
  readonly messages: { type: string; id?: string; payload?: unknown }[] = [];
  readonly closed: Promise<{ code: number; at: number }>;

  constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    this.#socket.on('message', (data) => this.messages.push(JSON.parse(String(data))));
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code) => resolve({ code, at: performance.now() }));
    });
  }

  async open(): Promise<this> {
    await new Promise((resolve) => this.#socket.once('open', resolve));
    return this;
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  async init(person: Person): Promise<this> {
    await this.open();
    this.send({ type: 'connection_init', payload: { Authorization: `Bearer ${person.session.accessToken}` } });
    await this.until(({ type }) => type === 'connection_ack');
    return this;
  }

  async until(holds: (message: RawSocket['messages'][number]) => boolean): Promise<RawSocket['messages'][number]> {
    for (let tries = 0; tries < 500; tries += 1) {
      const found = this.messages.find(holds);
      if (found) return found;
      await pause(10);
    }
    throw new Error(`It never came. Seen: ${JSON.stringify(this.messages)}`);
  }

  /** Stops reading, as a client that hangs does. */
  stopReading(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.terminate();
  }
}

const renew = async (session: Session) =>
  json<Session>(await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken: session.refreshToken }));

test('a socket whose token is no good is closed with 4403, one that says nothing with 4408', async () => {
  const silent = await new RawSocket(world.url).open();
  const bad = await new RawSocket(world.url).open();
  bad.send({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } });
  const anonymous = await new RawSocket(world.url).open();
  anonymous.send({ type: 'connection_init' });
  const startedAt = performance.now();
  expect((await bad.closed).code).toBe(4_403);
  expect((await anonymous.closed).code).toBe(4_403);
  const { code, at } = await silent.closed;
  expect(code).toBe(4_408);
  expect(at - startedAt).toBeLessThan(4_000);
});

test('subscribing before the acknowledgement is closed with 4401, nonsense with 4400', async () => {
  const hasty = await new RawSocket(world.url).open();
  hasty.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
  expect((await hasty.closed).code).toBe(4_401);
  const odd = await new RawSocket(world.url).open();
  odd.send({ hello: 'there' });
  expect((await odd.closed).code).toBe(4_400);
});

test('a socket is closed with 4403 within 2 s of its token’s expiry', async () => {
  const ada = await world.user();
  const signedInAt = performance.now();
  const socket = await new RawSocket(world.url).init(ada);
  const { code, at } = await socket.closed;
  expect(code).toBe(4_403);
  expect(at - signedInAt).toBeGreaterThan(1_500);
  expect(at - signedInAt).toBeLessThan(5_000);
});

test('reauthenticating prolongs the socket without dropping a stream', async () => {
  const ada = await world.user();
  await world.model({ tokens: Array.from({ length: 100 }, (_, index) => `${index} `), tokensPerSecond: 20 });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Count' } })).sendChatMessage;
  const socket = await new RawSocket(world.url).init(ada);
  socket.send({
    type: 'subscribe',
    id: 'stream',
    payload: { query: print(ChatStream), variables: { messageId: answer.id } },
  });
  let { session } = ada;
  for (let round = 0; round < 3; round += 1) {
    await pause(1_500);
    session = await renew(session);
    socket.send({
      type: 'subscribe',
      id: `renew-${round}`,
      payload: { query: print(Reauthenticate), variables: { accessToken: session.accessToken } },
    });
    const renewed = await socket.until(({ id, type }) => id === `renew-${round}` && type === 'next');
    expect(renewed.payload).toMatchObject({ data: { reauthenticate: { expiresAt: expect.any(String) } } });
  }
  await socket.until(({ id, type }) => id === 'stream' && type === 'complete');
  const last = socket.messages.filter(({ id, type }) => id === 'stream' && type === 'next').at(-1);
  expect(last?.payload).toMatchObject({
    data: { chatStream: { __typename: 'ChatFinished', message: { state: 'COMPLETE' } } },
  });
  socket.close();
});

test('reauthenticating as somebody else, or over HTTP, is refused', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const socket = await new RawSocket(world.url).init(ada);
  const variables = { accessToken: bob.session.accessToken };
  socket.send({ type: 'subscribe', id: '1', payload: { query: print(Reauthenticate), variables } });
  const refused = await socket.until(({ id }) => id === '1');
  expect(refused.payload).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  await ada.refused(Reauthenticate, { accessToken: ada.session.accessToken }, 'CONFLICT');
  socket.close();
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
  expect(refused).toMatchObject({ id: '6', payload: [{ extensions: { code: 'LIMIT_REACHED', limit: 5 } }] });
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
  const startedAt = performance.now();
  await bob.ok(Me, {});
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect([1_006, 4_429]).toContain((await socket.closed).code);
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
