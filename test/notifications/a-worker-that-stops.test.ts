import { expect, test } from '@jest/globals';
import { CreateTask, RegisterPushSubscription } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { notifying, wishing } from '../support/notifying.js';

const world = harness({ subscribers: [notifying] });

test('a push that a stopping worker could not finish is sent by another', async () => {
  const ada = await world.user();
  const browser = await world.push.subscribe();
  const { id: subscription, ...input } = browser;
  await ada.ok(RegisterPushSubscription, { input });
  await world.push.control({ subscription, hang: true, times: 1 });
  await ada.ok(CreateTask, { input: { title: 'x', description: wishing({ push: true }) } });
  await eventually(
    () => world.push.requests(),
    (requests) => requests === 1,
  );
  await world.startApp();
  await world.apps.shift()?.close();
  // Handed over after the 2 s that it gets to drain: by itself it would expire after a minute.
  const messages = await eventually(
    () => world.push.messages(browser),
    (seen) => seen.length > 0,
    20_000,
  );
  expect(messages).toHaveLength(1);
});
