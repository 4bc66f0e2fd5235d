import { expect, test } from '@jest/globals';
import {
  AddReminder,
  CompleteTask,
  CreateTask,
  MarkNotificationRead,
  Notifications,
  RegisterPushSubscription,
  ReopenTask,
  Task,
  UpdateSubtask,
  UpdateTask,
} from '../../generated/documents.js';
import { retrySubscriber } from '../../src/activity/index.js';
import { minuteMs } from '../../src/kernel/days.js';
import { finishTasks } from '../support/actions.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true });

async function make(person: Person, input: object = {}) {
  return (await person.ok(CreateTask, { input: { title: 'Call Bob', ...input } })).createTask.task;
}

const notificationsOf = async (person: Person) =>
  (await person.ok(Notifications, {})).notifications.edges.map(({ node }) => node);

/** A reminder that fires in this very minute of the moved clock, or so much later. */
async function remind(person: Person, method: 'PUSH' | 'IN_APP', lateMs = 0) {
  const { id } = await make(person, { dueDate: new Date(world.clock.now().getTime() + 20 * minuteMs).toISOString() });
  await person.ok(AddReminder, { input: { taskId: id, type: 'BEFORE', offsetMinutes: 10, method } });
  world.clock.advance(10 * minuteMs + lateMs);
  return id;
}

const subscribe = async (person: Person) => {
  const browser = await world.push.subscribe();
  const { endpoint, p256dh, auth } = browser;
  await person.ok(RegisterPushSubscription, { input: { endpoint, p256dh, auth } });
  return browser;
};

const stateOf = (person: Person, id: string, wanted: string) =>
  eventually(
    async () => (await person.ok(Task, { id })).task.reminders[0]?.state,
    (state) => state === wanted,
  );

test('a completed task is told, however it was completed', async () => {
  const ada = await world.user();
  const plain = await make(ada);
  await ada.ok(CompleteTask, { input: { id: plain.id, version: 1 } });
  const forced = await make(ada, { subtasks: [{ title: 'a' }] });
  await ada.ok(CompleteTask, { input: { id: forced.id, version: 1, force: true } });
  const auto = await make(ada, { subtasks: [{ title: 'a' }] });
  await ada.ok(UpdateSubtask, { input: { id: auto.subtasks[0]?.id ?? '', completed: true } });
  expect(await notificationsOf(ada)).toMatchObject([
    { type: 'TASK_COMPLETED', title: 'Call Bob', body: 'Completed with its last subtask.' },
    { type: 'TASK_COMPLETED', body: 'Completed together with its open subtasks.' },
    { type: 'TASK_COMPLETED', body: 'Completed.', actionUrl: `/tasks/${plain.id}`, read: false },
  ]);
});

test('a task that is ticked and unticked is told once until that is read, however it is completed', async () => {
  const ada = await world.user();
  const { id, subtasks } = await make(ada, { subtasks: [{ title: 'a' }] });
  const tick = (completed: boolean) => ada.ok(UpdateSubtask, { input: { id: subtasks[0]?.id ?? '', completed } });
  for (let count = 0; count < 3; count += 1) {
    await tick(true);
    await tick(false);
  }
  const { version } = (await ada.ok(Task, { id })).task;
  await ada.ok(CompleteTask, { input: { id, version, force: true } });
  const told = await notificationsOf(ada);
  expect(told).toMatchObject([{ type: 'TASK_COMPLETED', body: 'Completed with its last subtask.' }]);
  // Another task is another matter.
  const { id: other } = await make(ada);
  await ada.ok(CompleteTask, { input: { id: other, version: 1 } });
  expect(await notificationsOf(ada)).toHaveLength(2);
  await ada.ok(MarkNotificationRead, { input: { id: told[0]?.id ?? '' } });
  await ada.ok(ReopenTask, { input: { id, version: version + 1 } });
  await ada.ok(CompleteTask, { input: { id, version: version + 2, force: true } });
  expect((await notificationsOf(ada)).filter(({ actionUrl }) => actionUrl === `/tasks/${id}`)).toMatchObject([
    { read: false },
    { read: true },
  ]);
});

test('an achievement is told and pushed, and stands in the answer that earned it', async () => {
  const ada = await world.user();
  const browser = await subscribe(ada);
  await finishTasks(ada, 4);
  const { id } = await make(ada);
  const { unlockedAchievements, streak } = (await ada.ok(CompleteTask, { input: { id, version: 1 } })).completeTask;
  expect(unlockedAchievements.map((achievement) => achievement.id)).toEqual(['tasks_5']);
  expect(streak).toBe(1);
  const told = (await notificationsOf(ada)).filter(({ type }) => type === 'ACHIEVEMENT');
  expect(told).toHaveLength(1);
  const [message] = await eventually(
    () => world.push.messages(browser),
    (messages) => messages.length > 0,
  );
  expect(JSON.parse(message?.payload ?? '')).toMatchObject({ type: 'ACHIEVEMENT', title: told[0]?.title });
});

