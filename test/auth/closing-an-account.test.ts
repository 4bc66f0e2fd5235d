import { expect, test } from '@jest/globals';
import {
  Activity,
  AddReminder,
  CreateTask,
  DeleteAccount,
  FollowChanges,
  Me,
  Notifications,
  RegisterPushSubscription,
} from '../../generated/documents.js';
import { closeAccount } from '../../src/auth/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import { harness, json, postJson } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { nodesOf } from '../support/pages.js';
import { Person, type Session } from '../support/person.js';
import { closingOf } from '../support/sockets.js';

const world = harness({ worker: false, apps: 2 });

const emailOf = (person: Person) => ({ input: { email: person.session.user.email } });

test('a closed account ends sessions, tokens and sockets on every instance, and says when it is deleted', async () => {
  const ada = await world.user();
  const bob = await world.user('Bob');
  const sockets = await Promise.all([ada, ada.at(world.urlOf(1))].map((place) => closingOf(place, FollowChanges)));
  const { deletedAt, finalAt } = (
    await ada.ok(DeleteAccount, { input: { email: ` ${ada.session.user.email.toUpperCase()}` } })
  ).deleteAccount;
  expect(Date.parse(finalAt) - Date.parse(deletedAt)).toBe(14 * dayMs);
  for (const { closed } of sockets) expect((await closed).code).toBe(4_403);
  for (const url of [world.urlOf(0), world.urlOf(1)]) await ada.at(url).refused(Me, {}, 'UNAUTHENTICATED');
  const { refreshToken } = ada.session;
  expect((await postJson(`${world.url}/api/v1/auth/refresh`, { refreshToken })).status).toBe(401);
  const [account] = await world.sql<{ isClosed: boolean }>(
    'select closed_at is not null as "isClosed" from accounts.account where id = $1',
    [ada.id],
  );
  expect(account?.isClosed).toBe(true);
  await bob.ok(Me, {});
  expect((await scrape(world.url)).get('accounts_closed_total')).toBe(1);
});

test('signing in before the account is deleted keeps it as it was, and says so', async () => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'Stays' } });
  await ada.ok(DeleteAccount, emailOf(ada));
  world.clock.advance(13 * dayMs);
  const again = await world.signIn({ email: ada.session.user.email });
  expect(again.id).toBe(ada.id);
  const titles = nodesOf((await again.ok(Notifications, {})).notifications).map(({ title }) => title);
  expect(titles).toEqual(['Your account is kept']);
  const types = nodesOf((await again.ok(Activity, {})).activity).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['account.closed', 'account.reopened', 'task.created']));
  expect((await scrape(world.url)).get('accounts_reopened_total')).toBe(1);
  // Once more, and taken back once more.
  await again.ok(DeleteAccount, emailOf(ada));
  const third = await world.signIn({ email: ada.session.user.email });
  expect(nodesOf((await third.ok(Notifications, {})).notifications)).toHaveLength(2);
});

test('an account is not closed by a sign-in of more than 5 minutes ago, however fresh its token', async () => {
  const ada = await world.user();
  world.clock.advance(301_000);
  const response = await postJson(
    `${world.url}/api/v1/auth/refresh`,
    { refreshToken: ada.session.refreshToken },
    { 'x-refresh-token': 'body' },
  );
  const refreshed = new Person(world.url, await json<Session>(response));
  const error = await refreshed.refused(DeleteAccount, emailOf(ada), 'UNAUTHENTICATED');
  expect(error.extensions).toMatchObject({ signInAgain: true });
  const again = await world.signIn({ email: ada.session.user.email });
  await again.ok(DeleteAccount, emailOf(ada));
});

test('an account is not closed by another e-mail address', async () => {
  const ada = await world.user();
  const error = await ada.refused(DeleteAccount, { input: { email: 'somebody@example.com' } }, 'VALIDATION_FAILED');
  expect(error.extensions).toMatchObject({ fields: [{ field: 'email' }] });
  await ada.ok(Me, {});
});

test('a browser of a closed account gets no push, and reminders of meanwhile stand in the list', async () => {
  const ada = await world.user();
  const { endpoint, p256dh, auth } = await world.push.subscribe();
  await ada.ok(RegisterPushSubscription, { input: { endpoint, p256dh, auth } });
  const { task } = (await ada.ok(CreateTask, { input: { title: 'Water the plants' } })).createTask;
  const at = new Date(world.clock.now().getTime() + dayMs).toISOString();
  await ada.ok(AddReminder, { input: { taskId: task.id, type: 'ABSOLUTE', at, method: 'PUSH' } });
  await ada.ok(DeleteAccount, emailOf(ada));
  world.clock.advance(2 * dayMs);
  await world.runJobs('tasks.fire-reminders');
  expect(await world.sql(`select from pgboss.job where name = 'notifications.push'`)).toEqual([]);
  expect(await world.sql('select from notifications.push_subscription where user_id = $1', [ada.id])).toEqual([]);
  const again = await world.signIn({ email: ada.session.user.email });
  const titles = nodesOf((await again.ok(Notifications, {})).notifications).map(({ title }) => title);
  expect(titles).toEqual(['Your account is kept', 'Water the plants']);
});

test('what a person has sent before their account was closed is refused where it comes after', async () => {
  const ada = await world.user();
  await ada.ok(DeleteAccount, emailOf(ada));
  const job = asAccount(await world.jobContext(), ada.id);
  const late: Context = { ...job, actor: { kind: 'PERSON', id: ada.id, sessionId: ada.id, expiresAt: 0 } };
  await expect(transaction(late, async () => 'done')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await transaction(job, async () => 'done')).toBe('done');
});

test('an operator closes an account, once', async () => {
  const ada = await world.user();
  const ctx = await world.jobContext();
  const first = await closeAccount(ctx, ada.id);
  world.clock.advance(dayMs);
  expect(await closeAccount(ctx, ada.id)).toEqual(first);
  await ada.refused(Me, {}, 'UNAUTHENTICATED');
  const events = await world.sql(`select from activity.event where account_id = $1 and type = 'account.closed'`, [
    ada.id,
  ]);
  expect(events).toHaveLength(1);
});
