import { expect, test } from '@jest/globals';
import { FollowChanges, Me, SignOutEverywhere } from '../../generated/documents.js';
import { harness, postJson } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ apps: 2 });

/** Opens a socket, and answers a promise of how it is closed. */
async function openSocket(person: Person): Promise<{ closed: Promise<{ code: number; at: number }> }> {
  const client = person.newSocket();
  const closed = new Promise<{ code: number; at: number }>((resolve) => {
    client.on('closed', (event) => {
      const code = typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0;
      resolve({ code, at: performance.now() });
    });
  });
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  (async () => {
    for await (const _ of person.follow(FollowChanges, {}, client));
  })().catch(() => undefined);
  await connected;
  return { closed };
}

test('signing out everywhere ends refresh tokens, access tokens, and sockets on every instance within a second', async () => {
  const ada = await world.user();
  const bob = await world.user('Bob');
  const sockets = await Promise.all([openSocket(ada), openSocket(ada.at(world.urlOf(1)))]);
  const elsewhere = await world.signIn({ email: ada.session.user.email });
  await ada.at(world.urlOf(1)).ok(Me, {});

  const startedAt = performance.now();
  expect((await ada.ok(SignOutEverywhere, {})).signOutEverywhere.revokedSessions).toBe(2);
  for (const { closed } of sockets) {
    const { code, at } = await closed;
    expect(code).toBe(4_403);
    expect(at - startedAt).toBeLessThan(1_000);
  }
  for (const url of [world.urlOf(0), world.urlOf(1)]) {
    await ada.at(url).refused(Me, {}, 'UNAUTHENTICATED');
    await elsewhere.at(url).refused(Me, {}, 'UNAUTHENTICATED');
  }
  const { refreshToken } = elsewhere.session;
  expect((await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken })).status).toBe(401);
  await bob.ok(Me, {});
  const again = await world.signIn({ email: ada.session.user.email });
  await again.ok(Me, {});
});
