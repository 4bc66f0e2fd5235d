import { expect, test } from '@jest/globals';
import { harness, json, postJson } from '../support/harness.js';

const world = harness({ worker: false });

test.each([
  [
    'an ID token, while its keys are away',
    { status: 503 },
    (token: string) => ({ idToken: token }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, while the token endpoint is away',
    { status: 500 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, when it refuses our client',
    { status: 401 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    500,
    'INTERNAL',
  ],
])('signing in at Google with %s', async (_, control, bodyOf, status, code) => {
  const { idToken } = await world.idToken({ email: 'ada@example.com' });
  await postJson(`${world.google.url}/_control`, control);
  const response = await postJson(`${world.url}/api/v1/auth/google`, bodyOf(idToken));
  await postJson(`${world.google.url}/_control`, { reset: true });
  expect(response.status).toBe(status);
  const { error } = await json<{ error: { code: string; retryAfter?: number } }>(response);
  expect(error).toMatchObject(code === 'UNAVAILABLE' ? { code, retryAfter: 1 } : { code });
  expect(response.headers.get('retry-after')).toBe(code === 'UNAVAILABLE' ? '1' : null);
});
