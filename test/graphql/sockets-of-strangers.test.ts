import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({ worker: false, config: { STRANGER_RATE_LIMIT_PER_MINUTE: '10' } });

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
