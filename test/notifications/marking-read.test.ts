import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  Changes,
  CreateTask,
  MarkAllNotificationsRead,
  MarkNotificationRead,
  Notifications,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { notifying } from '../support/notifying.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, subscribers: [notifying] });

const someone = async (...titles: string[]) => {
  const person = await world.user();
  for (const title of titles) await person.ok(CreateTask, { input: { title } });
  const { edges } = (await person.ok(Notifications, {})).notifications;
  return { person, ids: edges.map(({ node }) => node.id) };
};

const readEvents = async (person: Person) => {
  const { edges } = (await person.ok(Changes, { first: 100 })).changes;
  return edges.filter(({ node }) => node.type === 'notification.read').map(({ node }) => node.entity);
};

test('a notification is marked read, and other devices learn of it', async () => {
  const { person: ada, ids } = await someone('a', 'b');
  const id = ids[0] ?? '';
  const { markNotificationRead } = await ada.ok(MarkNotificationRead, { input: { id } });
  expect(markNotificationRead).toMatchObject({ notification: { id, title: 'b', read: true }, unreadCount: 1 });
  expect(markNotificationRead.notification.readAt).toMatch(/Z$/);
  expect(await readEvents(ada)).toMatchObject([{ __typename: 'Notification', id, read: true }]);
});

test('marking it again changes nothing', async () => {
  const { person: ada, ids } = await someone('a');
  const input = { id: ids[0] ?? '' };
  const first = await ada.ok(MarkNotificationRead, { input });
  world.clock.advance(60_000);
  expect(await ada.ok(MarkNotificationRead, { input })).toEqual(first);
  expect(await readEvents(ada)).toHaveLength(1);
});

test('an unknown one is not found', async () => {
  const { person: ada } = await someone();
  await ada.refused(MarkNotificationRead, { input: { id: randomUUID() } }, 'NOT_FOUND');
  await ada.refused(MarkNotificationRead, { input: { id: 'x' } }, 'VALIDATION_FAILED');
});

test('all are marked read at once, each with its event; again there are none', async () => {
  const { person: ada, ids } = await someone('a', 'b', 'c');
  const { person: bob } = await someone('d');
  await ada.ok(MarkNotificationRead, { input: { id: ids[1] ?? '' } });
  expect(await ada.ok(MarkAllNotificationsRead, {})).toEqual({
    markAllNotificationsRead: { marked: 2, unreadCount: 0 },
  });
  const { notifications } = await ada.ok(Notifications, {});
  expect(notifications.unreadCount).toBe(0);
  expect(notifications.edges.every(({ node }) => node.read)).toBe(true);
  expect(await readEvents(ada)).toHaveLength(3);
  expect((await ada.ok(MarkAllNotificationsRead, {})).markAllNotificationsRead.marked).toBe(0);
  expect(await readEvents(ada)).toHaveLength(3);
  expect((await bob.ok(Notifications, {})).notifications.unreadCount).toBe(1);
});

test('of more than 10,000 the newest 10,000 are counted, and 1,000 marked at once', async () => {
  const { person: ada, ids } = await someone('oldest', 'older');
  await world.sql(
    `insert into notifications.notification (id, user_id, number, key, type, title, body, created_at, entity_type, entity_id)
     select gen_random_uuid(), user_id, 1000000 + n, key || n, type, 'later', body, created_at, entity_type, entity_id
     from notifications.notification, generate_series(1, 10000) as n where id = $1`,
    [ids[0]],
  );
  expect((await ada.ok(Notifications, { first: 1 })).notifications).toMatchObject({
    totalCount: 10_000,
    unreadCount: 10_000,
  });
  const markAll = async () => (await ada.ok(MarkAllNotificationsRead, {})).markAllNotificationsRead;
  expect(await markAll()).toEqual({ marked: 1_000, unreadCount: 9_002 });
  const [newest] = await world.sql<{ number: string }>(
    'select max(number)::text as number from notifications.notification where user_id = $1 and read_at is null',
    [ada.id],
  );
  expect(newest).toEqual({ number: '1009000' });
  const left: number[] = [];
  while (left.at(-1) !== 0) left.push((await markAll()).unreadCount);
  expect(left).toEqual([8_002, 7_002, 6_002, 5_002, 4_002, 3_002, 2_002, 1_002, 2, 0]);
});
