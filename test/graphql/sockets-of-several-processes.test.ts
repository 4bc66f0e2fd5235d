import { beforeEach, expect, test } from '@jest/globals';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { untilTheyKnow } from '../support/processes.js';
import { RawSocket } from '../support/raw-socket.js';
import { startRoles } from '../support/role.js';

const world = harness({ apps: 2, worker: false, config: { MAX_SOCKETS_PER_USER: '3' } });

beforeEach(() => untilTheyKnow([world.urlOf(0), world.urlOf(1)], 2));

/** Opens a socket of somebody's; null when it is one too many. */
async function open({ url, session }: Person): Promise<RawSocket | null> {
  const socket = await new RawSocket(url).open();
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${session.accessToken}` } });
  const isIn = () => socket.messages.some(({ type }) => type === 'connection_ack');
  await eventually(
    () => isIn() || socket.isClosed,
    (isDecided) => isDecided,
  );
  if (isIn()) return socket;
  expect((await socket.closed).code).toBe(4_429);
  return null;
}

const isOpen = (socket: RawSocket | null) => socket !== null;

test('a user’s sockets are counted in all processes together, and one that closes makes room in the other', async () => {
  const ada = await world.user();
  const there = ada.at(world.urlOf(1));
  const sockets = [await open(ada), await open(there), await open(ada)];
  expect(sockets.map(isOpen)).toEqual([true, true, true]);
  expect(await Promise.all([open(ada), open(there)])).toEqual([null, null]);
  sockets[1]?.close();
  const next = await eventually(() => open(ada), isOpen);
  expect(await open(there)).toBeNull();
  for (const socket of [...sockets, next]) socket?.close();
  await eventually(
    () => world.sql('select from platform.socket_count'),
    (rows) => rows.length === 0,
  );
});

test('of many sockets that are opened at once in both as many stay as a user may have', async () => {
  const ada = await world.user();
  const people = [ada, ada.at(world.urlOf(1))];
  const sockets = await Promise.all([...people, ...people, ...people, ...people].map(open));
  expect(sockets.filter(isOpen)).toHaveLength(3);
  for (const socket of sockets) socket?.close();
});

test('sockets of a process that was killed no longer count', async () => {
  const other = await startRoles(world.config, ['api']);
  try {
    await untilTheyKnow([world.urlOf(0), other.url], 3);
    const [ada, bob] = [await world.user(), await world.user('Bob')];
    expect(isOpen(await open(bob.at(other.url)))).toBe(true);
    const there = ada.at(other.url);
    const sockets = [await open(there), await open(there), await open(ada)];
    expect(sockets.map(isOpen)).toEqual([true, true, true]);
    expect(await open(ada)).toBeNull();
    await other.kill();
    const next = await eventually(() => open(ada), isOpen);
    for (const socket of [...sockets, next]) socket?.close();
  } finally {
    await other.kill();
  }
  await untilTheyKnow([world.urlOf(0), world.urlOf(1)], 2);
  await eventually(
    () => world.sql('select from platform.socket_count'),
    (rows) => rows.length === 0,
  );
});

test('sockets that do not say who they are share their cap between the processes', async () => {
  const own = await world.another({ config: { MAX_WAITING_SOCKETS_PER_ADDRESS: '4' } });
  const urls = [own.urlOf(0), own.urlOf(1)];
  await untilTheyKnow(urls, 2);
  for (const url of urls) {
    const first = await new RawSocket(url).open();
    const others = [await new RawSocket(url).open(), await new RawSocket(url).open()];
    // A process alone would have let three wait, until the first had waited for too long, as all.
    expect((await first.closed).code).toBe(4_408);
    expect(others.map(({ isClosed }) => isClosed)).toEqual([false, false]);
    for (const socket of others) socket.close();
  }
});
