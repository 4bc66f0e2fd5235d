import { expect, test } from '@jest/globals';
import { CompleteTask, Me } from '../../generated/documents.js';
import { readLimits } from '../../src/accounts/index.js';
import { type Achievement, countCompletions, unlockedIn } from '../../src/achievements/index.js';
import { retrySubscriber } from '../../src/activity/index.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { achievementsOf, completedAt, earnedBy, eventsOf, finish, finishTasks, makeTask } from '../support/actions.js';
import { harness } from '../support/harness.js';

/** Tasks whose completion says that enough of their estimate was spent in focus. */
const focused = new Set<string>();
const withFocus = countCompletions.map(
  (subscriber): Subscriber => ({
    ...subscriber,
    handle: (tx, event) => subscriber.handle(tx, { ...event, metadata: { focused: focused.has(event.entityId) } }),
  }),
);

/** What is seen within the transaction of a completion: what payloads and limits are made of. */
const seen: { unlocked: Achievement[]; tasks: number }[] = [];
const look: Subscriber = {
  name: 'test.look',
  on: 'task.completed',
  handle: async (tx) => {
    const { tasks } = await readLimits(tx);
    seen.push({ unlocked: unlockedIn(tx), tasks });
  },
};

const world = harness({ subscribers: [...withFocus, look] });

test('5, 10, 25 and 50 tasks raise the limit of tasks at once', async () => {
  const ada = await world.user();
  const limits: number[] = [];
  for (let count = 1; count <= 50; count += 1) {
    await finishTasks(ada, 1);
    limits.push((await ada.ok(Me, {})).me.limits.tasks);
  }
  expect([limits[3], limits[4], limits[8], limits[9], limits[23], limits[24], limits[48], limits[49]]).toEqual([
    50, 65, 65, 85, 85, 110, 110, 135,
  ]);
  const state = await achievementsOf(ada);
  expect(state).toMatchObject({ tasksCompleted: 50, focusCompletions: 0, currentStreak: 1, limits: { tasks: 135 } });
  expect(await earnedBy(ada)).toEqual(['tasks_5', 'tasks_10', 'tasks_25', 'tasks_50']);
});

test('the transaction that earns an achievement has it, and its perk', async () => {
  const ada = await world.user();
  await finishTasks(ada, 4);
  const id = await makeTask(ada);
  seen.length = 0;
  await finish(ada, id);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.tasks).toBe(65);
  expect(seen[0]?.unlocked).toMatchObject([
    { id: 'tasks_5', perk: { kind: 'TASKS', amount: 15 }, progress: 5, threshold: 5 },
  ]);
  const stored = (await achievementsOf(ada)).achievements.find((achievement) => achievement.id === 'tasks_5');
  expect(stored?.unlockedAt).toBe(seen[0]?.unlocked[0]?.unlockedAt?.toISOString());
  expect(stored?.unlockedAt).toBe(await completedAt(world, id));
  expect((await eventsOf(world, ada.id, 'achievement.unlocked')).map(({ metadata }) => metadata)).toEqual([
    { achievement: 'tasks_5', unlockedAt: stored?.unlockedAt },
  ]);
});

test('all sixteen are shown, with what is still missing', async () => {
  const ada = await world.user();
  await finishTasks(ada, 6);
  const { achievements } = await achievementsOf(ada);
  expect(achievements).toHaveLength(16);
  const progress = new Map(achievements.map((one) => [one.id, [one.progress, one.threshold, one.unlockedAt !== null]]));
  expect(progress.get('tasks_5')).toEqual([5, 5, true]);
  expect(progress.get('tasks_10')).toEqual([6, 10, false]);
  expect(progress.get('streak_3')).toEqual([1, 3, false]);
  expect(progress.get('voice_5min')).toEqual([0, 5, false]);
  const perks = achievements.map(({ id, perk }) => `${id} ${perk ? `${perk.kind} ${perk.amount}` : 'badge'}`);
  expect(perks).toEqual([
    'streak_3 DAILY_CREDITS 1',
    'streak_7 DAILY_CREDITS 2',
    'streak_15 DAILY_CREDITS 3',
    'streak_30 DAILY_CREDITS 4',
    'tasks_5 TASKS 15',
    'tasks_10 TASKS 20',
    'tasks_25 TASKS 25',
    'tasks_50 TASKS 25',
    'focus_3 SUBTASKS_PER_TASK 2',
    'focus_10 SUBTASKS_PER_TASK 4',
    'notes_convert_5 NOTES 5',
    'notes_convert_10 NOTES 5',
    'notes_convert_15 NOTES 5',
    'voice_5min badge',
    'voice_15min badge',
    'voice_25min badge',
  ]);
});

test('focus completions raise the limit of subtasks', async () => {
  const ada = await world.user();
  const subtasks = async () => (await ada.ok(Me, {})).me.limits.subtasksPerTask;
  for (let count = 1; count <= 10; count += 1) {
    const id = await makeTask(ada);
    focused.add(id);
    await finish(ada, id);
    expect(await subtasks()).toBe(count < 3 ? 4 : count < 10 ? 6 : 10);
  }
  await finishTasks(ada, 1);
  expect(await achievementsOf(ada)).toMatchObject({ tasksCompleted: 11, focusCompletions: 10 });
});

test('20 completions at once count 20', async () => {
  const ada = await world.user();
  const ids = await Promise.all(Array.from({ length: 20 }, () => makeTask(ada)));
  await Promise.all(ids.map((id) => finish(ada, id)));
  expect(await achievementsOf(ada)).toMatchObject({ tasksCompleted: 20, currentStreak: 1 });
  expect(await eventsOf(world, ada.id, 'achievement.unlocked')).toHaveLength(2);
  expect(await eventsOf(world, ada.id, 'streak.updated')).toHaveLength(1);
});

test('the same completion requested 20 times at once counts once', async () => {
  const ada = await world.user();
  const id = await makeTask(ada);
  await Promise.all(Array.from({ length: 20 }, () => ada.send(CompleteTask, { input: { id, version: 1 } })));
  expect(await achievementsOf(ada)).toMatchObject({ tasksCompleted: 1 });
});

test('a completion whose subscriber runs again counts once', async () => {
  const ada = await world.user();
  await finishTasks(ada, 5);
  const before = await achievementsOf(ada);
  const ctx = await world.jobContext();
  for (const { number } of await eventsOf(world, ada.id, 'task.completed')) {
    await retrySubscriber(ctx, {
      accountId: ada.id,
      number: Number(number),
      subscriber: 'achievements.count-completed',
    });
  }
  expect(await achievementsOf(ada)).toEqual(before);
  expect(await eventsOf(world, ada.id, 'achievement.unlocked')).toHaveLength(1);
});

test('achievements are everybody’s own', async () => {
  const [ada, bob] = [await world.user('Ada'), await world.user('Bob')];
  await finishTasks(ada, 5);
  expect(await earnedBy(bob)).toEqual([]);
  expect((await bob.ok(Me, {})).me.limits.tasks).toBe(50);
});
