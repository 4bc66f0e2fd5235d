import { Tier } from '../../entities/accounts/account.js';
import { AllowanceLimit } from '../../entities/accounts/allowance.js';
import { type Context, load, type RowTx, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import type { Timestamp } from '../kernel/scalars.js';

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
  /** Bytes of stored files. */
  readonly storage: number;
  /** Uploads that are not finished. */
  readonly uploads: number;
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
    storage: 1_000_000_000,
    uploads: 20,
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
    storage: 1_000_000_000,
    uploads: 20,
    voiceSeconds: 300,
  },
};

/** The limits of a plan without any allowance: the least that an account of it has. */
export function limitsOfPlan(plan: Tier): Limits {
  return base[plan];
}

/** Which limit each kind of allowance raises. */
const raised = {
  [AllowanceLimit.TASKS]: 'tasks',
  [AllowanceLimit.SUBTASKS_PER_TASK]: 'subtasksPerTask',
  [AllowanceLimit.NOTES]: 'notes',
  [AllowanceLimit.DAILY_CREDITS]: 'dailyCredits',
} as const satisfies Record<AllowanceLimit, keyof Limits>;

/** An account with what is added to the limits of its plan. */
interface AllowedAccount {
  readonly id: string;
  readonly plan: Tier;
  readonly allowances: readonly { readonly limit: AllowanceLimit; readonly amount: number }[];
}

/** The plan in force of the account that the operation acts for. @throws UNAUTHENTICATED */
export async function readPlan(ctx: Context): Promise<Tier> {
  return (await readAccount(ctx)).plan;
}

/**
 * The limits in force for the account that the operation acts for: its plan's, and all allowances. Within a transaction
 * they are read anew each time, since what the transaction itself adds counts at once. @throws UNAUTHENTICATED
 */
export async function readLimits(ctx: Context): Promise<Limits> {
  const { plan, allowances } = await readAccount(ctx);
  const limits: { -readonly [Name in keyof Limits]: Limits[Name] } = { ...base[plan] };
  for (const { limit, amount } of allowances) limits[raised[limit]] += amount;
  return limits;
}

/**
 * How many credits the account that the operation acts for is granted at a 00:00 UTC: those of its plan, and those of
 * allowances that it had before. Whoever changes the plan books what is due first.
 */
export async function readDailyCredits(ctx: Context): Promise<(midnight: Date) => number> {
  const rows = await runStatement<{ plan: Tier; amount: number | null; grantedAt: Timestamp | null }>(
    ctx,
    `select plan, amount, granted_at as "grantedAt" from accounts.account
       left join accounts.allowance on account_id = id and raises = 'DAILY_CREDITS'
     where id = $1`,
    [requireAccount(ctx)],
  );
  const ofPlan = rows[0] ? base[rows[0].plan].dailyCredits : 0;
  const added = rows.map(({ amount, grantedAt }) => ({ amount: amount ?? 0, grantedAt: new Date(grantedAt ?? 0) }));
  return (midnight) =>
    added.reduce((sum, { amount, grantedAt }) => (grantedAt < midnight ? sum + amount : sum), ofPlan);
}

async function readAccount(ctx: Context): Promise<AllowedAccount> {
  const id = requireAccount(ctx);
  const account = ctx.unit ? (await accountsById(ctx, [id]))[0] : await load(ctx, accountsById, id);
  if (!account) throw new AppError('UNAUTHENTICATED', 'This account does not exist.');
  return account;
}

function accountsById(ctx: Context, ids: readonly string[]): Promise<(AllowedAccount | null)[]> {
  return readByIds<AllowedAccount>(
    ctx,
    `select id, plan, array(
       select jsonb_build_object('limit', raises, 'amount', amount) from accounts.allowance where account_id = account.id
     ) as allowances
     from accounts.account where id = any($1::uuid[])`,
    ids,
  );
}

/** What is added to a limit of an account, for good. */
export interface GrantedAllowance {
  /** Unique for what it is granted for (`achievement:tasks_5`): granting it again adds nothing. */
  readonly key: string;
  readonly limit: AllowanceLimit;
  readonly amount: number;
}

/** Raises a limit of the account of the transaction. The second time with the same key changes nothing. */
export async function grantAllowance(tx: RowTx, { key, limit, amount }: GrantedAllowance): Promise<void> {
  await runStatement(
    tx,
    `insert into accounts.allowance (account_id, key, raises, amount, granted_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, key) do nothing`,
    [tx.unit.account.id, key, limit, amount, tx.clock.now()],
  );
}
