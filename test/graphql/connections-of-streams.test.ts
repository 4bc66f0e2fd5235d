import net from 'node:net';
import { expect, test } from '@jest/globals';
import { type DocumentNode, print } from 'graphql';
import { CreateTask, FollowChanges, Me, SendChatMessage, UpdateTask } from '../../generated/documents.js';
import { EventStream } from '../support/event-stream.js';
import { connectClient, eventually, type Harness, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import type { Person } from '../support/person.js';
import { untilTheyKnow } from '../support/processes.js';

const world = harness({ worker: false, periods: { keepAliveMs: 50 } });

/** A request as its bytes. */
function requestOf({ session }: Person, document: DocumentNode | string, variables = {}, accept = 'text/event-stream') {
  const query = typeof document === 'string' ? document : print(document);
  const body = JSON.stringify({ query, variables });
  return [
    'POST /graphql HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Accept: ${accept}`,
    `Authorization: Bearer ${session.accessToken}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A connection to the API, and the text that has come. */
function connect({ url }: Person) {
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  // A reset is no failure of the test.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const connection = { socket, text: '', closed, close: () => socket.destroy() && closed };
  socket.on('data', (chunk) => {
    connection.text += chunk;
  });
  return connection;
}

/** A field this often. */
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `${field}${index}: ${field}`).join(' ');

const openIn = async ({ url }: Harness) => (await scrape(url)).get('graphql_sockets');

/** Ten megabytes of changes, and a subscription that has them all: more than the system takes over. */
async function muchToRead(person: Person) {
  const input = { title: '0', description: '🐢'.repeat(1_000) };
  const { id } = (await person.ok(CreateTask, { input })).createTask.task;
  const start = await person.send('{ changes(first: 1) { pageInfo { endCursor } } }');
  for (let version = 1; version <= 50; version += 1) {
    await person.ok(UpdateTask, { input: { id, version, title: String(version) } });
  }
  return {
    query: `subscription ($after: String) { changes(after: $after) { node { entity { ... on Task { title ${aliases(50, 'description')} } } } } }`,
    after: Object(start.body.data)['changes'].pageInfo.endCursor,
  };
}

test('a quiet stream says again and again that it goes on', async () => {
  const ada = await world.user();
  const stream = await EventStream.open(ada, FollowChanges);
  await eventually(
    () => stream.text,
    (text) => text.startsWith(':\n\n'.repeat(4)),
  );
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await stream.until(1);
  await stream.close();
});

test.each([
  ['a stream is', FollowChanges, 'text/event-stream'],
  ['an answer is', Me, 'application/json'],
])('an upgrade to a WebSocket is not taken while %s under way on its connection', async (_, document, accept) => {
  const ada = await world.user();
  const { socket, ...connection } = connect(ada);
  const upgrade = [
    'GET /graphql HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
  ];
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`${requestOf(ada, document, {}, accept)}${upgrade.join('\r\n')}\r\n\r\n`);
  await connection.closed;
  expect(text).not.toContain('101 Switching Protocols');
});

test('a client that reads nothing is cut off, and signs of life do not keep it', async () => {
  const strict = await world.another({ periods: { keepAliveMs: 50, standstillTimeoutMs: 1_000 } });
  const ada = await strict.user();
  const { query, after } = await muchToRead(ada);
  const { socket, ...connection } = connect(ada);
  socket.pause().write(requestOf(ada, query, { after }));
  await eventually(
    () => openIn(strict),
    (count) => count === 1,
  );
  await eventually(
    () => openIn(strict),
    (count) => count === 0,
  );
  expect(socket.destroyed).toBe(false);
  socket.resume();
  await connection.closed;
});

test('a client that reads slowly gets all of it, with its end', async () => {
  const ada = await world.user();
  await world.model({ text: '東'.repeat(30_000), tokensPerSecond: 0 });
  const { id } = (await ada.ok(SendChatMessage, { input: { content: 'Much' } })).sendChatMessage.answer;
  const query = `subscription ($id: ID!) { chatStream(messageId: $id) {
    ... on ChatDelta { ${aliases(38, 'text')} } ... on ChatFinished { message { ${aliases(18, 'content')} } } } }`;
  const connection = connect(ada);
  const { socket } = connection;
  socket.setEncoding('utf8').write(requestOf(ada, query, { id }));
  await eventually(
    () => {
      socket.once('data', () => socket.pause()).resume();
      return connection.text;
    },
    (text) => text.includes('event: complete\ndata:\n\n'),
  );
  expect(connection.text.match(/東/g)).toHaveLength((38 + 18) * 30_000);
  await connection.close();
});

test('what is asked behind a stream ends the connection, and a stream behind another request is refused', async () => {
  const ada = await world.user();
  const first = connect(ada);
  first.socket.write(requestOf(ada, FollowChanges));
  await eventually(
    () => first.text,
    (text) => text.includes(':\n\n'),
  );
  first.socket.write(requestOf(ada, Me, {}, 'application/json'));
  await first.closed;
  expect(first.text).not.toContain('"me"');
  for (const both of [
    requestOf(ada, Me, {}, 'application/json') + requestOf(ada, FollowChanges),
    requestOf(ada, FollowChanges) + requestOf(ada, Me, {}, 'application/json'),
  ]) {
    const connection = connect(ada);
    connection.socket.write(both);
    await eventually(
      () => connection.text,
      (text) => text.includes('"me"') && text.includes('HTTP/1.1 503 Service Unavailable'),
    );
    await connection.close();
  }
  await eventually(
    () => openIn(world),
    (count) => count === 0,
  );
});

/** Keeps processes from counting a user's streams together, so that one who comes waits; answers how to end it. */
async function holdEntry(): Promise<() => Promise<void>> {
  const holder = await connectClient(world.config.MIGRATE_URL);
  await holder.query('begin; lock table platform.socket_count in access exclusive mode');
  return () => holder.end();
}

/** Until somebody waits to be let in. */
const untilHeld = () =>
  eventually(
    () => world.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%socket_count%'`),
    (rows) => rows.length > 0,
  );

test('a client that leaves before its stream begins leaves nothing behind', async () => {
  await world.startApp();
  const ada = await world.user();
  await untilTheyKnow([world.url, world.urlOf(1)], 2);
  const letIn = await holdEntry();
  const connection = connect(ada);
  connection.socket.write(requestOf(ada, FollowChanges));
  await untilHeld();
  await connection.close();
  await letIn();
  // Whoever comes later is let in after it.
  const stream = await EventStream.open(ada, FollowChanges);
  await eventually(
    () => openIn(world),
    (count) => count === 1,
  );
  await stream.close();
});

test('a server that closes while a stream is about to begin does not wait for it', async () => {
  const app = await world.startApp();
  const ada = (await world.user()).at(app.url ?? '');
  await untilTheyKnow([world.url, ada.url], 2);
  const letIn = await holdEntry();
  const connection = connect(ada);
  connection.socket.write(requestOf(ada, FollowChanges));
  await untilHeld();
  const closing = app.close();
  await eventually(
    () =>
      fetch(`${ada.url}/health/live`).then(
        () => true,
        () => false,
      ),
    (isListening) => !isListening,
  );
  await letIn();
  await closing;
  await connection.closed;
  expect(connection.text).not.toContain('event: complete');
});

test('a connection serves other requests once its stream is complete', async () => {
  const ada = await world.user();
  const connection = connect(ada);
  for (let count = 1; count <= 3; count += 1) {
    connection.socket.write(
      requestOf(ada, 'subscription { chatStream(messageId: "7f0e2f4e-0f39-7c43-8c4a-0d7a4cf6a6a1") { __typename } }'),
    );
    await eventually(
      () => connection.text.split('event: complete').length - 1,
      (seen) => seen === count,
    );
  }
  await connection.close();
});
