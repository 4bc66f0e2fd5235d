import { expect, test } from '@jest/globals';
import { NotificationType } from '../../entities/notifications/notification.js';
import { Changes, CreateTask, Notifications, RegisterPushSubscription } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { notificationRequest, notifying } from '../support/notifying.js';
import type { Person } from '../support/person.js';
import type { Browser } from '../support/push-service.js';

const world = harness({ subscribers: [notifying] });

const newBrowser = async (person: Person): Promise<Browser> => {
  const browser = await world.push.subscribe();
  const { endpoint, p256dh, auth } = browser;
  await person.ok(RegisterPushSubscription, { input: { endpoint, p256dh, auth } });
  return browser;
};

const push = (person: Person, title: string, type = NotificationType.ACHIEVEMENT) =>
  person.ok(CreateTask, { input: { title, description: notificationRequest({ push: true, type }) } });

const arrived = (browser: Browser, count = 1, timeoutMs?: number) =>
  eventually(
    () => world.push.messages(browser),
    (messages) => messages.length >= count,
    timeoutMs,
  );

const eventsOf = (person: Person, type: string) =>
  world.sql<{ metadata: Record<string, unknown> }>(
    'select metadata from activity.event where account_id = $1 and type = $2',
    [person.id, type],
  );

const happened = (person: Person, type: string, count = 1) =>
  eventually(
    () => eventsOf(person, type),
    (events) => events.length >= count,
  );

const jobsThatWait = async () =>
  (await world.sql("select from pgboss.job where name = 'notifications.push' and state < 'completed'")).length;

const allJobsEnd = () => eventually(jobsThatWait, (count) => count === 0);

test('a push arrives, encrypted for its browser and signed with our key', async () => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await push(ada, 'Call Bob', NotificationType.REMINDER);
  const [message] = await arrived(browser);
  const [node] = (await ada.ok(Notifications, {})).notifications.edges.map((edge) => edge.node);
  expect(JSON.parse(message?.payload ?? '')).toEqual({
    id: node?.id,
    type: 'REMINDER',
    title: 'Call Bob',
    body: '',
    actionUrl: node?.actionUrl,
  });
  expect(message?.headers).toMatchObject({
    ttl: '86400',
    urgency: 'high',
    topic: node?.id.replaceAll('-', ''),
    'content-encoding': 'aes128gcm',
  });
  expect(message?.vapid).toMatchObject({
    key: world.config.VAPID_PUBLIC_KEY,
    aud: new URL(browser.endpoint).origin,
    sub: world.config.VAPID_SUBJECT,
  });
  await happened(ada, 'notification.push_sent');
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.map(({ node }) => [node.type, node.source]).slice(-2)).toEqual([
    ['notification.created', 'SYSTEM'],
    ['notification.push_sent', 'SYSTEM'],
  ]);
});

test('it goes to each browser of the account, and to nobody else’s', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const browsers = [await newBrowser(ada), await newBrowser(ada)];
  const other = await newBrowser(bob);
  await push(ada, 'to all');
  for (const browser of browsers) expect(await arrived(browser)).toHaveLength(1);
  await happened(ada, 'notification.push_sent', 2);
  expect(await world.push.messages(other)).toEqual([]);
});

test('a notification that is not for browsers stays in the app', async () => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await ada.ok(CreateTask, { input: { title: 'quiet', description: notificationRequest({ push: false }) } });
  await push(ada, 'loud');
  const [message] = await arrived(browser);
  expect(JSON.parse(message?.payload ?? '')).toMatchObject({ title: 'loud' });
});

test('a job that runs again after it ended sends nothing and records nothing', async () => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await push(ada, 'once');
  await happened(ada, 'notification.push_sent');
  await world.sql(
    `insert into pgboss.job (name, data) select name, data from pgboss.job
     where name = 'notifications.push' and data -> 'data' ->> 'userId' = $1`,
    [ada.id],
  );
  await allJobsEnd();
  expect(await world.push.messages(browser)).toHaveLength(1);
  expect(await eventsOf(ada, 'notification.push_sent')).toHaveLength(1);
});

test.each([404, 410])('a browser whose endpoint answers %i is forgotten, without another try', async (status) => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await world.push.control({ subscription: browser.id, status });
  const before = await world.push.requests();
  await push(ada, 'gone');
  const [event] = await happened(ada, 'push_subscription.removed');
  expect(event?.metadata).toEqual({ reason: 'GONE' });
  await allJobsEnd();
  await push(ada, 'nobody hears');
  await allJobsEnd();
  expect((await world.push.requests()) - before).toBe(1);
  expect(await world.sql('select from notifications.push_subscription where user_id = $1', [ada.id])).toEqual([]);
});

test.each([429, 500, 503])('an endpoint that answers %i is tried again until it works', async (status) => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await world.push.control({ subscription: browser.id, status, times: 1, retryAfterSeconds: 1 });
  const before = await world.push.requests();
  await push(ada, 'later');
  expect(await arrived(browser)).toHaveLength(1);
  await happened(ada, 'notification.push_sent');
  expect((await world.push.requests()) - before).toBe(2);
});

test.each([400, 403, 413])('a push that is answered with %i is refused for good, and says so', async (status) => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await world.push.control({ subscription: browser.id, status });
  const before = await world.push.requests();
  const { task } = (await push(ada, 'refused')).createTask;
  const [event] = await happened(ada, 'notification.push_failed');
  const [node] = (await ada.ok(Notifications, {})).notifications.edges.map((edge) => edge.node);
  expect(event?.metadata).toEqual({
    notificationId: node?.id,
    pushSubscriptionId: expect.any(String),
    about: { entityType: 'task', entityId: task.id },
    reason: 'REFUSED',
  });
  await allJobsEnd();
  expect((await world.push.requests()) - before).toBe(1);
  expect(await world.sql('select from notifications.push_subscription where user_id = $1', [ada.id])).toHaveLength(1);
});

test('after the last attempt the failure is an event, once', async () => {
  const ada = await world.user();
  const browser = await newBrowser(ada);
  await world.push.control({ subscription: browser.id, status: 500 });
  const before = await world.push.requests();
  await world.sql("update pgboss.queue set retry_limit = 1 where name = 'notifications.push'");
  await push(ada, 'in vain');
  await world.sql("update pgboss.queue set retry_limit = 11 where name = 'notifications.push'");
  const [event] = await happened(ada, 'notification.push_failed');
  expect(event?.metadata).toMatchObject({ reason: 'GIVEN_UP' });
  await allJobsEnd();
  expect((await world.push.requests()) - before).toBe(2);
  expect(await eventsOf(ada, 'notification.push_failed')).toHaveLength(1);
  // Whoever knows an endpoint can send to it.
  expect(world.log.some((line) => line.includes('a job failed'))).toBe(true);
  expect(world.log.filter((line) => line.includes(browser.id) || line.includes(browser.auth))).toEqual([]);
});

test('endpoints that hang or fail hold up no other', async () => {
  const ada = await world.user();
  const bad = await Promise.all(Array.from({ length: 10 }, () => newBrowser(ada)));
  const good = await newBrowser(ada);
  for (const [index, { id: subscription }] of bad.entries())
    await world.push.control({ subscription, ...(index % 2 ? { hang: true } : { status: 500 }) });
  await push(ada, 'first');
  await arrived(good, 1, 5_000);
  await push(ada, 'second');
  await arrived(good, 2, 5_000);
  await world.sql("delete from pgboss.job where name = 'notifications.push'");
});
