import { ContributionKind } from '../../entities/achievements/contribution.js';
import { type AchievementId, achievementIds } from '../../entities/achievements/unlocked.js';
import { Counted, catalog } from './catalog.js';
import { noStreak, type Streak } from './streak.js';

/** How far an account has come. */
export interface Progress {
  readonly streak: Streak;
  /** Contributions of each kind: their number, for voice their seconds. */
  readonly totals: Readonly<Record<ContributionKind, number>>;
  /** The newest moment that counted; null before the first. */
  readonly lastAt: Date | null;
}

/** An account that has done nothing yet. */
export const noProgress: Progress = {
  streak: noStreak,
  totals: { TASK: 0, FOCUS: 0, NOTE: 0, VOICE: 0 },
  lastAt: null,
};

/** What an account has earned, and when it reached the threshold. */
export type Unlocks = ReadonlyMap<AchievementId, Date>;

/** Which total is counted, and how much of it makes one; a streak is counted in days, not in totals. */
const measures: Readonly<Record<Counted, { kind: ContributionKind; each: number } | null>> = {
  [Counted.STREAK]: null,
  [Counted.TASKS]: { kind: ContributionKind.TASK, each: 1 },
  [Counted.FOCUS]: { kind: ContributionKind.FOCUS, each: 1 },
  [Counted.NOTES]: { kind: ContributionKind.NOTE, each: 1 },
  [Counted.VOICE]: { kind: ContributionKind.VOICE, each: 60 },
};

/** How much there is of what an achievement counts: the longest streak, whole minutes of voice. */
export function amountOf({ streak, totals }: Progress, counted: Counted): number {
  const measure = measures[counted];
  return measure ? Math.floor(totals[measure.kind] / measure.each) : streak.longest;
}

/** Every achievement whose threshold is reached, in the catalog's order. */
export function reachedBy(progress: Progress): AchievementId[] {
  return achievementIds.filter((id) => amountOf(progress, catalog[id].counts) >= catalog[id].threshold);
}

/** The achievements that a total reaches, each with the total that it takes. */
export function totalsToReach(): { id: AchievementId; kind: ContributionKind; total: number }[] {
  return achievementIds.flatMap((id) => {
    const measure = measures[catalog[id].counts];
    return measure ? [{ id, kind: measure.kind, total: catalog[id].threshold * measure.each }] : [];
  });
}

/** The achievements that a streak of exactly this many days reaches. */
export function reachedByStreakOf(days: number): AchievementId[] {
  return achievementIds.filter((id) => catalog[id].counts === Counted.STREAK && catalog[id].threshold === days);
}
