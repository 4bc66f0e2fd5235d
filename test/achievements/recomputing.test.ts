import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { Recompute, recomputePage } from '../../src/achievements/index.js';
import { achievementsOf, earnedBy, eventsOf, finishTasks, signInAt, stateOf } from '../support/actions.js';
import { because, runAdmin } from '../support/admin.js';
import { eventually, harness } from '../support/harness.js';

const world = harness();

/** Makes the stored state of an account wrong in every way that the database allows. */
async function spoil(userId: string): Promise<void> {
  await world.sql(
    `update achievements.progress set tasks_completed = 99, longest_streak = 9, focus_completions = 2, voice_seconds = 7
     where user_id = $1`,
    [userId],
  );
  await world.sql(
    "update achievements.unlocked set unlocked_at = unlocked_at + interval '1 day' where user_id = $1 and achievement = 'tasks_5'",
    [userId],
  );
  await world.sql("delete from achievements.unlocked where user_id = $1 and achievement = 'tasks_10'", [userId]);
}

/** Orders the job as somebody would who has the database and nothing else. */
async function order(data: object): Promise<void> {
  await world.sql('insert into pgboss.job (name, data, retry_limit, expire_seconds) values ($1, $2, 0, 60)', [
    Recompute.name,
    { version: 1, requestId: 'by-hand', data },
  ]);
}

test('recomputing mends what differs from history, says so, and the second time finds nothing', async () => {
  const ada = await world.user();
  await finishTasks(ada, 10);
  const sound = await stateOf(world, ada.id);
  await spoil(ada.id);
  const ctx = await world.jobContext();
  const { differences } = await recomputePage(ctx, { userId: ada.id });
  expect(differences.map(({ what, stored, mended }) => [what, stored, mended])).toEqual([
    ['longest', '9', '1'],
    ['TASK', '99', '10'],
    ['FOCUS', '2', '0'],
    ['VOICE', '7', '0'],
    ['tasks_5', expect.any(String), expect.any(String)],
    ['tasks_10', 'none', expect.any(String)],
  ]);
  expect(await stateOf(world, ada.id)).toEqual(sound);
  expect(await recomputePage(ctx, { userId: ada.id })).toEqual({ differences: [], next: null });
  const streaks = await eventsOf(world, ada.id, 'streak.updated');
  expect(streaks.at(-1)?.metadata).toEqual({ current: 1, longest: 1, reason: 'RECOMPUTED' });
});

test('what was earned is never taken away', async () => {
  const ada = await world.user();
  await finishTasks(ada, 5);
  await world.sql("insert into achievements.unlocked values ($1, 'streak_30', '2026-01-01')", [ada.id]);
  expect(await recomputePage(await world.jobContext(), { userId: ada.id })).toEqual({ differences: [], next: null });
  expect(await earnedBy(ada)).toEqual(['streak_30', 'tasks_5']);
});

test('notes and minutes of voice count, each at the moment that reaches the threshold', async () => {
  const ada = await world.user();
  const contribute = (kind: string, amount: number, at: string) =>
    world.sql('insert into achievements.contribution values ($1, $2, $3, $4, $5)', [
      ada.id,
      kind,
      randomUUID(),
      amount,
      at,
    ]);
  for (let note = 1; note <= 10; note += 1) await contribute('NOTE', 1, `2026-11-${String(note + 10)}T12:00:00Z`);
  await contribute('VOICE', 299, '2026-11-01T12:00:00Z');
  await contribute('VOICE', 1, '2026-11-02T12:00:00Z');
  await contribute('VOICE', 300, '2026-11-03T12:00:00Z');
  await recomputePage(await world.jobContext(), { userId: ada.id });
  const state = await achievementsOf(ada);
  expect(state).toMatchObject({ notesConverted: 10, voiceMinutes: 10, tasksCompleted: 0, currentStreak: 0 });
  expect(state.limits.notes).toBe(20);
  const moments = state.achievements.flatMap(({ id, unlockedAt }) => (unlockedAt ? [[id, unlockedAt]] : []));
  expect(moments).toEqual([
    ['notes_convert_5', '2026-11-15T12:00:00.000Z'],
    ['notes_convert_10', '2026-11-20T12:00:00.000Z'],
    ['voice_5min', '2026-11-02T12:00:00.000Z'],
  ]);
  expect(state.achievements.find(({ id }) => id === 'voice_15min')?.progress).toBe(10);
});

test('a job recomputes one account', async () => {
  const ada = await world.user();
  await finishTasks(ada, 10);
  const sound = await stateOf(world, ada.id);
  await spoil(ada.id);
  await order({ userId: ada.id });
  await eventually(
    () => stateOf(world, ada.id),
    (state) => JSON.stringify(state) === JSON.stringify(sound),
  );
});

test('a job recomputes all accounts, page by page', async () => {
  const people = await world.sql<{ id: string }>(
    `with person as (
       insert into auth.user (id, google_subject, email, name, created_at)
       select gen_random_uuid(), 'crowd-' || number, 'crowd@example.com', 'Crowd', now()
       from generate_series(1, 250) as number returning id
     ), account as (insert into accounts.account (id, kind, created_at) select id, 'PERSON', now() from person)
     insert into achievements.contribution (user_id, kind, entity_id, amount, at)
     select id, 'TASK', gen_random_uuid(), 1, '2026-01-01' from person, generate_series(1, 5) returning user_id as id`,
  );
  await order({});
  const done = await eventually(
    () =>
      world.sql<{ count: number }>(
        "select count(*)::int as count from achievements.unlocked where user_id = any($1) and achievement = 'tasks_5'",
        [people.map(({ id }) => id)],
      ),
    ([row]) => (row?.count ?? 0) >= 250,
  );
  expect(done).toEqual([{ count: 250 }]);
});

test('admin recompute shows what it mended, of one account or of all, and records what it did', async () => {
  const ada = await world.user();
  await finishTasks(ada, 10);
  await spoil(ada.id);
  const run = async (...args: string[]) => (await runAdmin(world.config, ['recompute', ...args, ...because])).out;
  const printed = await run(ada.id);
  expect(printed).toContain(`${ada.id} TASK: 99 -> 10\n`);
  expect(printed).toMatch(/Mended: 6\n$/);
  expect(await run(ada.id)).toBe('Mended: 0\n');
  await spoil(ada.id);
  expect(await run()).toMatch(/Mended: 6\n$/);
  expect((await ada.ok(Me, {})).me.limits.tasks).toBe(85);
  const recorded = await world.sql(
    'select account_id as "accountId", details from activity.operator_action order by id',
  );
  expect(recorded).toEqual([
    { accountId: ada.id, details: { mended: 6 } },
    { accountId: null, details: { accounts: 'ALL' } },
  ]);
});

test('a streak that a day has broken is ended, with the reason', async () => {
  let ada = await signInAt(world, await world.user(), '12:00:00');
  await finishTasks(ada, 1);
  ada = await signInAt(world, ada, '12:00:00', 1);
  await recomputePage(await world.jobContext(), { userId: ada.id });
  expect((await eventsOf(world, ada.id, 'streak.updated')).at(-1)?.metadata).toMatchObject({ current: 0, longest: 1 });
  expect(await achievementsOf(ada)).toMatchObject({ currentStreak: 0, longestStreak: 1 });
});
