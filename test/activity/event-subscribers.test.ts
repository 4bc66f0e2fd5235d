import { expect, test } from '@jest/globals';
import { Changes, CreateTask, Task } from '../../generated/documents.js';
import { record } from '../../src/activity/index.js';
import { taskUpdated } from '../../src/events/tasks.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';

let failures = 0;

/** Writes a row and an event, and then fails as often as it is told to. */
const failing: Subscriber = {
  name: 'test.failing',
  on: 'task.created',
  handle: async (tx, event) => {
    await tx.unit.runStatement('update tasks.task set focus_seconds = focus_seconds + 1 where id = $1', [
      event.entityId,
    ]);
    await record(tx, taskUpdated(event.entityId, { fields: [] }));
    if (failures > 0) {
      failures -= 1;
      throw new Error('fails on purpose');
    }
  },
};

const world = harness({ subscribers: [failing] });

test('a subscriber acts in the transaction of its event', async () => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  expect((await ada.ok(Task, { id: task.id })).task.focusSeconds).toBe(1);
  expect((await ada.ok(Changes, {})).changes.edges.map(({ node }) => [node.type, node.source])).toEqual([
    ['user.created', 'USER'],
    ['task.created', 'USER'],
    ['task.updated', 'SYSTEM'],
  ]);
});

test('a subscriber that fails is undone alone, and a job runs it again', async () => {
  world.expectErrors(/fails on purpose/);
  const ada = await world.user();
  failures = 2;
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  expect(task.title).toBe('x');
  const noticed = await eventually(
    async () => (await ada.ok(Task, { id: task.id })).task.focusSeconds,
    (seconds) => seconds > 0,
  );
  expect(noticed).toBe(1);
  const failed = (await scrape(world.url)).get('event_subscriber_failures_total{subscriber="test.failing"}');
  expect(failed).toBe(1);
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.map(({ node }) => node.type)).toEqual(['user.created', 'task.created', 'task.updated']);
  expect(world.log.some((line) => line.includes('test.failing') && line.includes('a job retries it'))).toBe(true);
});
