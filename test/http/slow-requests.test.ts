import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { jsonBody } from '../../src/platform/http/bodies.js';
import { mountSurface } from '../../src/platform/http/surface.js';
import { bareServer, listenAnywhere } from '../support/bare-server.js';

let server: FastifyInstance;
let port: number;

beforeAll(async () => {
  server = await bareServer({ headersTimeoutMs: 1_000, standstillTimeoutMs: 3_000 });
  await mountSurface(server, {
    body: jsonBody({ maxBytes: 1_024, timeoutMs: 1_000 }),
    routes: (fastify) => {
      fastify.post('/echo', async ({ body }) => body);
      fastify.get('/much', async () => 'x'.repeat(64 * 1_024 * 1_024));
    },
  });
  port = await listenAnywhere(server);
});

afterAll(async () => {
  await server.close();
});

const head = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

// Node looks every 30 s as a rule: that is more than this test has.
test.each([
  ['headers that do not end', 'POST /echo HTTP/1.1\r\nHost: x\r\n'],
  ['a body that does not come', `${head}Content-Length: 100\r\n\r\n{"a":`],
  ['chunks that do not end', `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n`],
])('%s are given up on, with 408', async (_, bytes) => {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
    error: {
      code: 'VALIDATION_FAILED',
      message: 'The request did not come in time.',
      requestId: expect.any(String),
      fields: [{ field: 'request', rule: 'The request did not come in time.' }],
    },
  });
});

test('an answer that its client does not read is given up on', async () => {
  const served = once(server.server, 'connection');
  const socket = net.connect(port, '127.0.0.1').pause();
  socket.write('GET /much HTTP/1.1\r\nHost: x\r\n\r\n');
  const [connection] = await served;
  await once(connection, 'close');
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  const failed = once(socket, 'error');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  // Reset: else the system would keep what is left for minutes.
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  await closed;
  expect(bytes).toBeLessThan(64 * 1_024 * 1_024);
});
