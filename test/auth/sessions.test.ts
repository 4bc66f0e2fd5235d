import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { eventually, harness, json, postJson } from '../support/harness.js';
import { Person, type Session } from '../support/person.js';

const world = harness({ worker: false, apps: 2 });
const refresh = (refreshToken: string, url = world.url) => postJson(`${url}/api/v1/auth/refresh`, { refreshToken });
const logout = (refreshToken: string) => postJson(`${world.url}/api/v1/auth/logout`, { refreshToken });
const refreshed = async (refreshToken: string) => json<Session>(await refresh(refreshToken));
/** Moves time past the seconds in which a spent token may come again. */
const later = () => world.clock.advance(11_000);

/** Waits until an access token is refused at every instance. */
async function refusedEverywhere(session: Session): Promise<void> {
  for (const url of [world.urlOf(0), world.urlOf(1)]) {
    const person = new Person(url, session);
    await eventually(
      async () => (await person.send(Me)).status,
      (status) => status === 401,
      2_000,
    );
  }
}

test('a refresh token hands on to the next', async () => {
  const { session } = await world.user();
  const next = await refreshed(session.refreshToken);
  expect(next.refreshToken).not.toBe(session.refreshToken);
  expect(next.user.id).toBe(session.user.id);
  later();
  expect((await refresh(next.refreshToken)).status).toBe(200);
});

test('two tabs that refresh at once both stay signed in, whichever answer their browser keeps', async () => {
  for (const kept of [0, 1] as const) {
    const { session } = await world.user();
    const answers = await Promise.all([
      refreshed(session.refreshToken),
      json<Session>(await refresh(session.refreshToken, world.urlOf(1))),
    ]);
    later();
    const next = await refreshed(answers[kept].refreshToken);
    later();
    expect((await refresh(next.refreshToken)).status).toBe(200);
    for (const { accessToken } of answers) {
      expect((await new Person(world.url, { ...session, accessToken }).send(Me)).status).toBe(200);
    }
  }
});

test('of twenty refreshes with one token at once, ten get a pair of the same session, and the others are told to wait', async () => {
  const { session } = await world.user();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(session.refreshToken)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(10).fill(200), ...Array(10).fill(429)]);
  const late = await refresh(session.refreshToken);
  expect(late.headers.get('retry-after')).toBe('1');
  expect(await late.json()).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfter: 1 } });
  const rows = await world.sql('select generation, ended_at from auth.session where user_id = $1', [session.user.id]);
  expect(rows).toEqual([{ generation: 1, ended_at: null }]);
  const kept = answers.find(({ status }) => status === 200);
  if (!kept) throw new Error('Ten were answered.');
  const { refreshToken } = await json<Session>(kept);
  // Each generation has as many of its own.
  expect((await refresh(refreshToken)).status).toBe(200);
  expect((await refresh(refreshToken)).status).toBe(200);
});

test('an answer that got lost is asked for again for ten seconds', async () => {
  const { session } = await world.user();
  await refresh(session.refreshToken);
  world.clock.advance(4_000);
  await refresh(session.refreshToken);
  world.clock.advance(5_000);
  const next = await refreshed(session.refreshToken);
  expect((await refresh(next.refreshToken)).status).toBe(200);
});

test('asking again does not prolong the ten seconds', async () => {
  const { session } = await world.user();
  await refresh(session.refreshToken);
  world.clock.advance(6_000);
  expect((await refresh(session.refreshToken)).status).toBe(200);
  world.clock.advance(6_000);
  expect((await refresh(session.refreshToken)).status).toBe(401);
});

