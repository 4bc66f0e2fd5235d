import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({ worker: false });

test('a socket whose few messages are large ones is closed, before they are more than half a megabyte in a second', async () => {
  const ada = await world.user();
  const socket = await new RawSocket(world.url).init(ada);
  const variables = { filler: 'x'.repeat(200_000) };
  for (let count = 0; count < 4; count += 1) {
    socket.send({ type: 'subscribe', id: `${count}`, payload: { query: '{ me { id } }', variables } });
  }
  expect((await socket.closed).code).toBe(4_429);
  await ada.ok(Me, {});
});
