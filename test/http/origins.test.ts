import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { allowedOrigins } from '../../src/platform/http/origins.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false, config: { CORS_ORIGINS: 'https://app.example.com' } });
const loopback = ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080', 'https://app.localhost'];
const strange = [
  'https://evil.example',
  'null',
  'http://localhost.evil.example',
  'https://app.example.com.evil.example',
];

async function upgrade(origin: string | undefined): Promise<string> {
  const socket = new WebSocket(
    `${world.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    origin === undefined ? {} : { origin },
  );
  const answer = await Promise.race([
    once(socket, 'open').then(() => 'open'),
    once(socket, 'unexpected-response').then(([, response]) => String(response.statusCode)),
  ]);
  socket.terminate();
  return answer;
}

test.each(['https://app.example.com', ...loopback])('outside production a page of %s may call', async (origin) => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  expect(await upgrade(origin)).toBe('open');
});

test.each(strange)('a page of %s may not', async (origin) => {
  const response = await fetch(`${world.url}/health/live`, { headers: { origin } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(await upgrade(origin)).toBe('403');
});

test('what is no browser says no origin, and may connect', async () => {
  expect(await upgrade(undefined)).toBe('open');
});

test('in production only the named origins may call; when none is named, none', () => {
  const named = allowedOrigins({ origins: ['https://app.example.com'], loopback: false });
  expect(named('https://app.example.com')).toBe(true);
  for (const origin of [...loopback, ...strange]) expect(named(origin)).toBe(false);
  const none = allowedOrigins({ origins: [], loopback: false });
  for (const origin of [...loopback, ...strange, 'https://app.example.com']) expect(none(origin)).toBe(false);
});