test('a spent refresh token that comes back after ten seconds ends the session, access tokens included', async () => {
  const { session } = await world.user();
  const next = await refreshed(session.refreshToken);
  await new Person(world.urlOf(1), next).ok(Me, {});
  later();
  const stolen = await refresh(session.refreshToken);
  expect(stolen.status).toBe(401);
  expect(await stolen.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  expect((await refresh(next.refreshToken)).status).toBe(401);
  await refusedEverywhere(next);
  const events = await world.sql(
    "select metadata, source from activity.event where type = 'session.ended' and account_id = $1",
    [session.user.id],
  );
  expect(events).toEqual([{ metadata: { reason: 'REUSED_TOKEN' }, source: 'SYSTEM' }]);
});

test('a spent refresh token that comes back once its successor was used ends the session at once', async () => {
  const { session } = await world.user();
  const next = await refreshed(session.refreshToken);
  const third = await refreshed(next.refreshToken);
  expect((await refresh(session.refreshToken)).status).toBe(401);
  expect((await refresh(third.refreshToken)).status).toBe(401);
});

test('a thief who comes within the ten seconds is found out by the next refresh of either', async () => {
  for (const first of ['user', 'thief'] as const) {
    const { session } = await world.user();
    const pairs = { user: await refreshed(session.refreshToken), thief: await refreshed(session.refreshToken) };
    later();
    const next = await refreshed(pairs[first].refreshToken);
    later();
    const second = first === 'user' ? 'thief' : 'user';
    expect((await refresh(pairs[second].refreshToken)).status).toBe(401);
    expect((await refresh(next.refreshToken)).status).toBe(401);
    await refusedEverywhere(pairs.thief);
  }
});

test('another sign-in of the same person is another session', async () => {
  const ada = await world.user();
  const elsewhere = await world.signIn({ email: ada.session.user.email });
  await refresh(ada.session.refreshToken);
  later();
  await refresh(ada.session.refreshToken);
  expect((await refresh(elsewhere.session.refreshToken)).status).toBe(200);
  await elsewhere.ok(Me, {});
});

test('logging out ends the session everywhere, access tokens included, and twice is no error', async () => {
  const ada = await world.user();
  const elsewhere = await world.signIn({ email: ada.session.user.email });
  await ada.at(world.urlOf(1)).ok(Me, {});
  expect((await logout(ada.session.refreshToken)).status).toBe(204);
  expect((await ada.send(Me)).status).toBe(401);
  await refusedEverywhere(ada.session);
  expect((await logout(ada.session.refreshToken)).status).toBe(204);
  expect((await refresh(ada.session.refreshToken)).status).toBe(401);
  await elsewhere.at(world.urlOf(1)).ok(Me, {});
});

test('a refresh token expires after its days', async () => {
  const { session } = await world.user();
  world.clock.advance(7 * dayMs + 1_000);
  expect((await refresh(session.refreshToken)).status).toBe(401);
});

test('a session ends after thirty days, however often it was refreshed', async () => {
  let { session } = await world.user();
  for (let day = 6; day <= 24; day += 6) {
    world.clock.advance(6 * dayMs);
    session = await refreshed(session.refreshToken);
  }
  world.clock.advance(6 * dayMs - 60_000);
  const last = await refreshed(session.refreshToken);
  expect(last.expiresIn).toBeLessThanOrEqual(60);
  world.clock.advance(61_000);
  expect((await refresh(last.refreshToken)).status).toBe(401);
  expect((await new Person(world.url, last).send(Me)).status).toBe(401);
});

test.each([
  ['invented', { refreshToken: 'invented' }, 401],
  ['missing', {}, 401],
  ['no text', { refreshToken: 7 }, 400],
  ['endless', { refreshToken: 'x'.repeat(5_000) }, 400],
])('a refresh token that is %s is refused', async (_, body, status) => {
  expect((await postJson(`${world.url}/api/v1/auth/refresh`, body)).status).toBe(status);
});

test('only hashes of refresh tokens are stored', async () => {
  const { session } = await world.user();
  const rows = await world.sql(
    'select t.* from auth.refresh_token t join auth.session s on s.id = t.session_id where s.user_id = $1',
    [session.user.id],
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(session.refreshToken);
});

test('what nobody can use any more is forgotten', async () => {
  const { session } = await world.user();
  const used = await refreshed(session.refreshToken);
  world.clock.advance(6 * dayMs);
  await refresh(used.refreshToken);
  const count = async () => {
    const [row] = await world.sql<{ sessions: string; tokens: string }>(
      `select count(distinct s.id) as sessions, count(t) as tokens
       from auth.session s left join auth.refresh_token t on t.session_id = s.id where s.user_id = $1`,
      [session.user.id],
    );
    return [Number(row?.sessions), Number(row?.tokens)];
  };
  world.clock.advance(2 * dayMs);
  await world.runJobs('auth.purge-sessions');
  expect(await count()).toEqual([1, 1]);
  world.clock.advance(6 * dayMs);
  await world.runJobs('auth.purge-sessions');
  expect(await count()).toEqual([0, 0]);
});
