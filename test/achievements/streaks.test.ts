import { expect, test } from '@jest/globals';
import { CreateTask, Me, StartFocus } from '../../generated/documents.js';
import { endStreaks } from '../../src/achievements/index.js';
import { achievementsOf, again, earnedBy, eventsOf, finish, finishTasks, reopen, wakeAt } from '../support/deeds.js';
import { harness } from '../support/harness.js';

const world = harness();

const streakOf = async (person: Parameters<typeof achievementsOf>[0]) => {
  const { currentStreak, longestStreak } = await achievementsOf(person);
  return [currentStreak, longestStreak];
};

test('a streak grows at midnight UTC, whatever the time of day', async () => {
  let ada = await wakeAt(world, await world.user(), '12:00:00');
  expect(await streakOf(ada)).toEqual([0, 0]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([1, 1]);
  ada = await wakeAt(world, ada, '23:59:00');
  await finishTasks(ada, 2);
  expect(await streakOf(ada)).toEqual([1, 1]);
  ada = await wakeAt(world, ada, '00:01:00');
  expect(await streakOf(ada)).toEqual([1, 1]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([2, 2]);
  expect((await eventsOf(world, ada.id, 'streak.updated')).map(({ source, metadata }) => [source, metadata])).toEqual([
    ['SYSTEM', { current: 1, longest: 1 }],
    ['SYSTEM', { current: 2, longest: 2 }],
  ]);
});

test('a day without a completed task breaks it; the longest and the perks stay', async () => {
  let ada = await wakeAt(world, await world.user(), '12:00:00');
  for (let day = 1; day <= 7; day += 1) {
    await finishTasks(ada, 1);
    ada = await wakeAt(world, ada, '12:00:00');
  }
  expect(await streakOf(ada)).toEqual([7, 7]);
  expect(await earnedBy(ada)).toEqual(['streak_3', 'streak_7', 'tasks_5']);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(3);
  ada = await wakeAt(world, ada, '00:00:30');
  // Right also before any job has come by.
  expect(await streakOf(ada)).toEqual([0, 7]);
  await finishTasks(ada, 1);
  expect(await streakOf(ada)).toEqual([1, 7]);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(3);
  const changes = (await eventsOf(world, ada.id, 'streak.updated')).map(({ metadata }) => metadata);
  expect(changes.slice(-2)).toEqual([
    { current: 0, longest: 7, reason: 'a day passed without a completed task' },
    { current: 1, longest: 7 },
  ]);
});

test('a streak of 30 days earns all four', async () => {
  let ada = await wakeAt(world, await world.user(), '12:00:00');
  for (let day = 1; day <= 30; day += 1) {
    await finishTasks(ada, 1);
    ada = await wakeAt(world, ada, '12:00:00');
  }
  expect(await streakOf(ada)).toEqual([30, 30]);
  expect((await earnedBy(ada)).filter((id) => id.startsWith('streak'))).toHaveLength(4);
  expect((await ada.ok(Me, {})).me.limits.dailyCredits).toBe(10);
});

test('broken streaks are ended once, twice at once and after days, and those that hold are not', async () => {
  let ada = await wakeAt(world, await world.user('Ada'), '12:00:00');
  await finishTasks(ada, 2);
  ada = await wakeAt(world, ada, '12:00:00', 9);
  const bob = await world.user('Bob');
  await finishTasks(bob, 1);
  const crowd = await crowdWithStreaks(600);
  const [one, other] = [await world.jobContext(), await world.jobContext()];
  await Promise.all([endStreaks(one), endStreaks(other)]);
  await endStreaks(one);
  const ended = (await eventsOf(world, ada.id, 'streak.updated')).slice(1);
  expect(ended.map(({ source, metadata }) => [source, metadata])).toEqual([
    ['SYSTEM', { current: 0, longest: 1, reason: 'a day passed without a completed task' }],
  ]);
  expect(await streakOf(ada)).toEqual([0, 1]);
  expect(await streakOf(await again(world, bob))).toEqual([1, 1]);
  expect(await eventsOf(world, bob.id, 'streak.updated')).toHaveLength(1);
  // More than one batch.
  const rows = await world.sql<{ events: number; running: number }>(
    `select count(*)::int as events, (select count(*)::int from achievements.progress
       where user_id = any($1) and current_streak > 0) as running
     from activity.event where user_id = any($1) and type = 'streak.updated'`,
    [crowd],
  );
  expect(rows).toEqual([{ events: crowd.length, running: 0 }]);
});

test('a deed that begins no streak does not say the end of the one before: that is said once', async () => {
  let ada = await wakeAt(world, await world.user(), '12:00:00');
  const input = { title: 'x', estimatedMinutes: 1 };
  const { id } = (await ada.ok(CreateTask, { input })).createTask.task;
  await finish(ada, id);
  ada = await wakeAt(world, ada, '12:00:00', 2);
  await reopen(ada, id);
  await ada.ok(StartFocus, { input: { taskId: id } });
  world.clock.advance(60_000);
  await finish(ada, id);
  expect((await achievementsOf(ada)).focusCompletions).toBe(1);
  await endStreaks(await world.jobContext());
  expect((await eventsOf(world, ada.id, 'streak.updated')).map(({ metadata }) => metadata)).toMatchObject([
    { current: 1 },
    { current: 0 },
  ]);
});

/** Accounts that have completed a task on one day, long ago. */
async function crowdWithStreaks(count: number): Promise<string[]> {
  const rows = await world.sql<{ id: string }>(
    `with person as (
       insert into auth.user (id, google_subject, email, name, created_at)
       select gen_random_uuid(), 'crowd-' || number, 'crowd@example.com', 'Crowd', now()
       from generate_series(1, $1::int) as number returning id
     ), stream as (insert into activity.stream (user_id) select id from person)
     insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed, last_at)
     select id, 1, 1, '2026-01-01', 1, '2026-01-01T12:00:00Z' from person returning user_id as id`,
    [count],
  );
  return rows.map(({ id }) => id);
}
