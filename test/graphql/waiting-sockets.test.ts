import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({
  worker: false,
  config: { MAX_WAITING_SOCKETS_PER_ADDRESS: '3', STRANGER_RATE_LIMIT_PER_MINUTE: '10' },
});

test('of sockets that do not say who they are, the one that has waited longest makes room for the next', async () => {
  const ada = await world.user();
  const known = await new RawSocket(world.url).init(ada);
  const first = await new RawSocket(world.url).open();
  const others = [];
  for (let count = 0; count < 3; count += 1) others.push(await new RawSocket(world.url).open());
  expect((await first.closed).code).toBe(4_408);
  // Many that say nothing shut nobody out: who says it at once stays, and so does who was there before.
  const latecomer = await new RawSocket(world.url).init(ada);
  known.send({ type: 'ping' });
  await known.until(({ type }) => type === 'pong');
  for (const socket of [known, latecomer, ...others]) socket.close();
});

test('an address whose sockets bring no valid token is refused for a while, with 429 before there is a socket', async () => {
  const ada = await world.user();
  for (let count = 0; count < 10; count += 1) {
    const socket = await new RawSocket(world.url).open();
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } });
    expect((await socket.closed).code).toBe(4_403);
  }
  const refused = await fetch(`${world.url}/graphql`, { method: 'POST' });
  expect(refused.status).toBe(429);
  await eventually(
    () => new RawSocket(world.url).closed,
    ({ code }) => code === 1_006,
  );
  // Over HTTP a good token is seen before anything is refused.
  await ada.ok(Me, {});
});
