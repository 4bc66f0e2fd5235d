import { z } from 'zod';
import { asAccount, type Context, logFailure, runStatement } from '../kernel/context.js';
import { field, parse } from '../kernel/input.js';
import { defineJob, sendJob } from '../kernel/jobs.js';
import { transaction } from '../kernel/transaction.js';
import { readHistory } from './history.js';
import { changedUnlocks, saveState } from './save-state.js';
import { type AchievementState, readState } from './state.js';

/** Accounts that one page goes through. */
const pageLength = 100;

/** Something that was stored otherwise than the history has it, and is mended. */
interface Difference {
  readonly userId: string;
  /** A figure of the progress, or the moment of an achievement. */
  readonly what: string;
  readonly stored: string;
  readonly mended: string;
}

/**
 * Brings the account's progress and achievements to what its history comes to, and answers what that changed: an
 * achievement that is missing is earned as of the moment when its threshold was reached; none is taken away. The second
 * time nothing differs. @throws UNAUTHENTICATED when there is no such account
 */
async function recompute(ctx: Context, userId: string): Promise<Difference[]> {
  return transaction(asAccount(ctx, userId), async (tx) => {
    const before = await readState(tx, userId);
    const after = await readHistory(tx);
    await saveState(tx, before, after, 'RECOMPUTED');
    return differences(userId, before, after);
  });
}

/** What a page mended, and where the next one begins; null when it was the last. */
export interface RecomputedPage {
  readonly differences: readonly Difference[];
  readonly next: string | null;
}

const Input = z.object({ userId: field.id.optional(), after: field.id.optional() });

/**
 * Recomputes one account (`userId`), or the next 100 of all (beyond `after`, in the order of their ids). Of all, one
 * that fails is logged and left as it is.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED when there is no such account
 */
export async function recomputePage(ctx: Context, input: unknown): Promise<RecomputedPage> {
  const { userId, after } = parse(Input, input);
  if (userId !== undefined) return { differences: await recompute(ctx, userId), next: null };
  const userIds = await readAccounts(ctx, after ?? null);
  const found: Difference[] = [];
  for (const id of userIds) {
    try {
      found.push(...(await recompute(ctx, id)));
    } catch (error) {
      logFailure(ctx.log, error, { userId: id }, 'an account could not be recomputed');
    }
  }
  return { differences: found, next: userIds.length === pageLength ? (userIds.at(-1) ?? null) : null };
}

/** Recomputes achievements on demand: one account (`userId`), or, page by page, all. */
export const Recompute = defineJob('achievements.recompute', Input, {
  retryLimit: 3,
  retryDelaySeconds: 5,
  expireInSeconds: 300,
});

/** Does one page and orders the next. A page that runs twice finds nothing to mend the second time. */
export async function runRecompute(ctx: Context, input: z.infer<typeof Input>): Promise<void> {
  const { differences: found, next } = await recomputePage(ctx, input);
  for (const difference of found) ctx.log.warn(difference, 'achievements were mended');
  if (next === null) return;
  await sendJob(ctx, Recompute, { after: next });
}

async function readAccounts(ctx: Context, after: string | null): Promise<string[]> {
  const rows = await runStatement<{ userId: string }>(
    ctx,
    `select distinct user_id as "userId" from achievements.contribution
     where $1::uuid is null or user_id > $1::uuid order by user_id limit $2`,
    [after, pageLength],
  );
  return rows.map(({ userId }) => userId);
}

function differences(userId: string, before: AchievementState, after: AchievementState): Difference[] {
  const [was, is] = [figuresOf(before), figuresOf(after)];
  const progress = Object.keys(is).filter((what) => was[what] !== is[what]);
  const figures = progress.map((what) => ({ userId, what, stored: was[what] ?? 'none', mended: is[what] ?? 'none' }));
  const unlocks = [...changedUnlocks(before.unlocks, after.unlocks)].map(([what, at]) => ({
    userId,
    what,
    stored: before.unlocks.get(what)?.toISOString() ?? 'none',
    mended: at.toISOString(),
  }));
  return [...figures, ...unlocks];
}

/** Every figure of the progress by its name. */
function figuresOf({ progress: { streak, totals, lastAt } }: AchievementState): Record<string, string> {
  const figures = { ...streak, ...totals, lastAt: lastAt?.toISOString() };
  return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, String(figure ?? 'none')]));
}
