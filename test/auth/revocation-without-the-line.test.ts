import { expect, test } from '@jest/globals';
import { FollowChanges, Me, SignOutEverywhere } from '../../generated/documents.js';
import { sessionStore } from '../../src/auth/index.js';
import { Doorbell } from '../../src/platform/doorbell/doorbell.js';
import { NotifyBridge } from '../../src/platform/doorbell/notify-bridge.js';
import { LiveSessions } from '../../src/platform/live-sessions.js';
import { createLog } from '../../src/platform/log.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { Cable } from '../support/cable.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { RawSocket } from '../support/raw-socket.js';
import { closingOf } from '../support/sockets.js';

const world = harness({ apps: 2, worker: false });
const silent = createLog('silent', { write: () => undefined });

const refused = (person: Person) =>
  eventually(
    async () => (await person.send(Me)).status,
    (status) => status === 401,
  );
const endByHand = (person: Person) =>
  world.sql('update auth.session set ended_at = clock_timestamp() where user_id = $1', [person.id]);

test('LISTEN’s connections break at the moment of a sign-out: the other process refuses tokens and closes sockets', async () => {
  const ada = await world.user();
  const there = ada.at(world.urlOf(1));
  const { closed } = await closingOf(there, FollowChanges);
  await there.ok(Me, {});
  const breaking = world.sql<{ pid: number }>(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'perpetua-flow doorbell'`,
  );
  await Promise.all([breaking, ada.ok(SignOutEverywhere, {})]);
  expect(await breaking).toHaveLength(2);
  await refused(there);
  expect((await closed).code).toBe(4_403);
});

test('a process whose line stays dead goes on refusing what has ended, and serving what has not', async () => {
  const cable = new Cable(world.config.DATABASE_URL);
  const { config } = world;
  world.config = { ...config, DIRECT_URL: await cable.lay() };
  const { url } = await world.startApp();
  world.config = config;
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const there = ada.at(url ?? '');
  const { closed } = await closingOf(there, FollowChanges);
  await there.ok(Me, {});
  cable.isFrozen = true;
  await ada.ok(SignOutEverywhere, {});
  await refused(there);
  expect((await closed).code).toBe(4_403);
  await bob.at(url ?? '').ok(Me, {});
  cable.isFrozen = false;
  cable.cut();
  await bob.ok(SignOutEverywhere, {});
  await refused(bob.at(url ?? ''));
  await world.apps.pop()?.close();
  await cable.remove();
});

test('a process that stood still looks before it serves a socket whose session may have ended meanwhile', async () => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  await endByHand(ada);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
  socket.send({ id: '1', type: 'subscribe', payload: { query: '{ me { id } }' } });
  expect((await socket.closed).code).toBe(4_403);
  expect(socket.messages.filter(({ type }) => type === 'next')).toEqual([]);
});

test('what is known of a session is asked for once; when it ends without a ring, it is found out', async () => {
  let reads = 0;
  let downMs = 0;
  const store = sessionStore(world.sql.bind(world));
  const ownerOf = (id: string) => {
    reads += 1;
    return store.ownerOf(id);
  };
  const sessions = new LiveSessions({ store: { ...store, ownerOf }, bridgeDownMs: () => downMs, log: silent });
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const idOf = async ({ id }: Person) =>
    (await world.sql<{ id: string }>('select id from auth.session where user_id = $1', [id]))[0]?.id ?? '';
  const [first, second] = [await idOf(ada), await idOf(bob)];
  await sessions.look();
  for (let use = 0; use < 3; use += 1) expect(await sessions.isLive(first, ada.id)).toBe(true);
  expect(reads).toBe(1);
  await endByHand(ada);
  await eventually(
    () => sessions.isLive(first, ada.id),
    (live) => !live,
  );

  reads = 0;
  downMs = 5_001;
  for (let use = 0; use < 3; use += 1) expect(await sessions.isLive(second, bob.id)).toBe(true);
  expect(reads).toBe(3);
  await endByHand(bob);
  expect(await sessions.isLive(second, bob.id)).toBe(false);
  await sessions.close();
});

test('a process that stood still believes nothing that it knew before until it has looked', async () => {
  const store = sessionStore(world.sql.bind(world));
  let reads = 0;
  const ownerOf = (id: string) => {
    reads += 1;
    return store.ownerOf(id);
  };
  const sessions = new LiveSessions({ store: { ...store, ownerOf }, bridgeDownMs: () => 0, log: silent });
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const ids = await world.sql<{ id: string; userId: string }>(
    'select id, user_id as "userId" from auth.session where user_id = any($1)',
    [[ada.id, bob.id]],
  );
  const isLive = ({ id: userId }: Person) =>
    sessions.isLive(ids.find((each) => each.userId === userId)?.id ?? '', userId);
  await sessions.look();
  expect([await isLive(ada), await isLive(bob), await isLive(bob)]).toEqual([true, true, true]);
  expect(reads).toBe(2);
  await endByHand(ada);
  // As SIGSTOP does: no timer, no notification.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
  expect(await isLive(ada)).toBe(false);
  await sessions.look();
  reads = 0;
  expect([await isLive(bob), await isLive(bob)]).toEqual([true, true]);
  expect(reads).toBe(0);
  await sessions.close();
});

test('more sessions end at once than one statement reads: each is found', async () => {
  const ada = await world.user();
  const rows = await world.sql<{ id: string }>(
    `insert into auth.session (id, user_id, created_at, last_used_at, expires_at, ended_at)
     select gen_random_uuid(), $1, now(), now(), now() + interval '1 day', now() from generate_series(1, 2500) returning id`,
    [ada.id],
  );
  const { readEnded } = sessionStore(world.sql.bind(world));
  const { ids, through } = await readEnded(null);
  expect(new Set(ids)).toEqual(new Set([...ids, ...rows.map(({ id }) => id)]));
  expect(new Set((await readEnded(through)).ids)).toEqual(new Set(ids));
});

test('what rings while the line is down is rung when it is back, and more than is kept wakes everybody', async () => {
  for (const count of [3, 20_000]) {
    const cable = new Cable(world.config.DATABASE_URL);
    const [here, elsewhere] = [new Doorbell(), new Doorbell()];
    const broken = new NotifyBridge(await cable.lay(), here, silent, createMetrics());
    const sound = new NotifyBridge(world.config.DATABASE_URL, elsewhere, silent, createMetrics());
    await Promise.all([broken.open(), sound.open()]);
    const heard = new Set<number>();
    for (const topic of [0, 1, count - 1]) elsewhere.listen(`topic:${topic}`, () => heard.add(topic));
    cable.cut();
    await eventually(
      () => broken.downMs,
      (downMs) => downMs > 0,
    );
    broken.ring(Array.from({ length: count }, (_, index) => `topic:${index}`));
    expect(heard.size).toBe(0);
    cable.isCut = false;
    await eventually(
      () => [...heard].sort((a, b) => a - b),
      (topics) => topics.length === new Set([0, 1, count - 1]).size,
    );
    expect(broken.downMs).toBe(0);
    await Promise.all([broken.close(), sound.close()]);
    here.close();
    elsewhere.close();
    await cable.remove();
  }
});

test('a line that is connected but dead counts as down, and everybody looks for themselves', async () => {
  const cable = new Cable(world.config.DATABASE_URL);
  const bell = new Doorbell();
  const line = new NotifyBridge(await cable.lay(), bell, silent, createMetrics());
  await line.open();
  let rings = 0;
  bell.listen('topic', () => {
    rings += 1;
  });
  cable.isFrozen = true;
  await eventually(
    () => line.downMs,
    (downMs) => downMs > 0,
  );
  await eventually(
    () => rings,
    (count) => count >= 2,
  );
  cable.isFrozen = false;
  cable.cut();
  cable.isCut = false;
  await eventually(
    () => line.downMs,
    (downMs) => downMs === 0,
  );
  await line.close();
  bell.close();
  await cable.remove();
});
