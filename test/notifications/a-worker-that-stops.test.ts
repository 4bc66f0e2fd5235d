import { expect, test } from '@jest/globals';
import { CreateTask, RegisterPushSubscription } from '../../generated/documents.js';
import { queueJobs } from '../../jobs/index.js';
import { RetrySubscriber } from '../../src/activity/index.js';
import { createLog } from '../../src/platform/log.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { Queue } from '../../src/platform/queue/queue.js';
import { eventually, type Harness, harness } from '../support/harness.js';
import { notificationRequest, notifying } from '../support/notifying.js';
import type { Browser } from '../support/push-service.js';
import { startRoles } from '../support/role.js';

const world = harness({ subscribers: [notifying] });
const silent = createLog('silent', { write: () => undefined });

/** Has a push under way that its service does not answer. */
async function hangingPush(world: Harness): Promise<Browser> {
  const { push } = world;
  const ada = await world.user();
  const browser = await push.subscribe();
  const { id: subscription, ...input } = browser;
  await ada.ok(RegisterPushSubscription, { input });
  await push.control({ subscription, hang: true, times: 1 });
  await ada.ok(CreateTask, { input: { title: 'x', description: notificationRequest({ push: true }) } });
  await eventually(
    () => push.requests(),
    (requests) => requests === 1,
  );
  return browser;
}

test('a push that a stopping worker could not finish is sent by another', async () => {
  const browser = await hangingPush(world);
  await world.startApp();
  await world.apps.shift()?.close();
  // Handed over after the 2 s that it gets to drain: by itself it would expire after a minute.
  const messages = await eventually(
    () => world.push.messages(browser),
    (seen) => seen.length > 0,
  );
  expect(messages).toHaveLength(1);
});

/** A queue that looks each second, of which no other process knows. */
async function openQueue({ config }: Harness): Promise<Queue> {
  const queue = new Queue(config.DIRECT_URL, silent, createMetrics(), { heartbeatMs: 200, lookEverySeconds: 1 });
  await queue.open();
  return queue;
}

test('kill -9 of a worker in the middle of a push: another sends it, once nothing is heard of the first', async () => {
  const own = await world.another({ worker: false });
  const doomed = await startRoles(own.config, ['worker']);
  const browser = await hangingPush(own);
  await doomed.kill();
  const other = await startRoles(own.config, ['worker']);
  const queue = await openQueue(own);
  // Its 10 s of silence pass.
  const silenced = await own.sql(
    `update pgboss.job set heartbeat_on = heartbeat_on - heartbeat_seconds * interval '1 second'
     where name = 'notifications.push' and state = 'active' returning id`,
  );
  expect(silenced).toHaveLength(1);
  const messages = await eventually(
    () => own.push.messages(browser),
    (seen) => seen.length > 0,
  );
  expect(messages).toHaveLength(1);
  await queue.close(0);
  expect(await other.terminate()).toBe(0);
});

test('every queue misses a worker that says nothing for 10 s', async () => {
  const queues = await world.sql<{ name: string; silence: number }>(
    'select name, heartbeat_seconds as silence from pgboss.queue order by name',
  );
  expect(queues.map(({ silence }) => silence)).toEqual(queues.map(() => 10));
  expect(queues.map(({ name }) => name)).toEqual(queueJobs.map(({ queue }) => queue.name).sort());
});

test('a job that is merely slow is not taken from its worker, however long it takes', async () => {
  const own = await world.another({ worker: false });
  await own.sql("update pgboss.queue set heartbeat_seconds = 1 where name = 'activity.retry-subscriber'");
  const queue = await openQueue(own);
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  let runs = 0;
  const work = async () => {
    runs += 1;
    await promise;
  };
  queue.work({ queue: RetrySubscriber, fieldsOf: () => ({}), work });
  await queue.send(RetrySubscriber, {}, async (text, values = []) => ({ rows: await own.sql(text, values) }));
  const job = (column: string) =>
    own.sql<{ seen: unknown }>(`select ${column} as seen from pgboss.job where name = '${RetrySubscriber.name}'`);
  // It was looked for at least twice when its first sign of life was long too old.
  await eventually(
    () => job("heartbeat_on - started_on > interval '4 seconds'"),
    ([row]) => row?.seen === true,
  );
  expect(runs).toBe(1);
  finish();
  await eventually(
    () => job('state'),
    ([row]) => row?.seen === 'completed',
  );
  expect(runs).toBe(1);
  await queue.close(0);
});
