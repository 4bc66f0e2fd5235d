import { ContributionKind } from '../../entities/achievements/contribution.js';
import { record } from '../activity/index.js';
import { streakUpdated } from '../events/achievements.js';
import type { RecordedEvent, RowTx } from '../kernel/context.js';
import { dayOf } from '../kernel/days.js';
import { readHistory } from './history.js';
import { type Progress, reachedBy } from './progress.js';
import { saveState } from './save-state.js';
import { type Contribution, saveContribution } from './state.js';
import { currentAt, needsHistory, type Streak, withDay } from './streak.js';

/** The streaks that contributions of open transactions have led to, each by the newest event then: a savepoint undoes both. */
const streaks = new WeakMap<RecordedEvent, Streak>();

function noteStreak({ unit }: RowTx, streak: Streak): void {
  const newest = unit.events.at(-1);
  if (newest) streaks.set(newest, streak);
}

/** Days of the streak that a contribution of the open transaction has led to; undefined when there was none. */
export function streakIn({ unit, clock }: RowTx): number | undefined {
  const newest = unit.events.findLast((event) => streaks.has(event));
  const streak = newest && streaks.get(newest);
  return streak && currentAt(streak, clock.now());
}

/**
 * Counts what the account did: its progress, its streak, what it has earned with it. A thing counts once, the first
 * time; a day counts towards the streak whenever a task was completed on it. What comes out of order is put where it
 * belongs, by counting all anew.
 */
export async function recordContribution(tx: RowTx, contribution: Contribution): Promise<void> {
  const { newKinds, isNewsOfDay, ...before } = await saveContribution(tx, contribution);
  if (newKinds.length === 0 && !isNewsOfDay) return;
  const { progress } = before;
  if (isOutOfOrder(progress, contribution)) {
    const recounted = await readHistory(tx);
    await saveState(tx, before, recounted);
    return noteStreak(tx, recounted.progress.streak);
  }
  if (isNewsOfDay && progress.streak.current > 0 && currentAt(progress.streak, contribution.at) === 0) {
    // The job that ends streaks has not come by yet; the end is said before the new beginning.
    const { longest } = progress.streak;
    await record(tx, streakUpdated(tx.unit.account.id, { current: 0, longest, reason: 'DAY_MISSED' }));
  }
  const after = {
    ...withContribution(progress, contribution, newKinds),
    streak: isNewsOfDay ? withDay(progress.streak, dayOf(contribution.at)) : progress.streak,
  };
  const earned = reachedBy(after).filter((id) => !before.unlocks.has(id));
  await saveState(tx, before, { progress: after, unlocks: new Map(earned.map((id) => [id, contribution.at])) });
  noteStreak(tx, after.streak);
}

function isOutOfOrder({ lastAt, streak }: Progress, { kinds, at }: Contribution): boolean {
  if (lastAt !== null && at < lastAt) return true;
  return kinds.includes(ContributionKind.TASK) && needsHistory(streak, dayOf(at));
}

function withContribution(
  { streak, totals }: Progress,
  { amount, at }: Contribution,
  newKinds: readonly ContributionKind[],
): Progress {
  const added = Object.fromEntries(newKinds.map((kind) => [kind, totals[kind] + amount]));
  return { streak, totals: { ...totals, ...added }, lastAt: at };
}
