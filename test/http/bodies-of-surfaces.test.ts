import { once } from 'node:events';
import net from 'node:net';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../src/kernel/errors.js';
import { bytesOf, jsonBody, rawBody, streamBody, streamOf } from '../../src/platform/http/bodies.js';
import { mountSurface } from '../../src/platform/http/surface.js';
import { bareServer, listenAnywhere } from '../support/bare-server.js';

let server: FastifyInstance;
let port: number;
const megabyte = 1_024 * 1_024;
/** What the handler of `/uploads` was given before its stream failed, and the most that waited for it. */
let upload = Promise.withResolvers<{ error: unknown; received: number }>();
let mostBuffered = 0;

/** Takes a stream slowly, and notes how much of it the server had read ahead. */
async function take(body: Readable, socket: net.Socket): Promise<number> {
  let received = 0;
  const readBefore = socket.bytesRead;
  for await (const chunk of body) {
    received += chunk.length;
    mostBuffered = Math.max(mostBuffered, socket.bytesRead - readBefore - received);
    await new Promise(setImmediate);
  }
  return received;
}

beforeAll(async () => {
  server = await bareServer();
  await mountSurface(server, {
    prefix: '/hooks',
    body: rawBody({ maxBytes: megabyte, maxHeldBytes: 8 * megabyte, timeoutMs: 1_000 }),
    routes: (hooks) => {
      hooks.post('/echo', async (request, reply) => reply.type('application/octet-stream').send(bytesOf(request)));
      hooks.post('/refused', async () => {
        throw new AppError('FORBIDDEN', 'The signature is not ours.');
      });
    },
  });
  await mountSurface(server, {
    prefix: '/v1',
    body: jsonBody({ maxBytes: 1_024, timeoutMs: 1_000 }),
    errorForm: ({ code, message }) => ({
      type: 'application/json',
      body: JSON.stringify({ error: { type: code, message, param: null } }),
    }),
    routes: (v1) => {
      v1.post('/echo', async ({ body }) => body);
    },
  });
  await mountSurface(server, {
    prefix: '/uploads',
    body: streamBody({ maxBytes: 256 * megabyte, timeoutMs: 60_000 }),
    routes: (uploads) => {
      uploads.post('', async (request) => {
        const body = streamOf(request);
        return { received: body ? await take(body, request.raw.socket) : 0 };
      });
      uploads.post('/stopped', async (request) => {
        let received = 0;
        try {
          for await (const chunk of streamOf(request) ?? []) received += chunk.length;
        } catch (error) {
          upload.resolve({ error, received });
          throw error;
        }
      });
    },
  });
  await mountSurface(server, {
    prefix: '/small',
    body: streamBody({ maxBytes: megabyte, timeoutMs: 1_000 }),
    routes: (small) => {
      small.post('', async (request) => ({
        received: await take(streamOf(request) ?? request.raw, request.raw.socket),
      }));
    },
  });
  port = await listenAnywhere(server);
});

afterAll(() => server.close());

const post = (path: string, body: string | Buffer<ArrayBuffer> | null, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers });

const restRefusal = (field: string) => ({
  error: {
    code: 'VALIDATION_FAILED',
    message: expect.any(String),
    requestId: expect.any(String),
    fields: [{ field, rule: expect.any(String) }],
  },
});

test.each([
  ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0d, 0x0a])],
  ['JSON with its spaces', Buffer.from('{ "a" :\t1 }\n')],
  ['nothing', Buffer.alloc(0)],
])('raw bytes arrive as they were sent: %s', async (_, bytes) => {
  for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/plain; charset=x' }]) {
    const response = await post('/hooks/echo', bytes, headers);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  }
});

test('raw bytes of no type arrive, and none where there is no body', async () => {
  const bytes = Buffer.from([0x00, 0xff]);
  const response = await fetch(`http://127.0.0.1:${port}/hooks/echo`, { method: 'POST', body: new Blob([bytes]) });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  expect((await post('/hooks/echo', null)).status).toBe(200);
});

test('one surface takes no other’s bodies', async () => {
  const refused = await post('/v1/echo', 'x', { 'content-type': 'text/plain' });
  expect(refused.status).toBe(415);
  expect(await (await post('/v1/echo', '{"a":1}', { 'content-type': 'application/json' })).json()).toEqual({ a: 1 });
});

