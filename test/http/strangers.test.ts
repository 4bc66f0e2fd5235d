import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness({
  worker: false,
  config: {
    LOG_LEVEL: 'info',
    INTROSPECTION: 'false',
    STRANGER_RATE_LIMIT_PER_MINUTE: '40',
    TRUSTED_PROXIES: '127.0.0.1',
  },
});

/** Sends as an address of its own, so that no test takes from another's allowance. */
function send(body: string, headers: Record<string, string> = {}, address = `2001:db8::${randomUUID().slice(0, 4)}:1`) {
  return fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body,
  });
}

test.each([
  ['a query', '{"query":"{ __typename }"}'],
  ['what is no JSON', '{"query": '],
  ['a body that is too large', `{"query":"${'#'.repeat(1_048_576)}"}`],
  ['a batch', '[{"query":"{ __typename }"}]'],
  ['nothing', ''],
])('without a token, or with one that is no good, %s is answered UNAUTHENTICATED', async (_, body) => {
  for (const authorization of [undefined, 'Bearer nonsense', 'Basic YTpi']) {
    const response = await send(body, authorization === undefined ? {} : { authorization });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'UNAUTHENTICATED', requestId: response.headers.get('x-request-id') },
        },
      ],
    });
  }
});

test('a token is named as one', async () => {
  const { accessToken: token } = (await world.user()).session;
  for (const other of [token, `Basic ${token}`, `Bearer ${token} x`, 'Bearer']) {
    expect((await send('{"query":"{ me { id } }"}', { authorization: other })).status).toBe(401);
  }
  expect((await send('{"query":"{ me { id } }"}', { authorization: `bearer  ${token}` })).status).toBe(200);
});

test('an address that asks again and again without a token is told to wait; whoever has one is not', async () => {
  const address = '2001:db8:1:1::1';
  const ada = await world.user();
  const statuses: number[] = [];
  for (let count = 0; count < 45; count += 1) {
    const headers: Record<string, string> = count % 2 ? { authorization: 'Bearer nonsense' } : {};
    statuses.push((await send('{}', headers, address)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 40 }, () => 401), ...Array.from({ length: 5 }, () => 429)]);
  // The same /64 is the same network.
  const neighbour = await send('{}', {}, '2001:db8:1:1:ffff::2');
  expect(neighbour.status).toBe(429);
  expect(Number(neighbour.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await neighbour.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', limit: 40, retryAfter: expect.any(Number) } }],
  });
  expect((await send('{}', {}, '2001:db8:1:2::1')).status).toBe(401);
  expect((await ada.send(Me, {}, { 'x-forwarded-for': address })).status).toBe(200);
});

test('a token that is refused is in the log with the address it came from, and is not itself', async () => {
  const secret = `Bearer ${randomUUID()}`;
  const response = await send('{}', { authorization: secret }, '198.51.100.7:4711');
  const id = response.headers.get('x-request-id') ?? 'none';
  const lines = world.log.filter((line) => line.includes(id));
  expect(lines.some((line) => line.includes('198.51.100.7'))).toBe(true);
  expect(world.log.join('')).not.toContain(secret.slice(7));
});

test('a body that goes on after its request was refused is cut off, and one that ends leaves the connection as it was', async () => {
  const { hostname, port } = new URL(world.url);
  const head =
    'POST /graphql HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nContent-Type: application/json\r\n';
  const socket = net.connect(Number(port), hostname);
  let seen = '';
  socket.on('data', (chunk) => {
    seen += chunk;
  });
  socket.write(`${head}Content-Length: 2\r\n\r\n{}`);
  await once(socket, 'data');
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
  const writing = setInterval(() => socket.write('5\r\nhello\r\n'), 50);
  // Far sooner than a request that nobody has answered yet is given up on.
  await new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
  clearInterval(writing);
  expect(seen.match(/HTTP\/1\.1 401 /g)).toHaveLength(2);
}, 12_000);
