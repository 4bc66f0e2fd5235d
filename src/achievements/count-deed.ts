import { ContributionKind } from '../../entities/achievements/contribution.js';
import { record } from '../activity/index.js';
import type { RowTx } from '../kernel/context.js';
import { streakBroken, streakUpdated } from './events.js';
import { readHistory } from './history.js';
import { type Progress, reachedBy } from './progress.js';
import { storeChange } from './store-change.js';
import { type Deed, keepDeed } from './stored.js';
import { currentAt, dayOf, needsHistory, withDay } from './streak.js';

/**
 * Counts what the account did: its progress, its streak, what it has earned with it. A thing counts once, the first
 * time; a day counts towards the streak whenever a task was completed on it. What comes out of order is put where it
 * belongs, by counting all anew.
 */
export async function countDeed(tx: RowTx, deed: Deed): Promise<void> {
  const { news, isNewsOfDay, ...before } = await keepDeed(tx, deed);
  if (news.length === 0 && !isNewsOfDay) return;
  const { progress } = before;
  if (isOutOfOrder(progress, deed)) return storeChange(tx, before, await readHistory(tx));
  if (isNewsOfDay && progress.streak.current > 0 && currentAt(progress.streak, deed.at) === 0) {
    // The job that ends streaks has not come by yet; the end is said before the new beginning.
    const ended = { current: 0, longest: progress.streak.longest };
    await record(tx, streakUpdated(tx.unit.account.id, ended, streakBroken));
  }
  const after = {
    ...withDeed(progress, deed, news),
    streak: isNewsOfDay ? withDay(progress.streak, dayOf(deed.at)) : progress.streak,
  };
  const earned = reachedBy(after).filter((id) => !before.unlocks.has(id));
  await storeChange(tx, before, { progress: after, unlocks: new Map(earned.map((id) => [id, deed.at])) });
}

function isOutOfOrder({ lastAt, streak }: Progress, { kinds, at }: Deed): boolean {
  if (lastAt !== null && at < lastAt) return true;
  return kinds.includes(ContributionKind.TASK) && needsHistory(streak, dayOf(at));
}

function withDeed({ streak, totals }: Progress, { amount, at }: Deed, news: readonly ContributionKind[]): Progress {
  const added = Object.fromEntries(news.map((kind) => [kind, totals[kind] + amount]));
  return { streak, totals: { ...totals, ...added }, lastAt: at };
}
