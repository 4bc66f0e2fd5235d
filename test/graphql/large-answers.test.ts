import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fastify as createFastify, type FastifyInstance } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { AppError } from '../../src/kernel/errors.js';
import { isLongerThan } from '../../src/platform/graphql/answer-size.js';
import { Documents } from '../../src/platform/graphql/documents.js';
import { EventPace } from '../../src/platform/graphql/event-pace.js';
import { Operations } from '../../src/platform/graphql/operations.js';
import type { AdmittedOperation } from '../../src/platform/graphql/read-document.js';
import { UnsentAnswers } from '../../src/platform/graphql/unsent-answers.js';
import { createLog } from '../../src/platform/log.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { eventually } from '../support/harness.js';

const documents = new Documents(schemaOf({ movableClock: true }), { introspection: true, suggestions: true });
const log = createLog('silent', { write: () => undefined });

function operations() {
  const runOnce = () => Promise.reject(new Error('There is no key.'));
  return new Operations(
    documents,
    createMetrics(),
    runOnce,
    new EventPace(1),
    { requireForWrite: () => undefined },
    async () => undefined,
  );
}

/** Sends a query of somebody, who reads the answer once they are told to; `own` says what else is particular to it. */
function ask(
  to: ReturnType<typeof operations>,
  user: string,
  read: Promise<void>,
  own: Partial<AdmittedOperation> = {},
) {
  const operation = documents.prepare({ query: '{ __typename }', signedIn: true });
  const { signal } = new AbortController();
  const ctx = { requestId: 'r', actor: { id: user }, log, loaders: new Map(), begun: null, learnt: null, signal };
  const request = { transport: 'http', operation, variables: {}, idempotencyKey: null, ctx } as const;
  let answer: FormattedExecutionResult | null = null;
  const done = to.answer({ ...request, admitted: { ...operation.admit({}), ...own } }, async (result) => {
    answer = result;
    await read;
  });
  return { done, isAnswered: () => answer !== null };
}

test('eight queries of an account go on until they are read, and others wait; other accounts do not', async () => {
  const to = operations();
  const { promise: read, resolve: readAll } = Promise.withResolvers<void>();
  const eight = Array.from({ length: 8 }, () => ask(to, 'ada', read));
  const ninth = ask(to, 'ada', Promise.resolve());
  await ask(to, 'bob', Promise.resolve()).done;
  expect(eight.every(({ isAnswered }) => isAnswered())).toBe(true);
  expect(ninth.isAnswered()).toBe(false);
  readAll();
  await ninth.done;
  expect(ninth.isAnswered()).toBe(true);
});

test('of large queries one of an account is executed at a time, and few of all; small ones go on', async () => {
  const to = operations();
  const running: string[] = [];
  const most = { ofAll: 0, ofAccount: 0 };
  const large = (user: string) => ({
    cost: 3_000,
    run: async () => {
      running.push(user);
      most.ofAll = Math.max(most.ofAll, running.length);
      most.ofAccount = Math.max(most.ofAccount, running.filter((each) => each === user).length);
      await ask(to, user, Promise.resolve()).done;
      running.splice(running.indexOf(user), 1);
      return { data: {} };
    },
  });
  const users = ['ada', 'bob', 'cy', 'dee', 'eve', 'ada', 'ada', 'bob'];
  await Promise.all(users.map((user) => ask(to, user, Promise.resolve(), large(user)).done));
  expect(most).toEqual({ ofAll: 3, ofAccount: 1 });
});

test.each([
  ['a text', 'x'.repeat(1_000)],
  ['many small things', Array.from({ length: 200 }, (_, id) => ({ id, done: false, title: null }))],
  ['settings', { a: { b: { c: ['x'.repeat(300), 'y'.repeat(300)] } }, [`k${'e'.repeat(300)}`]: 1 }],
])('the length of %s is known about as well as from its JSON', (_, value) => {
  const { length } = JSON.stringify(value);
  expect(isLongerThan(length * 1.5, value)).toBe(false);
  expect(isLongerThan(length / 1.5, value)).toBe(true);
});

let server: FastifyInstance;

beforeAll(async () => {
  server = createFastify();
  const unsent = new UnsentAnswers(48 * 1_024 * 1_024);
  server.get('/:megabytes', async (request, reply) => {
    const { megabytes } = Object(request.params);
    try {
      await unsent.send(reply, 'x'.repeat(Number(megabytes) * 1_048_576));
    } catch (error) {
      reply.code(error instanceof AppError ? 503 : 500).send();
    }
    return reply;
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close();
});

/** Asks so many times on one connection, and does not read; resolves once an answer is on its way. */
async function askWithoutReading(megabytes: number, times = 1): Promise<net.Socket> {
  const address = server.server.address();
  const socket = net.connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET /${megabytes} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(times));
  await once(socket, 'readable');
  return socket;
}

async function statusOf(megabytes: number): Promise<number> {
  const address = server.server.address();
  const response = await fetch(
    `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/${megabytes}`,
  );
  await response.arrayBuffer();
  return response.status;
}

test.each([
  ['on a connection each', () => Promise.all([askWithoutReading(20), askWithoutReading(20)])],
  ['behind each other on one connection', async () => [await askWithoutReading(20, 2)]],
])('what is not read %s is bounded, and room again when its client has gone', async (_, waiting) => {
  const sockets = await waiting();
  expect(await statusOf(20)).toBe(503);
  // Most answers are small: those are sent.
  expect(await statusOf(0)).toBe(200);
  for (const socket of sockets) await once(socket.destroy(), 'close');
  await eventually(
    () => statusOf(20),
    (status) => status === 200,
  );
});
