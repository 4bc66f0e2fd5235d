import { expect, test } from '@jest/globals';
import { harness, json, postJson } from '../support/harness.js';
import type { Session } from '../support/person.js';

const world = harness();
const refresh = (refreshToken: string) => postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken });
const logout = (refreshToken: string) => postJson(`${world.url}/api/v1/auth/logout`, { refreshToken });

test('a refresh token works once and hands on to the next', async () => {
  const { session } = await world.user();
  const next = await json<Session>(await refresh(session.refreshToken));
  expect(next.refreshToken).not.toBe(session.refreshToken);
  expect(next.user.id).toBe(session.user.id);
  expect((await refresh(next.refreshToken)).status).toBe(200);
});

test('a spent refresh token that comes back ends the whole family', async () => {
  const { session } = await world.user();
  const next = await json<Session>(await refresh(session.refreshToken));
  const stolen = await refresh(session.refreshToken);
  expect(stolen.status).toBe(401);
  expect(await stolen.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  expect((await refresh(next.refreshToken)).status).toBe(401);
});

test('of twenty refreshes with one token at once, one at most succeeds', async () => {
  const { session } = await world.user();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(session.refreshToken)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('another sign-in of the same person is another family', async () => {
  const ada = await world.user();
  const elsewhere = await world.signIn({ email: ada.session.user.email });
  await refresh(ada.session.refreshToken);
  await refresh(ada.session.refreshToken);
  expect((await refresh(elsewhere.session.refreshToken)).status).toBe(200);
});

test('logging out ends the family, and twice is no error', async () => {
  const { session } = await world.user();
  expect((await logout(session.refreshToken)).status).toBe(204);
  expect((await logout(session.refreshToken)).status).toBe(204);
  expect((await refresh(session.refreshToken)).status).toBe(401);
});

test('a refresh token expires after its days', async () => {
  const { session } = await world.user();
  world.clock.advance(7 * 86_400_000 + 1_000);
  expect((await refresh(session.refreshToken)).status).toBe(401);
});

test.each([
  ['invented', { refreshToken: 'invented' }, 401],
  ['missing', {}, 400],
  ['no text', { refreshToken: 7 }, 400],
  ['endless', { refreshToken: 'x'.repeat(5_000) }, 400],
])('a refresh token that is %s is refused', async (_, body, status) => {
  expect((await postJson(`${world.url}/api/v1/auth/refresh`, body)).status).toBe(status);
});

test('only hashes of refresh tokens are stored', async () => {
  const { session } = await world.user();
  const rows = await world.sql('select * from auth.refresh_token where user_id = $1', [session.user.id]);
  expect(JSON.stringify(rows)).not.toContain(session.refreshToken);
});
