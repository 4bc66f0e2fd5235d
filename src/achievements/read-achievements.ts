import { ContributionKind } from '../../entities/achievements/contribution.js';
import { type Context, requireAccount } from '../kernel/context.js';
import { type Achievement, achievementsOf } from './achievement.js';
import { Counted } from './catalog.js';
import { amountOf } from './progress.js';
import { readState } from './state.js';
import { currentAt } from './streak.js';

/** How far an account has come, at one moment. */
export interface AchievementState {
  /** Days. */
  readonly currentStreak: number;
  /** Days. */
  readonly longestStreak: number;
  readonly tasksCompleted: number;
  readonly focusCompletions: number;
  readonly notesConverted: number;
  /** Whole minutes. */
  readonly voiceMinutes: number;
  readonly achievements: readonly Achievement[];
}

/** The account's achievements at this moment, right also when no job has ended a broken streak yet. @throws UNAUTHENTICATED */
export async function readAchievementState(ctx: Context): Promise<AchievementState> {
  const stored = await readState(ctx, requireAccount(ctx));
  const { progress } = stored;
  return {
    currentStreak: currentAt(progress.streak, ctx.clock.now()),
    longestStreak: progress.streak.longest,
    tasksCompleted: progress.totals[ContributionKind.TASK],
    focusCompletions: progress.totals[ContributionKind.FOCUS],
    notesConverted: progress.totals[ContributionKind.NOTE],
    voiceMinutes: amountOf(progress, Counted.VOICE),
    achievements: achievementsOf(stored),
  };
}

/** Days of the streak at this moment, of the account that the operation acts for. @throws UNAUTHENTICATED */
export async function readStreak(ctx: Context): Promise<number> {
  const { progress } = await readState(ctx, requireAccount(ctx));
  return currentAt(progress.streak, ctx.clock.now());
}
