import { Tier } from '../../entities/auth/user.js';

/** How much an account may have of each thing. */
export interface Limits {
  readonly tasks: number;
  readonly subtasksPerTask: number;
  readonly notes: number;
  readonly remindersPerTask: number;
  /** Characters. */
  readonly descriptionLength: number;
  readonly dailyCredits: number;
  /** Longest voice recording in seconds; 0 where there is none. */
  readonly voiceSeconds: number;
}

const base: Readonly<Record<Tier, Limits>> = {
  [Tier.FREE]: {
    tasks: 50,
    subtasksPerTask: 4,
    notes: 10,
    remindersPerTask: 5,
    descriptionLength: 1_000,
    dailyCredits: 0,
    voiceSeconds: 0,
  },
  [Tier.PRO]: {
    tasks: 200,
    subtasksPerTask: 10,
    notes: 25,
    remindersPerTask: 5,
    descriptionLength: 2_000,
    dailyCredits: 10,
    voiceSeconds: 300,
  },
};

/** The limits in force for a tier. */
export function limitsOf(tier: Tier): Limits {
  return base[tier];
}
