import { beforeEach, expect, test } from '@jest/globals';
import { countCompletions, endStreaks } from '../../src/achievements/index.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { achievementsOf, completedAt, eventsOf, finish, finishTasks, makeTask, signInAt } from '../support/actions.js';
import { eventually, harness } from '../support/harness.js';

/** Tasks that cannot be counted while they are in here. */
const held = new Set<string>();

/** Counts, and then fails. */
const failing = countCompletions.map(
  (subscriber): Subscriber => ({
    ...subscriber,
    handle: async (tx, event) => {
      await subscriber.handle(tx, event);
      if (held.has(event.entityId)) throw new Error('fails on purpose');
    },
  }),
);

const world = harness({ subscribers: failing });
beforeEach(() => world.expectErrors(/fails on purpose/));

test('a failure to count does not cost the completion, and a job counts it later, once', async () => {
  const ada = await world.user();
  await finishTasks(ada, 4);
  const id = await makeTask(ada);
  held.add(id);
  await finish(ada, id);
  expect(await achievementsOf(ada)).toMatchObject({ tasksCompleted: 4 });
  expect(await eventsOf(world, ada.id, 'achievement.unlocked')).toEqual([]);
  held.delete(id);
  const state = await eventually(
    () => achievementsOf(ada),
    ({ tasksCompleted }) => tasksCompleted > 4,
  );
  expect(state.tasksCompleted).toBe(5);
  const unlockedAt = state.achievements.find((achievement) => achievement.id === 'tasks_5')?.unlockedAt ?? '';
  expect(unlockedAt).toBe(await completedAt(world, id));
  expect(await eventsOf(world, ada.id, 'achievement.unlocked')).toHaveLength(1);
});

test('a completion that is counted after later ones takes its place: its day joins the streak', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  const late = await makeTask(ada);
  held.add(late);
  await finish(ada, late);
  ada = await signInAt(world, ada, '12:00:00');
  await finishTasks(ada, 3);
  ada = await signInAt(world, ada, '12:00:00');
  await finishTasks(ada, 2);
  expect(await achievementsOf(ada)).toMatchObject({ tasksCompleted: 5, currentStreak: 2, longestStreak: 2 });
  const fifth = (await achievementsOf(ada)).achievements.find(({ id }) => id === 'tasks_5')?.unlockedAt ?? '';
  held.delete(late);
  const state = await eventually(
    () => achievementsOf(ada),
    ({ tasksCompleted }) => tasksCompleted > 5,
  );
  expect(state).toMatchObject({ tasksCompleted: 6, currentStreak: 3, longestStreak: 3 });
  const unlocked = new Map(state.achievements.map(({ id, unlockedAt }) => [id, unlockedAt]));
  // Reached with the fifth as they happened, and on the first completion of the third day.
  expect(unlocked.get('tasks_5')).toBe(unlocked.get('streak_3'));
  expect(Date.parse(unlocked.get('tasks_5') ?? '')).toBeLessThan(Date.parse(fifth));
});

test('a day that is counted after its streak was ended still made it longer, and the streak stays ended', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  await finishTasks(ada, 1);
  ada = await signInAt(world, ada, '12:00:00');
  const late = await makeTask(ada);
  held.add(late);
  await finish(ada, late);
  ada = await signInAt(world, ada, '12:00:00', 2);
  await endStreaks(await world.jobContext());
  expect(await achievementsOf(ada)).toMatchObject({ currentStreak: 0, longestStreak: 1 });
  held.delete(late);
  const state = await eventually(
    () => achievementsOf(ada),
    ({ tasksCompleted }) => tasksCompleted > 1,
  );
  expect(state).toMatchObject({ tasksCompleted: 2, currentStreak: 0, longestStreak: 2 });
  expect((await eventsOf(world, ada.id, 'streak.updated')).at(-1)?.metadata).toEqual({
    current: 0,
    longest: 2,
    reason: 'DAY_MISSED',
  });
});
