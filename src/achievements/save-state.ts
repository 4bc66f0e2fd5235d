import { isDeepStrictEqual } from 'node:util';
import type { AchievementId } from '../../entities/achievements/unlocked.js';
import { grantAllowance } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { achievementUnlocked, type StreakReason, streakUpdated } from '../events/achievements.js';
import type { RowTx } from '../kernel/context.js';
import { catalog } from './catalog.js';
import type { Unlocks } from './progress.js';
import { type AchievementState, writeProgress, writeUnlocks } from './state.js';

/**
 * Stores what changed, and says what is new to the account in events: another streak, achievements that it had not
 * yet. Nothing is taken away: an achievement that `after` leaves out stays. The second time nothing has changed.
 * `reason` says why the streak is another one when it was not by completing a task.
 */
export async function saveState(
  tx: RowTx,
  before: AchievementState,
  after: AchievementState,
  reason?: StreakReason,
): Promise<void> {
  const userId = tx.unit.account.id;
  const { streak } = after.progress;
  if (!isDeepStrictEqual(before.progress, after.progress)) await writeProgress(tx, after.progress);
  const changed = changedUnlocks(before.unlocks, after.unlocks);
  await writeUnlocks(tx, changed);
  for (const id of changed.keys()) await grantPerk(tx, id);
  if (!isDeepStrictEqual(before.progress.streak, streak)) {
    const { current, longest } = streak;
    const why = current === 0 ? 'DAY_MISSED' : reason;
    await record(tx, streakUpdated(userId, { current, longest, ...(why === undefined ? {} : { reason: why }) }));
  }
  for (const [id, at] of changed) {
    if (before.unlocks.has(id)) continue;
    await record(tx, achievementUnlocked(userId, { achievement: id, unlockedAt: at.toISOString() }));
  }
}

/** The second time nothing is added. */
async function grantPerk(tx: RowTx, id: AchievementId): Promise<void> {
  const { perk } = catalog[id];
  if (perk) await grantAllowance(tx, { key: `achievement:${id}`, limit: perk.kind, amount: perk.amount });
}

/** What is earned newly, or was earned at another moment than is stored. */
export function changedUnlocks(before: Unlocks, after: Unlocks): Map<AchievementId, Date> {
  return new Map([...after].filter(([id, at]) => before.get(id)?.getTime() !== at.getTime()));
}