test('what a handler throws is worded as its surface does', async () => {
  const refused = await post('/hooks/refused', 'x');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toEqual({
    error: { code: 'FORBIDDEN', message: 'The signature is not ours.', requestId: expect.any(String) },
  });
});

test.each([
  ['malformed JSON', '{', 400],
  ['a body that is too large', `"${'x'.repeat(2_000)}"`, 413],
  ['JSON that is nested too deep', `${'['.repeat(65)}${']'.repeat(65)}`, 400],
])('%s is answered in the surface’s own form', async (_, body, status) => {
  const refused = await post('/v1/echo', body, { 'content-type': 'application/json' });
  expect(refused.status).toBe(status);
  expect(await refused.json()).toEqual({
    error: { type: 'VALIDATION_FAILED', message: expect.any(String), param: null },
  });
});

/** Sends the beginning of a request, and answers everything that comes until the connection ends. */
async function answerTo(head: string, goOn: (socket: net.Socket) => void = () => undefined) {
  const served = once(server.server, 'connection');
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(head);
  goOn(socket);
  const [connection] = await served;
  // Either end may learn of a reset.
  for (const end of [connection, socket]) if (!end.closed) await new Promise((resolve) => end.once('close', resolve));
  const at = answer.indexOf('\r\n\r\n');
  return { status: Number(answer.slice(9, 12)), body: JSON.parse(answer.slice(at)), bytesRead: connection.bytesRead };
}

test('a body in a transfer coding that we do not know is not taken for a plain one', async () => {
  const head = 'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const { status } = await answerTo(`${head}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\n7\r\n0\r\n\r\n`);
  expect(status).toBe(501);
});

/** Writes chunks of a megabyte for as long as they are taken. */
function flood(socket: net.Socket): void {
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(megabyte), Buffer.from('\r\n')]);
  const write = () => {
    if (socket.writable) socket.write(chunk, () => setImmediate(write));
  };
  write();
}

test.each(['/hooks/echo', '/small'])('%s ends a body without an end at its limit, with 413', async (path) => {
  const { status, body, bytesRead } = await answerTo(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: x/y\r\nTransfer-Encoding: chunked\r\n\r\n`,
    flood,
  );
  expect(status).toBe(413);
  expect(body).toEqual(restRefusal('body'));
  expect(bytesRead).toBeLessThan(64 * megabyte);
});

test.each(['/hooks/echo', '/small'])('%s refuses a length that is too large before anything is read', async (path) => {
  const { status, bytesRead } = await answerTo(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: x/y\r\nContent-Length: ${2 * megabyte}\r\n\r\n`,
  );
  expect(status).toBe(413);
  expect(bytesRead).toBeLessThan(1_000);
});

test.each(['/hooks/echo', '/small'])('%s gives up a body that does not come in time, with 408', async (path) => {
  const { status, body } = await answerTo(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: x/y\r\nContent-Length: 100\r\n\r\nhalf`,
  );
  expect(status).toBe(408);
  expect(body).toEqual(restRefusal('request'));
});

test('a body that does not come in time is refused in the surface’s own form', async () => {
  const { status, body } = await answerTo(
    'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  expect(status).toBe(408);
  expect(body.error).toEqual({ type: 'VALIDATION_FAILED', message: 'The request did not come in time.', param: null });
});

test('of an upload of 200 MB that is taken slowly, next to nothing is read ahead', async () => {
  mostBuffered = 0;
  const size = 200 * megabyte;
  const chunk = Buffer.alloc(megabyte);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += megabyte;
      controller.enqueue(chunk);
      if (sent === size) controller.close();
    },
  });
  const response = await fetch(`http://127.0.0.1:${port}/uploads`, { method: 'POST', body, duplex: 'half' });
  expect(await response.json()).toEqual({ received: size });
  expect(mostBuffered).toBeLessThan(megabyte);
});

test('a client that stops in the middle ends the handler’s stream with an error', async () => {
  upload = Promise.withResolvers();
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write('POST /uploads/stopped HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  await once(server.server, 'request');
  socket.destroy();
  const { error, received } = await upload.promise;
  expect(error).toMatchObject({ code: 'VALIDATION_FAILED', message: 'The body did not come to its end.' });
  expect(received).toBeLessThan(100);
});
