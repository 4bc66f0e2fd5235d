import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import { abortedWhenLeft } from '../../src/platform/http/left-clients.js';

test.each([
  ['before anybody looks', true],
  ['later', false],
])('the signal of a client that leaves %s is aborted', async (_, isBefore) => {
  const server = fastify();
  const looked = Promise.withResolvers<AbortSignal>();
  const came = Promise.withResolvers<void>();
  server.get('/', async (_request, reply) => {
    reply.hijack();
    if (!isBefore) looked.resolve(abortedWhenLeft(reply));
    const left = once(reply.raw, 'close');
    came.resolve();
    await left;
    if (isBefore) looked.resolve(abortedWhenLeft(reply));
  });
  const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
  const client = net.connect(Number(port), '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await came.promise;
  client.destroy();
  const signal = await looked.promise;
  if (!signal.aborted) await once(signal, 'abort');
  expect(signal.reason).toMatchObject({ message: 'The client left.' });
  await server.close();
});

test('of a client that gets its whole answer it is not', async () => {
  const server = fastify();
  const looked = Promise.withResolvers<AbortSignal>();
  server.get('/', (_request, reply) => {
    looked.resolve(abortedWhenLeft(reply));
    reply.send('x');
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('x');
  await server.close();
  expect((await looked.promise).aborted).toBe(false);
});
