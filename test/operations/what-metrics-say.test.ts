import { expect, test } from '@jest/globals';
import { NotificationType } from '../../entities/notifications/notification.js';
import { CreateTask, FollowChanges, RegisterPushSubscription, SendChatMessage } from '../../generated/documents.js';
import { signUps } from '../../src/auth/metrics.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { count } from '../../src/kernel/metrics.js';
import { transaction } from '../../src/kernel/transaction.js';
import { subscribers } from '../../src/subscribers.js';
import { eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { notificationRequest, notifying } from '../support/notifying.js';

const world = harness({ subscribers: [...subscribers, notifying] });

/** How much these series grow while `act` is done and after it, until `holds`. */
async function growth(
  names: readonly string[],
  act: () => Promise<unknown>,
  holds: (grown: Readonly<Record<string, number>>) => boolean,
): Promise<Readonly<Record<string, number>>> {
  const before = await scrape(world.url);
  await act();
  return eventually(async () => {
    const now = await scrape(world.url);
    return Object.fromEntries(names.map((name) => [name, (now.get(name) ?? 0) - (before.get(name) ?? 0)]));
  }, holds);
}

test('accounts that were made are counted, with the credits that they begin with', async () => {
  const names = ['sign_ups_total', 'credits_total{kind="GRANT",bucket="KICKSTART"}'];
  const grown = await growth(
    names,
    async () => {
      const { email } = (await world.user()).session.user;
      await world.signIn({ email });
    },
    (seen) => seen['sign_ups_total'] === 1,
  );
  expect(Object.values(grown)).toEqual([1, 5]);
});

test('what is refused is not counted', async () => {
  const ada = await world.user();
  const spent = 'credits_total{kind="HOLD",bucket="KICKSTART"}';
  await world.model({ tokensPerSecond: 0 });
  const ask = () => ada.send(SendChatMessage, { input: { content: 'Hello' } });
  const grown = await growth(
    [spent],
    () => Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask)),
    (seen) => (seen[spent] ?? 0) >= 5,
  );
  expect(grown).toEqual({ [spent]: 5 });
});

test('what is rolled back is not counted, be it a transaction or a savepoint in one', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  const counted = async () => /^sign_ups_total (\d+)$/m.exec(await ctx.services.metrics.registry.metrics())?.[1];
  const fail = async (tx: Context) => {
    count(tx, signUps, {});
    throw new Error('no');
  };
  await expect(transaction(ctx, fail)).rejects.toThrow('no');
  expect(await counted()).toBe('0');
  await transaction(ctx, async (tx) => {
    await expect(transaction(tx, fail)).rejects.toThrow('no');
    count(tx, signUps, {});
    expect(await counted()).toBe('0');
  });
  expect(await counted()).toBe('1');
});

test('an answer counts with how it ended, its first text, its tokens, what they cost, and the credit that it took', async () => {
  const ada = await world.user();
  await world.model({ text: 'Here.', usage: { prompt_tokens: 1_000, completion_tokens: 10 } });
  const ended = 'llm_runs_total{purpose="CHAT",state="COMPLETE"}';
  const model = 'model="gpt-4o-mini"';
  const spent = 'credits_total{kind="SPEND",bucket="KICKSTART"}';
  const grown = await growth(
    [
      ...[ended, spent, 'llm_first_text_seconds_count{purpose="CHAT"}'],
      ...['input', 'output'].map((direction) => `llm_tokens_total{${model},direction="${direction}"}`),
      `llm_cost_micro_dollars_total{${model}}`,
    ],
    () => ada.ok(SendChatMessage, { input: { content: 'Hello' } }),
    (seen) => (seen[ended] ?? 0) > 0,
  );
  expect(Object.values(grown)).toEqual([1, 1, 1, 1_000, 10, 156]);
});

test('a reminder that fires counts with how late it is', async () => {
  const ada = await world.user();
  const dueDate = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
  await ada.ok(CreateTask, { input: { title: 'x', dueDate, reminders: [{ type: 'BEFORE', offsetMinutes: 30 }] } });
  const names = ['count', 'bucket{le="10"}', 'bucket{le="60"}'].map((part) => `reminder_lag_seconds_${part}`);
  const grown = await growth(
    names,
    async () => world.clock.advance(1_830_000),
    (seen) => (seen['reminder_lag_seconds_count'] ?? 0) > 0,
  );
  expect(Object.values(grown)).toEqual([1, 0, 1]);
});

