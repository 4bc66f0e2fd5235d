import { expect, test } from '@jest/globals';
import { FollowChanges, Me, SignOutEverywhere } from '../../generated/documents.js';
import { harness, postJson } from '../support/harness.js';
import { closingOf } from '../support/sockets.js';

const world = harness({ worker: false, apps: 2 });

test('signing out everywhere ends refresh tokens, access tokens, and sockets on every instance', async () => {
  const ada = await world.user();
  const bob = await world.user('Bob');
  const places = [ada, ada.at(world.urlOf(1))];
  const sockets = await Promise.all(places.map((place) => closingOf(place, FollowChanges)));
  const elsewhere = await world.signIn({ email: ada.session.user.email });
  await ada.at(world.urlOf(1)).ok(Me, {});

  expect((await ada.ok(SignOutEverywhere, {})).signOutEverywhere.revokedSessions).toBe(2);
  for (const { closed } of sockets) expect((await closed).code).toBe(4_403);
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
