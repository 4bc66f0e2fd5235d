import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { endStreaks, recomputePage } from '../../src/achievements/index.js';
import {
  achievementsOf,
  earnedBy,
  eventsOf,
  finish,
  finishTasks,
  makeTask,
  reopen,
  signInAgain,
  signInAt,
  stateOf,
} from '../support/actions.js';
import { harness } from '../support/harness.js';

const world = harness();

const streakOf = async (person: Parameters<typeof achievementsOf>[0]) => {
  const { currentStreak, longestStreak } = await achievementsOf(person);
  return [currentStreak, longestStreak];
};

test('a streak grows at midnight UTC, whatever the time of day', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  expect(await streakOf(ada)).toEqual([0, 0]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([1, 1]);
  ada = await signInAt(world, ada, '23:59:00');
  await finishTasks(ada, 2);
  expect(await streakOf(ada)).toEqual([1, 1]);
  ada = await signInAt(world, ada, '00:01:00');
  expect(await streakOf(ada)).toEqual([1, 1]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([2, 2]);
  expect((await eventsOf(world, ada.id, 'streak.updated')).map(({ source, metadata }) => [source, metadata])).toEqual([
    ['SYSTEM', { current: 1, longest: 1 }],
    ['SYSTEM', { current: 2, longest: 2 }],
  ]);
});

test('a day without a completed task breaks it; the longest and the perks stay', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  for (let day = 1; day <= 7; day += 1) {
    await finishTasks(ada, 1);
    ada = await signInAt(world, ada, '12:00:00');
  }
  expect(await streakOf(ada)).toEqual([7, 7]);
  expect(await earnedBy(ada)).toEqual(['streak_3', 'streak_7', 'tasks_5']);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(3);
  ada = await signInAt(world, ada, '00:00:30');
  // Right also before any job has come by.
  expect(await streakOf(ada)).toEqual([0, 7]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([1, 7]);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(3);
  const changes = (await eventsOf(world, ada.id, 'streak.updated')).map(({ metadata }) => metadata);
  expect(changes.slice(-2)).toEqual([
    { current: 0, longest: 7, reason: 'DAY_MISSED' },
    { current: 1, longest: 7 },
  ]);
});

test('a streak of 30 days earns all four', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  for (let day = 1; day <= 30; day += 1) {
    await finishTasks(ada, 1);
    ada = await signInAt(world, ada, '12:00:00');
  }
  expect(await streakOf(ada)).toEqual([30, 30]);
  expect((await earnedBy(ada)).filter((id) => id.startsWith('streak'))).toHaveLength(4);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(10);
});

test('broken streaks are ended once, twice at once and after days, and those that hold are not', async () => {
  let ada = await signInAt(world, await world.user('Ada'), '12:00:00');
  await finishTasks(ada, 2);
  ada = await signInAt(world, ada, '12:00:00', 9);
  const bob = await world.user('Bob');
  await finishTasks(bob, 1);
  const crowd = await crowdWithStreaks(600);
  const [one, other] = [await world.jobContext(), await world.jobContext()];
  await Promise.all([endStreaks(one), endStreaks(other)]);
  await endStreaks(one);
  const ended = (await eventsOf(world, ada.id, 'streak.updated')).slice(1);
  expect(ended.map(({ source, metadata }) => [source, metadata])).toEqual([
    ['SYSTEM', { current: 0, longest: 1, reason: 'DAY_MISSED' }],
  ]);
  expect(await streakOf(ada)).toEqual([0, 1]);
  expect(await streakOf(await signInAgain(world, bob))).toEqual([1, 1]);
  expect(await eventsOf(world, bob.id, 'streak.updated')).toHaveLength(1);
  // More than one batch.
  const rows = await world.sql<{ events: number; running: number }>(
    `select count(*)::int as events, (select count(*)::int from achievements.progress
       where user_id = any($1) and current_streak > 0) as running
     from activity.event where account_id = any($1) and type = 'streak.updated'`,
    [crowd],
  );
  expect(rows).toEqual([{ events: crowd.length, running: 0 }]);
});

test('a day counts if a task was completed on it that had counted before; the task counts once', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  const id = await makeTask(ada);
  await finish(ada, id);
  for (const days of [2, 3]) {
    ada = await signInAt(world, ada, '12:00:00');
    await reopen(ada, id);
    await finish(ada, id);
    expect(await achievementsOf(ada)).toMatchObject({ currentStreak: days, longestStreak: days, tasksCompleted: 1 });
  }
  expect(await earnedBy(ada)).toEqual(['streak_3']);
  const state = await stateOf(world, ada.id);
  const ctx = await world.jobContext();
  expect(await recomputePage(ctx, { userId: ada.id })).toEqual({ differences: [], next: null });
  for (const table of ['progress', 'unlocked']) {
    await world.sql(`delete from achievements.${table} where user_id = $1`, [ada.id]);
  }
  await recomputePage(ctx, { userId: ada.id });
  expect(await stateOf(world, ada.id)).toEqual(state);
});

test('completed again after a day without, it says the end of the streak before, and begins the next', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  const id = await makeTask(ada);
  await finish(ada, id);
  ada = await signInAt(world, ada, '12:00:00', 2);
  await reopen(ada, id);
  await finish(ada, id);
  await reopen(ada, id);
  await finish(ada, id);
  await endStreaks(await world.jobContext());
  expect((await eventsOf(world, ada.id, 'streak.updated')).map(({ metadata }) => metadata)).toMatchObject([
    { current: 1 },
    { current: 0 },
    { current: 1 },
  ]);
});

/** Accounts that have completed a task on one day, long ago. */
async function crowdWithStreaks(count: number): Promise<string[]> {
  const rows = await world.sql<{ id: string }>(
    `with person as (
       insert into auth.user (id, google_subject, email, name, created_at)
       select gen_random_uuid(), 'crowd-' || number, 'crowd@example.com', 'Crowd', now()
       from generate_series(1, $1::int) as number returning id
     ), account as (insert into accounts.account (id, kind, created_at) select id, 'PERSON', now() from person)
     insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed, last_at)
     select id, 1, 1, '2026-01-01', 1, '2026-01-01T12:00:00Z' from person returning user_id as id`,
    [count],
  );
  return rows.map(({ id }) => id);
}
