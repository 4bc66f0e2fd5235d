import { ContributionKind } from '../../entities/achievements/contribution.js';
import { Progress as ProgressEntity } from '../../entities/achievements/progress.js';
import { type AchievementId, achievementIds } from '../../entities/achievements/unlocked.js';
import { type Context, type RowTx, runStatement, sendStatement } from '../kernel/context.js';
import { dayOf } from '../kernel/days.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import { noProgress, type Progress, type Unlocks } from './progress.js';

/** What is stored of one account. */
export interface AchievementState {
  readonly progress: Progress;
  readonly unlocks: Unlocks;
}

/** One thing that an account has done, as it is to be counted. */
export interface Contribution {
  /** What it counts as. */
  readonly kinds: readonly ContributionKind[];
  readonly entityId: string;
  /** 1; for voice its seconds. */
  readonly amount: number;
  readonly at: Date;
}

const progressRows = rowsWithout(ProgressEntity, ['userId', 'lastDay']);

/** One row in any case: an account that has done nothing yet has no progress of its own. */
type StateRow = (RowIn<typeof progressRows> | { readonly currentStreak: null }) & {
  readonly lastDay: string | null;
  readonly unlocks: Readonly<Partial<Record<AchievementId, string>>>;
};

const columns = `${progressRows.columns}, last_day::text as "lastDay", coalesce(
  (select jsonb_object_agg(achievement, unlocked_at) from achievements.unlocked where user_id = $1), '{}') as unlocks`;
const from = 'from (values (1)) as one (row) left join achievements.progress on user_id = $1';

/** How far the account has come and what it has earned. */
export async function readState(ctx: Context, userId: string): Promise<AchievementState> {
  const [row] = await runStatement<StateRow>(ctx, `select ${columns} ${from}`, [userId]);
  return stateOf(row);
}

/** What keeping a contribution found, and what was stored before. */
export interface SavedContribution extends AchievementState {
  /** The kinds as which it was new. */
  readonly newKinds: readonly ContributionKind[];
  /** Whether its day counts only since it, or since an earlier moment than before. */
  readonly isNewsOfDay: boolean;
}

/**
 * Keeps what the account did. A thing that was kept already is new as nothing: the first time counts, whichever that
 * was. The day of a completed task counts in any case, from its first moment on.
 */
export async function saveContribution(
  tx: RowTx,
  { kinds, entityId, amount, at }: Contribution,
): Promise<SavedContribution> {
  const [row] = await runStatement<StateRow & Pick<SavedContribution, 'newKinds' | 'isNewsOfDay'>>(
    tx,
    `with kept as (
       insert into achievements.contribution (user_id, kind, entity_id, amount, at)
       select $1, kind, $3, $4, $5 from unnest($2::text[]) as kind
       on conflict do nothing returning kind
     ), day as (
       insert into achievements.active_day (user_id, day, at) select $1, $6::date, $5 where $7
       on conflict (user_id, day) do update set at = excluded.at where active_day.at > excluded.at returning day
     )
     select array(select kind from kept) as "newKinds", exists (select from day) as "isNewsOfDay", ${columns} ${from}`,
    [tx.unit.account.id, kinds, entityId, amount, at, dayOf(at), kinds.includes(ContributionKind.TASK)],
  );
  return { ...stateOf(row), newKinds: row?.newKinds ?? [], isNewsOfDay: row?.isNewsOfDay ?? false };
}

/** Stores how far the account has come. */
export async function writeProgress(tx: RowTx, { streak, totals, lastAt }: Progress): Promise<void> {
  await sendStatement(
    tx,
    `insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed,
       focus_completions, notes_converted, voice_seconds, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (user_id) do update set current_streak = $2, longest_streak = $3, last_day = $4, tasks_completed = $5,
       focus_completions = $6, notes_converted = $7, voice_seconds = $8, last_at = $9`,
    [
      tx.unit.account.id,
      streak.current,
      streak.longest,
      streak.lastDay,
      totals[ContributionKind.TASK],
      totals[ContributionKind.FOCUS],
      totals[ContributionKind.NOTE],
      totals[ContributionKind.VOICE],
      lastAt,
    ],
  );
}

/** Stores when achievements were earned, those that are stored already included. */
export async function writeUnlocks(tx: RowTx, unlocks: Unlocks): Promise<void> {
  if (unlocks.size === 0) return;
  await sendStatement(
    tx,
    `insert into achievements.unlocked (user_id, achievement, unlocked_at)
     select $1, achievement, at from unnest($2::text[], $3::timestamptz[]) as earned (achievement, at)
     on conflict (user_id, achievement) do update set unlocked_at = excluded.unlocked_at`,
    [tx.unit.account.id, [...unlocks.keys()], [...unlocks.values()]],
  );
}

function stateOf(row: StateRow | undefined): AchievementState {
  if (!row) return { progress: noProgress, unlocks: new Map() };
  const unlocks = achievementIds.flatMap((id) => {
    const at = row.unlocks[id];
    return at === undefined ? [] : [[id, new Date(at)] as const];
  });
  return { progress: progressOf(row), unlocks: new Map(unlocks) };
}

function progressOf(row: StateRow): Progress {
  if (row.currentStreak === null) return noProgress;
  const { currentStreak: current, longestStreak: longest, lastDay, lastAt } = row;
  return {
    streak: { current, longest, lastDay },
    totals: {
      TASK: row.tasksCompleted,
      FOCUS: row.focusCompletions,
      NOTE: row.notesConverted,
      VOICE: row.voiceSeconds,
    },
    lastAt: lastAt === null ? null : new Date(lastAt),
  };
}
