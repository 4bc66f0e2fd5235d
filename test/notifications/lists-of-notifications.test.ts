import { beforeEach, expect, test } from '@jest/globals';
import { NotificationType } from '../../entities/notifications/notification.js';
import { CreateTask, MarkNotificationRead, Notifications } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { notificationRequest, notifying } from '../support/notifying.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, subscribers: [notifying] });
let ada: Person;

const { REMINDER, ACHIEVEMENT } = NotificationType;
const titles = async (variables: object) =>
  (await ada.ok(Notifications, variables)).notifications.edges.map(({ node }) => node.title);

beforeEach(async () => {
  ada = await world.user();
  for (const [title, type] of [
    ['a', REMINDER],
    ['b', ACHIEVEMENT],
    ['c', REMINDER],
    ['d', ACHIEVEMENT],
    ['e', REMINDER],
  ] as const) {
    await ada.ok(CreateTask, { input: { title, description: notificationRequest({ type }) } });
  }
  const { edges } = (await ada.ok(Notifications, {})).notifications;
  await ada.ok(MarkNotificationRead, { input: { id: edges[0]?.node.id ?? '' } });
});

test('the newest comes first', async () => {
  expect(await titles({})).toEqual(['e', 'd', 'c', 'b', 'a']);
});

test('a filter leaves out what was read, and other types', async () => {
  expect(await titles({ filter: { unreadOnly: true } })).toEqual(['d', 'c', 'b', 'a']);
  expect(await titles({ filter: { type: [REMINDER] } })).toEqual(['e', 'c', 'a']);
  expect(await titles({ filter: { unreadOnly: true, type: [REMINDER] } })).toEqual(['c', 'a']);
  expect(await titles({ filter: { unreadOnly: false, type: null } })).toHaveLength(5);
});

test('totalCount counts what the filter leaves, unreadCount all that is unread', async () => {
  const { notifications } = await ada.ok(Notifications, { filter: { type: [REMINDER] }, first: 1 });
  expect(notifications).toMatchObject({ totalCount: 3, unreadCount: 4 });
});

test('pages follow one another, and their cursors fit every filter', async () => {
  const { notifications: first } = await ada.ok(Notifications, { first: 2 });
  expect(first.edges.map(({ node }) => node.title)).toEqual(['e', 'd']);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const after = first.pageInfo.endCursor;
  const { notifications: second } = await ada.ok(Notifications, { first: 3, after });
  expect(second.edges.map(({ node }) => node.title)).toEqual(['c', 'b', 'a']);
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(await titles({ filter: { type: [REMINDER] }, after })).toEqual(['c', 'a']);
});

test('one user’s notifications are nobody else’s', async () => {
  const bob = await world.user('Bob');
  expect((await bob.ok(Notifications, {})).notifications).toMatchObject({ totalCount: 0, unreadCount: 0 });
  const after = (await ada.ok(Notifications, { first: 1 })).notifications.pageInfo.endCursor;
  await bob.refused(Notifications, { after }, 'VALIDATION_FAILED');
});

test.each([['garbage'], [Buffer.from('x\n1').toString('base64url')]])('the cursor %j is refused', async (after) => {
  await ada.refused(Notifications, { after }, 'VALIDATION_FAILED');
});

test('a cursor whose number is none is refused', async () => {
  const { endCursor } = (await ada.ok(Notifications, { first: 1 })).notifications.pageInfo;
  const [tag] = Buffer.from(endCursor ?? '', 'base64url')
    .toString()
    .split('\n');
  for (const number of ['x', '', '9'.repeat(30)]) {
    const after = Buffer.from(`${tag}\n${number}`).toString('base64url');
    await ada.refused(Notifications, { after }, 'VALIDATION_FAILED');
  }
});

test('a type that there is none of is refused', async () => {
  const { status } = await ada.send('{ notifications(filter: { type: [NONE] }) { totalCount } }');
  expect(status).toBe(400);
});
