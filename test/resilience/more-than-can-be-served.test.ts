import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DocumentNode } from 'graphql';
import type pg from 'pg';
import { WebSocket } from 'ws';
import {
  CreateTask,
  FollowChanges,
  MarkAllNotificationsRead,
  Notifications,
  Tasks,
} from '../../generated/documents.js';
import { EventStream } from '../support/event-stream.js';
import { connectClient, eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import type { Person } from '../support/person.js';

/** Somebody who keeps the database from answering. */
let holder: pg.Client;
// Before the database is dropped, and also when a test fails meanwhile.
afterEach(() => holder.end());
const world = harness({ worker: false, config: { DATABASE_POOL_SIZE: '4' } });

beforeEach(async () => {
  // Who owns a table may lock it against readers.
  holder = await connectClient(world.config.MIGRATE_URL);
});

/** What the client of a socket gets in an `error` message. */
const busy = [
  {
    message: 'The server is busy. Try again.',
    extensions: { code: 'UNAVAILABLE', retryAfter: 1, requestId: expect.any(String) },
  },
];

async function hold(table: string): Promise<void> {
  await holder.query('begin');
  await holder.query(`lock table ${table} in access exclusive mode`);
}

type Answer = Awaited<ReturnType<Person['send']>>;
const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions?.['code'] ?? 'OK';

/** Sends again and again, without waiting for answers, until one came; answers it, and what still waits. */
async function sendUntilOneIsAnswered(send: (count: number) => Promise<Answer>) {
  const waiting = new Set<Promise<Answer>>();
  const answered: Answer[] = [];
  await eventually(
    () => {
      const sent = send(waiting.size);
      waiting.add(sent);
      const settle = (answer: Answer) => {
        if (codeOf(answer) === 'UNAVAILABLE') waiting.delete(sent);
        answered.push(answer);
      };
      sent.then(settle, () => undefined);
      return answered[0];
    },
    (first) => first !== undefined,
  );
  if (!answered[0]) throw new Error('None was answered.');
  return { first: answered[0], waiting };
}

const people = (count: number) => Promise.all(Array.from({ length: count }, () => world.user()));
const refusals = async () => (await scrape(world.url)).get('requests_refused_total{code="UNAVAILABLE"}') ?? 0;

test('what a database that answers slowly leaves no room for is refused at once, the rest is served, and then all is', async () => {
  const everybody = await people(24);
  const bob = await world.user('Bob');
  const changes = bob.follow(FollowChanges, {});
  const heard = changes.next();
  await bob.ok(Tasks, {});
  const before = await refusals();
  await hold('tasks.task');
  const { first, waiting } = await sendUntilOneIsAnswered((count) => {
    const person = everybody[count % everybody.length];
    if (!person) throw new Error('There are some.');
    return person.send(Tasks);
  });
  // Whoever came before it waits still.
  expect(waiting.size).toBeGreaterThan(4);
  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
  expect(first.body.errors?.[0]?.extensions).toEqual({
    code: 'UNAVAILABLE',
    retryAfter: 1,
    requestId: expect.any(String),
  });
  expect(codeOf(await bob.send(Tasks))).toBe('UNAVAILABLE');
  // On a socket that stands one operation is refused, and the socket stays; a new one is not taken.
  await expect(bob.follow(Tasks, {}).next()).rejects.toEqual(busy);
  expect(await handshake()).toBe(503);
  for (const document of [Tasks, FollowChanges]) await expectRefusedStream(bob, document);
  expect(await fetch(`${world.url}/health/live`).then(({ status }) => status)).toBe(200);
  expect(await refusals()).toBeGreaterThanOrEqual(before + 4);
  await holder.query('rollback');
  expect(new Set((await Promise.all(waiting)).map(codeOf))).toEqual(new Set(['OK']));
  expect((await Promise.all(everybody.map((person) => person.send(Tasks)))).map(codeOf)).toEqual(
    everybody.map(() => 'OK'),
  );
  // Who followed before that follows still.
  expect(codeOf(await bob.send(CreateTask, { input: { title: 'x' } }))).toBe('OK');
  expect((await heard).value?.changes.node.entityType).toBe('task');
  await changes.return();
});

test('while one account waits for slow statements of its own, others are not refused', async () => {
  const [ada, bob] = [await world.user('Ada'), await world.user('Bob')];
  await hold('notifications.notification');
  const slow = Array.from({ length: 12 }, () => ada.send(Notifications));
  await eventually(
    () => world.sql(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
    (rows) => rows.length >= 2,
  );
  for (let count = 0; count < 60; count += 1) expect(codeOf(await bob.send(Tasks))).toBe('OK');
  expect(codeOf(await bob.send(CreateTask, { input: { title: 'x' } }))).toBe('OK');
  await holder.query('rollback');
  // Hers wait for a bounded time.
  await Promise.all(slow);
  expect(codeOf(await ada.send(Notifications))).toBe('OK');
});

test('when no turns to write are to be had, writes are refused and reads are not', async () => {
  const [bob, ...everybody] = await people(24);
  if (!bob) throw new Error('There are some.');
  await hold('activity.event');
  const { first, waiting } = await sendUntilOneIsAnswered((count) => {
    const person = everybody[count % everybody.length];
    if (!person) throw new Error('There are some.');
    return person.send(CreateTask, { input: { title: 'x' } });
  });
  expect([first.status, codeOf(first)]).toEqual([503, 'UNAVAILABLE']);
  expect(waiting.size).toBeGreaterThan(2);
  expect(codeOf(await bob.send(Tasks))).toBe('OK');
  await expect(bob.follow(CreateTask, { input: { title: 'x' } }).next()).rejects.toEqual(busy);
  await expect(bob.follow(MarkAllNotificationsRead, {}).next()).rejects.toEqual(busy);
  await expectRefusedStream(bob, CreateTask, { input: { title: 'x' } });
  const read = await EventStream.open(bob, Tasks);
  await read.ended;
  expect(read.results).toEqual([{ data: expect.anything() }]);
  const followed = await EventStream.open(bob, FollowChanges);
  expect(followed.response.status).toBe(200);
  await followed.close();
  await holder.query('rollback');
  expect(new Set((await Promise.all(waiting)).map(codeOf))).toEqual(new Set(['OK']));
  expect(codeOf(await bob.send(CreateTask, { input: { title: 'x' } }))).toBe('OK');
});

/** Expects that what is asked for as a stream is refused as over HTTP: before there is a stream, and for now. */
async function expectRefusedStream(person: Person, document: DocumentNode, variables: object = {}): Promise<void> {
  const stream = await EventStream.open(person, document, variables);
  await stream.ended;
  const { status, headers } = stream.response;
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  expect(JSON.parse(stream.text)).toEqual({ errors: busy });
}

/** The status that the offer of a new WebSocket is answered with. */
function handshake(): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.once('open', () => reject(new Error('It was taken.')));
  socket.once('unexpected-response', (request, { statusCode }) => {
    request.destroy();
    resolve(statusCode);
  });
  return promise;
}
