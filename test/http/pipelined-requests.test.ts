import { once } from 'node:events';
import { createServer } from 'node:http';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { Pipelining } from '../../src/platform/http/pipelining.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

function connect(): net.Socket {
  const socket = net.connect({ port: Number(new URL(world.url).port), host: '127.0.0.1' });
  socket.on('error', () => undefined);
  return socket;
}

const requests = (count: number, path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count);
/** The last request of a connection. */
const closing = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** How many answers come until the connection ends; one that is cut off ends with an error, which is no fault here. */
function answersOf(socket: net.Socket): Promise<number> {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on('close', () => resolve(text.match(/HTTP\/1\.1 \d{3}/g)?.length ?? 0));
  return promise;
}

test('up to 16 requests of one connection may wait for their answers', async () => {
  const socket = connect();
  const answers = answersOf(socket);
  socket.write(requests(15, '/health/live') + closing);
  expect(await answers).toBe(16);
});

test.each(['/health/live', '/graphql', '/nothing'])(
  'a connection that is written to without a pause ends, and others of its address are served: %s',
  async (path) => {
    const ada = await world.user();
    const sockets = Array.from({ length: 20 }, connect);
    const answers = sockets.map(answersOf);
    for (const socket of sockets) socket.write(requests(20_000, path));
    for (const count of await Promise.all(answers)) expect(count).toBeLessThanOrEqual(16);
    const later = connect();
    const answered = answersOf(later);
    later.write(closing);
    expect(await answered).toBe(1);
    await ada.ok(Me, {});
  },
);

test('of what such a connection has sent no more requests are made', async () => {
  let made = 0;
  const bound = new Pipelining().bound(() => undefined);
  const server = createServer((request, response) => {
    made += 1;
    bound(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = net.connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  socket.on('error', () => undefined);
  const ended = answersOf(socket);
  socket.write(requests(20_000, '/'));
  await ended;
  server.close();
  expect(made).toBe(17);
});

test('a preflight of an origin that is not allowed is told so in our shape', async () => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});