test('a reminder is told in the app and pushed to the browser', async () => {
  const ada = await world.user();
  const browser = await subscribe(ada);
  const id = await remind(ada, 'PUSH');
  await stateOf(ada, id, 'SENT');
  const [message] = await eventually(
    () => world.push.messages(browser),
    (messages) => messages.length > 0,
  );
  expect(JSON.parse(message?.payload ?? '')).toMatchObject({
    type: 'REMINDER',
    title: 'Call Bob',
    body: 'It is due in 10 minutes.',
    actionUrl: `/tasks/${id}`,
  });
  expect(await notificationsOf(ada)).toMatchObject([{ type: 'REMINDER', title: 'Call Bob' }]);
});

test('each reminder fails whose only browser is gone, also those after the first', async () => {
  const ada = await world.user();
  await subscribe(ada);
  await world.push.control({ status: 410 });
  const ids = await Promise.all([1, 2, 3].map(() => make(ada)));
  const at = new Date(world.clock.now().getTime() + minuteMs).toISOString();
  for (const { id } of ids) await ada.ok(AddReminder, { input: { taskId: id, type: 'ABSOLUTE', at } });
  world.clock.advance(minuteMs);
  for (const { id } of ids) await stateOf(ada, id, 'FAILED');
});

test('a push that fails late does not fail a reminder that waits for another time', async () => {
  const ada = await world.user();
  await subscribe(ada);
  await world.push.control({ status: 410 });
  const id = await remind(ada, 'PUSH');
  await stateOf(ada, id, 'FAILED');
  const dueDate = new Date(world.clock.now().getTime() + 20 * minuteMs).toISOString();
  await ada.ok(UpdateTask, { input: { id, version: 1, dueDate } });
  await stateOf(ada, id, 'SCHEDULED');
  world.clock.advance(10 * minuteMs);
  await stateOf(ada, id, 'SENT');
  // The same news once more, of the time before.
  const [first] = await world.sql<{ number: string }>(
    `select number from activity.event where account_id = $1 and type = 'notification.push_failed' order by number limit 1`,
    [ada.id],
  );
  const again = { accountId: ada.id, number: Number(first?.number), subscriber: 'tasks.fail-reminder' };
  await retrySubscriber(await world.jobContext(), again);
  expect((await ada.ok(Task, { id })).task.reminders).toMatchObject([{ state: 'SENT' }]);
  expect((await notificationsOf(ada)).map(({ type }) => type)).toEqual(['REMINDER', 'REMINDER']);
});

test('a reminder says days, hours and minutes', async () => {
  const ada = await world.user();
  const offsetMinutes = (24 + 2) * 60 + 1;
  const dueDate = new Date(world.clock.now().getTime() + (offsetMinutes + 10) * minuteMs).toISOString();
  const { id } = await make(ada, { dueDate });
  await ada.ok(AddReminder, { input: { taskId: id, type: 'BEFORE', offsetMinutes, method: 'IN_APP' } });
  world.clock.advance(10 * minuteMs);
  await stateOf(ada, id, 'SENT');
  expect(await notificationsOf(ada)).toMatchObject([{ body: 'It is due in 1 day, 2 hours, 1 minute.' }]);
});

test('a reminder that comes late says what is so by then', async () => {
  const ada = await world.user();
  const id = await remind(ada, 'IN_APP', 15 * minuteMs);
  await stateOf(ada, id, 'SENT');
  const [notification] = await notificationsOf(ada);
  expect(notification?.body).toMatch(/^It was due (4|5) minutes ago\.$/);
});

test('one for the app alone is not pushed', async () => {
  const ada = await world.user();
  const browser = await subscribe(ada);
  const quiet = await remind(ada, 'IN_APP');
  await stateOf(ada, quiet, 'SENT');
  const loud = await remind(ada, 'PUSH');
  await stateOf(ada, loud, 'SENT');
  const messages = await eventually(
    () => world.push.messages(browser),
    (list) => list.length > 0,
  );
  expect(messages.map(({ payload }) => JSON.parse(payload).actionUrl)).toEqual([`/tasks/${loud}`]);
  expect(await notificationsOf(ada)).toHaveLength(2);
});

test.each([400, 410])('a push that is answered %i fails the reminder; the notification stays', async (status) => {
  const ada = await world.user();
  await subscribe(ada);
  await world.push.control({ status });
  const id = await remind(ada, 'PUSH');
  await stateOf(ada, id, 'FAILED');
  expect(await notificationsOf(ada)).toMatchObject([{ type: 'REMINDER' }]);
  const rows = await world.sql("select type from activity.event where account_id = $1 and type = 'reminder.failed'", [
    ada.id,
  ]);
  expect(rows).toHaveLength(1);
});
