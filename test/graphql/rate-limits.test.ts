import { expect, test } from '@jest/globals';
import { FollowChanges, Me, SendChatMessage } from '../../generated/documents.js';
import { harness, postJson } from '../support/harness.js';

const world = harness({
  config: { RATE_LIMIT_PER_MINUTE: '8', AI_RATE_LIMIT_PER_MINUTE: '3', AUTH_RATE_LIMIT_PER_MINUTE: '10' },
});

test('a user’s requests are counted, told in headers, and refused with 429', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const first = await ada.send(Me);
  expect(first.headers.get('x-ratelimit-limit')).toBe('8');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('7');
  const sent = [];
  for (let count = 0; count < 8; count += 1) sent.push(await ada.send(Me));
  const last = sent.at(-1);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(last?.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(last?.body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  await bob.ok(Me, {});
  // On a WebSocket queries count as well; a reader that reconnects is not locked out.
  await expect(ada.socket.iterate({ query: '{ me { id } }' }).next()).rejects.toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) }),
  ]);
  void ada.follow(FollowChanges, {}).next();
});

test('AI operations have a bucket of their own', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const input = { content: 'Hello' };
  for (let count = 0; count < 3; count += 1) await ada.ok(SendChatMessage, { input });
  const { status, headers, body } = await ada.send(SendChatMessage, { input });
  expect(status).toBe(429);
  expect(headers.get('retry-after')).not.toBeNull();
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', limit: 3 });
  await ada.ok(Me, {});
});

test('an address may ask for tokens 10 times a minute', async () => {
  const answers = [];
  for (let count = 0; count < 11; count += 1) {
    answers.push(await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken: 'invented' }));
  }
  const last = answers.at(-1);
  expect(last?.status).toBe(429);
  expect(await last?.json()).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } });
  expect(last?.headers.get('retry-after')).not.toBeNull();
});
