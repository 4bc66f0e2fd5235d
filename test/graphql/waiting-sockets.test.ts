import { expect, test } from '@jest/globals';
import { harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({ worker: false, config: { MAX_WAITING_SOCKETS_PER_ADDRESS: '3' } });

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
