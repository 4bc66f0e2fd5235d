import { AllowanceLimit } from '../../entities/accounts/allowance.js';
import type { AchievementId } from '../../entities/achievements/unlocked.js';

/** What an achievement counts. */
export enum Counted {
  /** Days of the longest streak. */
  STREAK = 'STREAK',
  /** Tasks that were completed. */
  TASKS = 'TASKS',
  /** Focus completions. */
  FOCUS = 'FOCUS',
  /** Notes that were converted into tasks. */
  NOTES = 'NOTES',
  /** Whole minutes of voice. */
  VOICE = 'VOICE',
}

/** What an achievement adds to a limit, for good; perks add up. */
export interface Perk {
  readonly kind: AllowanceLimit;
  readonly amount: number;
}

/** One achievement that there is to be earned. */
export interface CatalogEntry {
  readonly id: AchievementId;
  readonly name: string;
  readonly description: string;
  readonly counts: Counted;
  /** How much of what it counts. */
  readonly threshold: number;
  /** Null where it is a badge and no more. */
  readonly perk: Perk | null;
}

const streak = (days: number, name: string, credits: number) => ({
  name,
  description: `Complete a task on ${days} days in a row.`,
  counts: Counted.STREAK,
  threshold: days,
  perk: { kind: AllowanceLimit.DAILY_CREDITS, amount: credits },
});

const tasks = (count: number, name: string, more: number) => ({
  name,
  description: `Complete ${count} tasks.`,
  counts: Counted.TASKS,
  threshold: count,
  perk: { kind: AllowanceLimit.TASKS, amount: more },
});

const focus = (count: number, name: string, more: number) => ({
  name,
  description: `Complete ${count} tasks with at least half their estimate spent in focus.`,
  counts: Counted.FOCUS,
  threshold: count,
  perk: { kind: AllowanceLimit.SUBTASKS_PER_TASK, amount: more },
});

const notes = (count: number, name: string) => ({
  name,
  description: `Convert ${count} notes into tasks.`,
  counts: Counted.NOTES,
  threshold: count,
  perk: { kind: AllowanceLimit.NOTES, amount: 5 },
});

const voice = (minutes: number, name: string) => ({
  name,
  description: `Record ${minutes} minutes of voice.`,
  counts: Counted.VOICE,
  threshold: minutes,
  perk: null,
});

/** All achievements by id, in the order in which they are shown: by what they count, the nearest first. */
export const catalog: Readonly<Record<AchievementId, Omit<CatalogEntry, 'id'>>> = {
  streak_3: streak(3, 'Warming up', 1),
  streak_7: streak(7, 'One week', 2),
  streak_15: streak(15, 'Half a month', 3),
  streak_30: streak(30, 'Perpetual', 4),
  tasks_5: tasks(5, 'First five', 15),
  tasks_10: tasks(10, 'Ten done', 20),
  tasks_25: tasks(25, 'Doer', 25),
  tasks_50: tasks(50, 'Finisher', 25),
  focus_3: focus(3, 'Focused', 2),
  focus_10: focus(10, 'Deep worker', 4),
  notes_convert_5: notes(5, 'Note to self'),
  notes_convert_10: notes(10, 'From words to deeds'),
  notes_convert_15: notes(15, 'Nothing left in the drawer'),
  voice_5min: voice(5, 'Thinking aloud'),
  voice_15min: voice(15, 'Good to hear'),
  voice_25min: voice(25, 'Storyteller'),
};
