import { expect, test } from '@jest/globals';
import { EndSession, FollowChanges, Me, MySessions } from '../../generated/documents.js';
import { eventually, harness, postJson } from '../support/harness.js';
import { closingOf } from '../support/sockets.js';

const world = harness({ apps: 2, worker: false });

test('a person sees where they are signed in, the one used last first, and which of them asks', async () => {
  const ada = await world.user();
  world.clock.advance(60_000);
  const phone = await world.signIn({ email: ada.session.user.email }, world.urlOf(1));
  await world.user('Bob');
  const { mySessions } = await ada.ok(MySessions, {});
  expect(mySessions).toEqual([
    expect.objectContaining({ current: false, device: 'node', address: '127.0.0.1' }),
    expect.objectContaining({ current: true, device: 'node', address: '127.0.0.1' }),
  ]);
  const [, before] = mySessions;
  world.clock.advance(60_000);
  await postJson(
    `${world.url}/api/v1/auth/refresh`,
    { refreshToken: ada.session.refreshToken },
    { 'user-agent': 'Firefox' },
  );
  const [first] = (await phone.ok(MySessions, {})).mySessions;
  expect(first).toMatchObject({ id: before?.id, device: 'Firefox', createdAt: before?.createdAt, current: false });
  expect(Date.parse(String(first?.lastUsedAt))).toBeGreaterThan(Date.parse(String(before?.lastUsedAt)));
});

test('ending another session ends its tokens and sockets on every instance, and nobody else’s', async () => {
  const ada = await world.user();
  const phone = await world.signIn({ email: ada.session.user.email }, world.urlOf(1));
  const { closed } = await closingOf(phone, FollowChanges);
  const other = (await ada.ok(MySessions, {})).mySessions.find(({ current }) => !current);
  const input = { id: other?.id ?? '' };
  expect((await ada.ok(EndSession, { input })).endSession.session.id).toBe(input.id);
  expect((await closed).code).toBe(4_403);
  await eventually(
    async () => (await phone.send(Me)).status,
    (status) => status === 401,
    2_000,
  );
  const { refreshToken } = phone.session;
  expect((await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken })).status).toBe(401);
  expect((await ada.ok(MySessions, {})).mySessions).toHaveLength(1);
  expect((await ada.ok(EndSession, { input })).endSession.session.id).toBe(input.id);
  await ada.at(world.urlOf(1)).ok(Me, {});
});

test('the session that asks can end itself, over its own socket too, and is answered', async () => {
  const ada = await world.user();
  const [own] = (await ada.ok(MySessions, {})).mySessions;
  const results = ada.follow(EndSession, { input: { id: own?.id ?? '' } });
  expect((await results.next()).value).toMatchObject({ endSession: { session: { id: own?.id, current: true } } });
  expect((await ada.send(Me)).status).toBe(401);
});

test("another person's session is theirs, and one that is not there is not found", async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const [own] = (await bob.ok(MySessions, {})).mySessions;
  await ada.refused(EndSession, { input: { id: own?.id ?? '' } }, 'FORBIDDEN');
  await ada.refused(EndSession, { input: { id: ada.id } }, 'NOT_FOUND');
  await ada.refused(EndSession, { input: { id: 'x' } }, 'VALIDATION_FAILED');
  await bob.ok(Me, {});
});

test('an account has a hundred sessions at most: the one used longest ago makes room', async () => {
  const ada = await world.user();
  await world.sql(
    `insert into auth.session (id, user_id, created_at, last_used_at, expires_at)
     select gen_random_uuid(), $1, now(), now() + interval '1 hour', now() + interval '1 day' from generate_series(1, 99)`,
    [ada.id],
  );
  world.clock.advance(60_000);
  const newest = await world.signIn({ email: ada.session.user.email });
  expect((await newest.ok(MySessions, {})).mySessions).toHaveLength(100);
  expect((await ada.send(Me)).status).toBe(401);
});
