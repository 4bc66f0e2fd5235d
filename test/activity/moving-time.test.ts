import { expect, test } from '@jest/globals';
import { AddReminder, CreateTask, Task } from '../../generated/documents.js';
import { schemaOf } from '../../resolvers/index.js';
import { dayMs } from '../../src/kernel/days.js';
import { eventually, harness } from '../support/harness.js';

const world = harness({ apps: 2, ownClock: true });
const advance = 'mutation ($to: DateTime!) { advanceClock(to: $to) }';

test('time moves ahead on every instance at once, and what is due by then happens', async () => {
  const ada = await world.user();
  const there = ada.at(world.urlOf(1));
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  const at = new Date(Date.now() + 2 * dayMs).toISOString();
  await ada.ok(AddReminder, { input: { taskId: task.id, type: 'ABSOLUTE', at } });
  const to = new Date(Date.now() + 3 * dayMs);
  const moved = await ada.send(advance, { to: to.toISOString() });
  expect(Date.parse(String(moved.body.data?.['advanceClock']))).toBeGreaterThanOrEqual(to.getTime());
  const seen = async () => (await there.ok(Task, { id: task.id })).task.reminders[0]?.state;
  await eventually(seen, (state) => state === 'SENT');
  // The token that was good before is good still: moving time signs nobody out.
  const created = () => there.ok(CreateTask, { input: { title: 'y' } });
  const createdAt = await eventually(
    async () => Date.parse((await created()).createTask.task.createdAt),
    (moment) => moment >= to.getTime(),
  );
  expect(createdAt).toBeLessThan(to.getTime() + dayMs);
});

test('time does not move back', async () => {
  const ada = await world.user();
  await ada.refused(advance, { to: '2020-01-01T00:00:00Z' }, 'VALIDATION_FAILED');
});

test('an instance that starts later has the moved time', async () => {
  const to = new Date(Date.now() + 2 * dayMs).toISOString();
  await (await world.user()).send(advance, { to });
  const app = await world.startApp();
  const ada = await world.user('Ada', app.url ?? '');
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  expect(Date.parse(task.createdAt)).toBeGreaterThan(Date.now() + dayMs);
});

test("production's schema does not have it", () => {
  expect(schemaOf({ movableClock: true }).getMutationType()?.getFields()).toHaveProperty('advanceClock');
  expect(schemaOf({ movableClock: false }).getMutationType()?.getFields()).not.toHaveProperty('advanceClock');
});
