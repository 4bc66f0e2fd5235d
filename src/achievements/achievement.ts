import { type AchievementId, achievementIds } from '../../entities/achievements/unlocked.js';
import { achievementUnlocked } from '../events/achievements.js';
import type { Context } from '../kernel/context.js';
import { catalog, type Perk } from './catalog.js';
import { amountOf } from './progress.js';
import type { AchievementState } from './state.js';

/** An achievement as an account sees it. */
export interface Achievement {
  readonly id: AchievementId;
  readonly name: string;
  readonly description: string;
  /** Null where it is a badge and no more. */
  readonly perk: Perk | null;
  /** When its threshold was reached; null while it is not. */
  readonly unlockedAt: Date | null;
  /** How much of the threshold there is, never more than all of it. */
  readonly progress: number;
  readonly threshold: number;
}

/** All achievements, those that are still to be earned included, in the catalog's order. */
export function achievementsOf({ progress, unlocks }: AchievementState): Achievement[] {
  return achievementIds.map((id) => achievementOf(id, unlocks.get(id) ?? null, amountOf(progress, catalog[id].counts)));
}

/**
 * What the open transaction has earned so far, in the order in which it was earned; outside of one, nothing. `after`
 * leaves out events up to this number (`tx.unit.head` at the start of a mutation), for a request of several mutations
 * in one transaction.
 */
export function unlockedIn(ctx: Context, after = 0): Achievement[] {
  const events =
    ctx.unit?.events.filter(({ type, number }) => type === achievementUnlocked.type && number > after) ?? [];
  return events.map((event) => {
    const { achievement, unlockedAt } = achievementUnlocked.dataOf(event);
    return achievementOf(achievement, new Date(unlockedAt));
  });
}

/** One that is earned shows all of its threshold. */
function achievementOf(id: AchievementId, unlockedAt: Date | null, amount = 0): Achievement {
  const { name, description, perk, threshold } = catalog[id];
  const progress = unlockedAt === null ? Math.min(amount, threshold) : threshold;
  return { id, name, description, perk, unlockedAt, progress, threshold };
}
