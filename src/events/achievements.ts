import { z } from 'zod';
import { achievementIds } from '../../entities/achievements/unlocked.js';
import { defineEvent } from '../kernel/events.js';

/** Why a streak is another one when it was not by completing a task. */
const streakReasons = ['DAY_MISSED', 'RECOMPUTED'] as const;
export type StreakReason = (typeof streakReasons)[number];

export const streakUpdated = defineEvent(
  'streak.updated',
  'user',
  'The streak of a person is another one.',
  z.object({ current: z.int(), longest: z.int(), reason: z.enum(streakReasons).optional() }),
);

export const achievementUnlocked = defineEvent(
  'achievement.unlocked',
  'user',
  'A person earned an achievement, and when its threshold was reached.',
  z.object({ achievement: z.enum(achievementIds), unlockedAt: z.iso.datetime() }),
);
