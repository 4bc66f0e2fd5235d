import type { AchievementId } from '../../entities/achievements/unlocked.js';
import { Tier } from '../../entities/auth/user.js';
import { readMe } from '../auth/index.js';
import { type Context, load, readByIds } from '../kernel/context.js';
import { catalog, PerkKind } from './catalog.js';

/** How much an account may have of each thing. */
export interface Limits {
  readonly tasks: number;
  readonly subtasksPerTask: number;
  readonly taskTemplates: number;
  readonly conversations: number;
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
    taskTemplates: 100,
    conversations: 2_000,
    notes: 10,
    remindersPerTask: 5,
    descriptionLength: 1_000,
    dailyCredits: 0,
    voiceSeconds: 0,
  },
  [Tier.PRO]: {
    tasks: 200,
    subtasksPerTask: 10,
    taskTemplates: 500,
    conversations: 10_000,
    notes: 25,
    remindersPerTask: 5,
    descriptionLength: 2_000,
    dailyCredits: 10,
    voiceSeconds: 300,
  },
};

/** The limits of a tier without any perk: the least that an account of it has. */
export function limitsOf(tier: Tier): Limits {
  return base[tier];
}

/** Which limit each kind of perk raises. */
const raised = {
  [PerkKind.TASKS]: 'tasks',
  [PerkKind.SUBTASKS_PER_TASK]: 'subtasksPerTask',
  [PerkKind.NOTES]: 'notes',
  [PerkKind.DAILY_CREDITS]: 'dailyCredits',
} as const satisfies Record<PerkKind, keyof Limits>;

/**
 * The limits in force for an account: its tier's and the perks of all that it has earned. Within a transaction they are
 * read anew each time, since what the transaction itself earns counts at once.
 */
export async function limitsIn(
  ctx: Context,
  { id, tier }: { readonly id: string; readonly tier: Tier },
): Promise<Limits> {
  const earned = ctx.unit ? (await earnedBy(ctx, [id]))[0] : await load(ctx, earnedBy, id);
  const limits: { -readonly [Name in keyof Limits]: Limits[Name] } = { ...base[tier] };
  for (const achievement of earned?.achievements ?? []) {
    const { perk } = catalog[achievement];
    if (perk) limits[raised[perk.kind]] += perk.amount;
  }
  return limits;
}

/** The caller's limits in force. @throws UNAUTHENTICATED */
export async function readLimits(ctx: Context): Promise<Limits> {
  return limitsIn(ctx, await readMe(ctx));
}

interface Earned {
  readonly id: string;
  readonly achievements: readonly AchievementId[];
}

/** What accounts have earned; null for those that have nothing. */
function earnedBy(ctx: Context, userIds: readonly string[]): Promise<(Earned | null)[]> {
  return readByIds<Earned>(
    ctx,
    `select user_id as id, array_agg(achievement) as achievements from achievements.unlocked
     where user_id = any($1::uuid[]) group by user_id`,
    userIds,
  );
}
