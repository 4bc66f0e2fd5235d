import { expect, test } from '@jest/globals';
import { Changes, CreateTask, Notifications, Task } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { notificationRequest, notifying, notifyingFailures } from '../support/notifying.js';

const world = harness({ subscribers: [notifying] });

test('a notification is written in the transaction of its event, and is a change', async () => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'Write the brief' } })).createTask;
  const { notifications } = await ada.ok(Notifications, {});
  expect(notifications).toMatchObject({ totalCount: 1, unreadCount: 1 });
  expect(notifications.edges[0]?.node).toMatchObject({
    type: 'SYSTEM',
    title: 'Write the brief',
    body: '',
    actionUrl: `/tasks/${task.id}`,
    read: false,
    readAt: null,
  });
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.map(({ node }) => [node.type, node.source])).toEqual([
    ['user.created', 'USER'],
    ['task.created', 'USER'],
    ['notification.created', 'SYSTEM'],
  ]);
  const { id } = notifications.edges[0]?.node ?? { id: '' };
  expect(edges[2]?.node.entity).toMatchObject({ __typename: 'Notification', id, read: false });
});

test('a subscriber that runs again writes it once', async () => {
  const ada = await world.user();
  world.expectErrors(/fails on purpose/);
  notifyingFailures.toCome = 2;
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  await eventually(
    async () => (await ada.ok(Notifications, {})).notifications.totalCount,
    (count) => count > 0,
  );
  expect((await ada.ok(Task, { id: task.id })).task.title).toBe('x');
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.map(({ node }) => node.type)).toEqual(['user.created', 'task.created', 'notification.created']);
});

test('a key that was used before writes and records nothing', async () => {
  const ada = await world.user();
  const bob = await world.user('Bob');
  for (const title of ['first', 'second'])
    await ada.ok(CreateTask, { input: { title, description: notificationRequest({ key: 'streak' }) } });
  await bob.ok(CreateTask, { input: { title: 'own', description: notificationRequest({ key: 'streak' }) } });
  const { edges } = (await ada.ok(Notifications, {})).notifications;
  expect(edges.map(({ node }) => node.title)).toEqual(['first']);
  const types = (await ada.ok(Changes, {})).changes.edges.map(({ node }) => node.type);
  expect(types).toEqual(['user.created', 'task.created', 'notification.created', 'task.created']);
  expect((await bob.ok(Notifications, {})).notifications.totalCount).toBe(1);
});

test('texts that are too long are cut off, by whole characters', async () => {
  const ada = await world.user();
  const cut = async (body: string) => {
    await ada.ok(CreateTask, { input: { title: 'x', description: notificationRequest({ body }) } });
    return (await ada.ok(Notifications, {})).notifications.edges[0]?.node.body;
  };
  expect(await cut('🦊'.repeat(501))).toBe('🦊'.repeat(500));
  expect(await cut(`${'x'.repeat(498)}👨‍👩‍👧‍👦`)).toBe('x'.repeat(498));
});