test('pushes count by their outcome, and their jobs with how long they took', async () => {
  const ada = await world.user();
  const { endpoint, p256dh, auth } = await world.push.subscribe();
  await ada.ok(RegisterPushSubscription, { input: { endpoint, p256dh, auth } });
  const sent = 'pushes_total{outcome="SENT"}';
  const description = notificationRequest({ push: true, type: NotificationType.ACHIEVEMENT });
  const grown = await growth(
    [sent, 'job_seconds_count{job="notifications.push",outcome="ok"}'],
    () => ada.ok(CreateTask, { input: { title: 'x', description } }),
    (seen) => Object.values(seen).every((count) => count > 0),
  );
  expect(Object.values(grown)).toEqual([1, 1]);
});

test('operations are named where their document is a trusted one, and nowhere else', async () => {
  const ada = await world.user();
  const labels = (operation: string) =>
    `graphql_operation_seconds_count{transport="http",type="mutation",operation="${operation}",outcome="OK"}`;
  const grown = await growth(
    [labels('CreateTask'), labels('Invented'), labels('')],
    async () => {
      await ada.ok(CreateTask, { input: { title: 'x' } });
      await ada.send('mutation Invented { createTask(input: { title: "x" }) { task { id } } }');
    },
    (seen) => Object.values(seen).some((count) => count > 0),
  );
  expect(Object.values(grown)).toEqual([1, 0, 1]);
});

test('the machinery says how it is: pool, line, queues, build', async () => {
  const other = await world.startApp();
  await (await world.user()).ok(CreateTask, { input: { title: 'x' } });
  const received = 'doorbell_notifications_total{direction="received"}';
  const seen = await eventually(
    () => scrape(other.url ?? ''),
    (series) => (series.get(received) ?? 0) > 0,
  );
  expect(seen.get('doorbell_line_up')).toBe(1);
  expect(seen.get('doorbell_line_reconnects_total')).toBe(0);
  expect((await scrape(world.url)).get('doorbell_notifications_total{direction="sent"}')).toBeGreaterThan(0);
  expect(seen.get('database_pool_connections{state="in_use"}')).toBeGreaterThanOrEqual(0);
  expect(seen.get('database_pool_connections{state="idle"}')).toBeGreaterThanOrEqual(0);
  expect(seen.get('database_pool_waiting')).toBe(0);
  expect(seen.get(`build_info{version="0.1.0",commit="",node="${process.version}"}`)).toBe(1);
  expect(seen.get('queue_oldest_job_seconds{queue="notifications.push"}')).toBeGreaterThanOrEqual(0);
  // It would take jobs that other tests count.
  await world.apps.pop()?.close();
});

test('jobs that nobody takes are seen in their queue, with how long the oldest has been due', async () => {
  const queue = 'activity.retry-subscriber';
  await world.sql(
    `insert into pgboss.job (name, data, start_after) select $1, '{}', moment from unnest(
       array[now() + interval '1 hour', now() + interval '2 hours']) moment`,
    [queue],
  );
  const key = `queue_jobs{queue="${queue}",state="delayed"}`;
  const seen = await eventually(
    () => scrape(world.url),
    (series) => series.get(key) === 2,
  );
  expect(seen.get(`queue_jobs{queue="${queue}",state="due"}`)).toBe(0);
  await world.sql('delete from pgboss.job where name = $1', [queue]);
});

test('sockets and subscriptions are there for as long as they are open', async () => {
  const ada = await world.user();
  const names = ['graphql_sockets', 'graphql_subscriptions'];
  const open = async () => {
    const seen = await scrape(world.url);
    return names.map((name) => seen.get(name));
  };
  expect(await open()).toEqual([0, 0]);
  const changes = ada.follow(FollowChanges, {});
  const first = changes.next();
  await eventually(open, ([sockets, subscriptions]) => sockets === 1 && subscriptions === 1);
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await first;
  await ada.leave();
  await eventually(open, ([sockets, subscriptions]) => sockets === 0 && subscriptions === 0);
});
