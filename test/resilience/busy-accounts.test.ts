import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import type pg from 'pg';
import { CreateTask, StartFocus } from '../../generated/documents.js';
import { fireDueReminders, sweepFocus } from '../../src/tasks/index.js';
import { connectClient, eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

/** Somebody of another process who holds locks. */
let holder: pg.Client;
// Before the database is dropped.
afterEach(() => holder.end());
const world = harness({ worker: false, lastingTokens: true });

beforeEach(async () => {
  holder = await connectClient(world.config.DATABASE_URL);
});

async function hold(person: Person): Promise<void> {
  await holder.query('begin');
  await holder.query('select from accounts.account where id = $1 for update', [person.id]);
}

test("an account that keeps its turn does not keep others' reminders waiting", async () => {
  const [ada, eve] = [await world.user('Ada'), await world.user('Eve')];
  const at = new Date(world.clock.now().getTime() + 60_000).toISOString();
  for (const person of [ada, eve]) {
    await person.ok(CreateTask, { input: { title: 'x', reminders: [{ type: 'ABSOLUTE', at }] } });
  }
  world.clock.advance(60_000);
  const ctx = await world.jobContext();
  const { promise: turn, resolve: leave } = Promise.withResolvers<void>();
  const taken = ctx.services.accountSemaphore.run(ada.id, { idleMs: 0 }, () => turn);
  const due = () =>
    world.sql("select account_id as id from tasks.reminder where state = 'SCHEDULED' and account_id = any($1)", [
      [ada.id, eve.id],
    ]);
  await fireDueReminders(ctx);
  expect(await due()).toEqual([{ id: ada.id }]);
  leave();
  await taken;
  await fireDueReminders(ctx);
  expect(await due()).toEqual([]);
});

test('a plan that changed while a writer waited is the one that counts', async () => {
  const ada = await world.user();
  await hold(ada);
  await holder.query(`update accounts.account set plan = 'PRO' where id = $1`, [ada.id]);
  const created = ada.send(CreateTask, { input: { title: 'x', description: 'd'.repeat(1_500) } });
  await eventually(
    () => world.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
    (waiting) => waiting.length > 0,
  );
  await holder.query('commit');
  expect((await created).body.errors).toBeUndefined();
});

test('two accounts that take two browsers from each other in opposite order both get through', async () => {
  const [ada, eve] = [await world.user('Ada'), await world.user('Eve')];
  const browsers = await Promise.all([world.push.subscribe(), world.push.subscribe()]);
  const [one, two] = browsers.map(({ endpoint, p256dh, auth }) => ({ endpoint, p256dh, auth }));
  const both = parse(`mutation ($x: RegisterPushSubscriptionInput!, $y: RegisterPushSubscriptionInput!) {
    first: registerPushSubscription(input: $x) { endpoint } second: registerPushSubscription(input: $y) { endpoint }
  }`);
  const register = (person: Person, x: unknown, y: unknown) =>
    person.send(both, { x, y }, { 'idempotency-key': randomUUID() });
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all([register(ada, one, two), register(eve, two, one)]);
    expect(answers.map(({ body }) => body.errors)).toEqual([undefined, undefined]);
  }
});

test('a sweep that cannot write for one account goes on with the next, and comes back to the first', async () => {
  const [ada, eve] = [await world.user('Ada'), await world.user('Eve')];
  for (const person of [ada, eve]) {
    const { task } = (await person.ok(CreateTask, { input: { title: 'x' } })).createTask;
    await person.ok(StartFocus, { input: { taskId: task.id } });
  }
  world.clock.advance(13 * 3_600_000);
  const ctx = await world.jobContext();
  const running = () =>
    world.sql('select user_id as id from tasks.focus_session where ended_at is null and user_id = any($1)', [
      [ada.id, eve.id],
    ]);
  await hold(ada);
  await sweepFocus(ctx);
  expect(await running()).toEqual([{ id: ada.id }]);
  await holder.query('rollback');
  await sweepFocus(ctx);
  expect(await running()).toEqual([]);
});
