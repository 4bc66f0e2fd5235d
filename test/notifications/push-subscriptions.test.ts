import { createECDH, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Changes, RegisterPushSubscription, RemovePushSubscription } from '../../generated/documents.js';
import { logMovedBrowser } from '../../src/notifications/index.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness();

const keys = () => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { p256dh: pair.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') };
};
const endpointOf = (name: string) => `https://push.example.com/${name}/${randomBytes(8).toString('hex')}`;
const register = (person: Person, endpoint: string) =>
  person.ok(RegisterPushSubscription, { input: { endpoint, ...keys() } });
const endpointsOf = async (person: Person) => {
  const rows = await world.sql<{ endpoint: string }>(
    'select endpoint from notifications.push_subscription where user_id = $1 order by registered_at',
    [person.id],
  );
  return rows.map(({ endpoint }) => endpoint);
};
const typesOf = async (person: Person) =>
  (await person.ok(Changes, { first: 100 })).changes.edges.map(({ node }) => node.type);

test('a browser registers and learns our key', async () => {
  const ada = await world.user();
  const endpoint = endpointOf('a');
  expect(await register(ada, endpoint)).toEqual({
    registerPushSubscription: { endpoint, vapidPublicKey: world.config.VAPID_PUBLIC_KEY },
  });
  expect(await endpointsOf(ada)).toEqual([endpoint]);
});

test('registering again renews the keys and is no news', async () => {
  const ada = await world.user();
  const endpoint = endpointOf('a');
  await register(ada, endpoint);
  const renewed = keys();
  await ada.ok(RegisterPushSubscription, { input: { endpoint, ...renewed } });
  const rows = await world.sql('select p256dh, auth from notifications.push_subscription where user_id = $1', [ada.id]);
  expect(rows).toEqual([renewed]);
  expect(await typesOf(ada)).toEqual(['user.created', 'push_subscription.registered']);
});

test('a browser in which somebody else signs in is theirs from then on', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const endpoint = endpointOf('shared');
  await register(ada, endpoint);
  await register(bob, endpoint);
  expect(await endpointsOf(ada)).toEqual([]);
  expect(await endpointsOf(bob)).toEqual([endpoint]);
});

const removalsOf = (person: Person) =>
  world.sql<{ id: string; source: string; metadata: object }>(
    `select entity_id as id, source, metadata from activity.event
     where account_id = $1 and type = 'push_subscription.removed' order by number`,
    [person.id],
  );

test('a browser that moves to another account and back is in both logs, once each time', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const endpoint = endpointOf('shared');
  for (const person of [ada, bob, ada, bob, bob]) await register(person, endpoint);
  const moved = { source: 'SYSTEM', metadata: { reason: 'MOVED' } };
  const lost = await eventually(
    () => removalsOf(ada),
    (rows) => rows.length === 2,
  );
  expect(lost).toMatchObject([moved, moved]);
  await eventually(
    () => removalsOf(bob),
    (rows) => rows.length === 1,
  );
  const registered = await world.sql<{ id: string }>(
    `select entity_id as id from activity.event
     where account_id = $1 and type = 'push_subscription.registered' order by number`,
    [ada.id],
  );
  expect(lost.map(({ id }) => id).sort()).toEqual(registered.map(({ id }) => id).sort());
  // A job may come twice.
  const ctx = await world.jobContext();
  for (const { id } of lost) await logMovedBrowser(ctx, { userId: ada.id, pushSubscriptionId: id });
  expect(await removalsOf(ada)).toHaveLength(2);
});

test('of accounts that take a browser at once, each but the last one is told that it lost it', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => world.user()));
  const endpoint = endpointOf('shared');
  await Promise.all(people.map((person) => register(person, endpoint)));
  const removals = await eventually(
    () => Promise.all(people.map(removalsOf)),
    (lists) => lists.flat().length === people.length - 1,
  );
  const owners = await Promise.all(people.map(endpointsOf));
  expect(removals.map((list) => list.length)).toEqual(owners.map((list) => (list.length === 1 ? 0 : 1)));
});

test('of more than 20 browsers the one longest not seen goes', async () => {
  const ada = await world.user();
  const endpoints = Array.from({ length: 21 }, (_, index) => endpointOf(`b${index}`));
  for (const endpoint of endpoints.slice(0, 20)) await register(ada, endpoint);
  world.clock.advance(1_000);
  await register(ada, endpoints[0] ?? '');
  await register(ada, endpoints[20] ?? '');
  const left = await endpointsOf(ada);
  expect(left).toHaveLength(20);
  expect(left).not.toContain(endpoints[1]);
  expect(left).toContain(endpoints[0]);
  expect((await typesOf(ada)).at(-1)).toBe('push_subscription.removed');
});

test('a browser is removed; again changes nothing', async () => {
  const ada = await world.user();
  const endpoint = endpointOf('a');
  await register(ada, endpoint);
  for (const _ of ['once', 'twice']) {
    expect(await ada.ok(RemovePushSubscription, { input: { endpoint } })).toEqual({
      removePushSubscription: { endpoint, vapidPublicKey: world.config.VAPID_PUBLIC_KEY },
    });
  }
  expect(await endpointsOf(ada)).toEqual([]);
  expect(await typesOf(ada)).toEqual(['user.created', 'push_subscription.registered', 'push_subscription.removed']);
});

test('a stranger’s browser cannot be removed', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const endpoint = endpointOf('a');
  await register(ada, endpoint);
  await bob.refused(RemovePushSubscription, { input: { endpoint } }, 'FORBIDDEN');
  expect(await endpointsOf(ada)).toEqual([endpoint]);
});

const sound = keys();
const point = Buffer.from(sound.p256dh, 'base64url');
test.each([
  ['p256dh', 'no base64url', { p256dh: `${sound.p256dh.slice(0, -2)}+/` }],
  ['p256dh', 'too short', { p256dh: point.subarray(0, 64).toString('base64url') }],
  ['p256dh', 'compressed', { p256dh: createCompressed() }],
  ['p256dh', 'not on the curve', { p256dh: Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString('base64url') }],
  ['p256dh', 'empty', { p256dh: '' }],
  ['auth', 'too short', { auth: randomBytes(15).toString('base64url') }],
  ['auth', 'too long', { auth: randomBytes(17).toString('base64url') }],
  ['auth', 'empty', { auth: '' }],
])('a key %s that is %s is refused', async (field, _, own) => {
  const ada = await world.user();
  const input = { endpoint: endpointOf('a'), ...sound, ...own };
  const error = await ada.refused(RegisterPushSubscription, { input }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toMatchObject([{ field }]);
});

function createCompressed(): string {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return pair.getPublicKey('base64url', 'compressed');
}

test.each([
  ['http://push.example.com/x'],
  ['https://10.0.0.1/x'],
  ['https://[::ffff:127.0.0.1]/x'],
  ['https://127.0.0.2/x'],
  ['https://printer.local/x'],
  ['https://database.internal/x'],
  ['https://database/x'],
  ['https://push.example.com:5432/x'],
  ['no URL'],
])('the endpoint %s is refused', async (endpoint) => {
  const ada = await world.user();
  const error = await ada.refused(RegisterPushSubscription, { input: { endpoint, ...keys() } }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toMatchObject([{ field: 'endpoint' }]);
});
