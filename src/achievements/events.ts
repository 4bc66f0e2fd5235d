import type { AchievementId } from '../../entities/achievements/unlocked.js';
import type { DomainEvent } from '../activity/index.js';
import type { Streak } from './streak.js';

/** The type of the event that says what was earned. */
export const unlockedType = 'achievement.unlocked';

/** The account's streak is another one; `reason` says why when it was not by completing a task. */
export function streakUpdated(
  userId: string,
  { current, longest }: Omit<Streak, 'lastDay'>,
  reason?: string,
): DomainEvent {
  const metadata = reason === undefined ? { current, longest } : { current, longest, reason };
  return { type: 'streak.updated', entityType: 'user', entityId: userId, metadata };
}

/** Why a streak ends. */
export const streakBroken = 'a day passed without a completed task';

/** The account earned an achievement, and when it reached the threshold. */
export function achievementUnlocked(userId: string, achievement: AchievementId, at: Date): DomainEvent {
  const metadata = { achievement, unlockedAt: at.toISOString() };
  return { type: unlockedType, entityType: 'user', entityId: userId, metadata };
}
