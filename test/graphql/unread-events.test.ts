import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { beginStream, writeEvents } from '../../src/platform/graphql/event-writing.js';
import { UnsentAnswers } from '../../src/platform/graphql/unsent-answers.js';
import { bareServer, listenAnywhere } from '../support/bare-server.js';

const megabyte = 1_024 * 1_024;
/** More than the system takes over of what nobody reads. */
const data = { text: 'x'.repeat(64 * megabyte) };
const unsent = new UnsentAnswers(100 * megabyte);
let server: FastifyInstance;
let port: number;

beforeAll(async () => {
  server = await bareServer();
  server.get('/events', async (_request, reply) => {
    const stream = beginStream(reply);
    const left = new AbortController();
    stream.once('close', () => left.abort());
    const results = (async function* () {
      yield { data };
    })();
    await writeEvents(results, stream, { signal: left.signal, unsent });
    return reply;
  });
  port = await listenAnywhere(server);
});

afterAll(() => server.close());

/** A client that has got the beginning of a stream, and reads no more until it is asked to. */
async function client() {
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write('GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await once(socket, 'readable');
  const readAll = async () => {
    let [length, end] = [0, ''];
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length;
      end = (end + chunk.toString('latin1')).slice(-200);
    });
    await once(socket, 'close');
    return { isComplete: end.includes('event: complete'), length };
  };
  return { socket, readAll };
}

test('what waits for all readers of streams is bounded: one that comes beyond it is cut off, until others have read', async () => {
  const first = await client();
  const second = await client();
  expect((await second.readAll()).isComplete).toBe(false);
  const { isComplete, length } = await first.readAll();
  expect(isComplete).toBe(true);
  expect(length).toBeGreaterThan(64 * megabyte);
  expect((await (await client()).readAll()).isComplete).toBe(true);
});

test('what a client has left unread when it leaves is not counted any more', async () => {
  const served = once(server.server, 'connection');
  const first = await client();
  const [connection] = await served;
  const closed = new Promise((resolve) => connection.once('close', resolve));
  first.socket.destroy();
  await closed;
  const second = await client();
  expect((await second.readAll()).isComplete).toBe(true);
});
