import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { readDailyCredits } from '../accounts/index.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { midnightAfter } from '../kernel/days.js';
import type { Timestamp } from '../kernel/scalars.js';
import { type Balances, balancesOf } from './balances.js';
import { dailyAt } from './daily-credits.js';

/** The balances of this moment. */
export interface Credits extends Balances {
  readonly dailyResetAt: Date;
}

interface BucketRow {
  /** Null for what is held. */
  readonly bucket: CreditBucketName | null;
  readonly balance: number;
  /** Of the daily bucket, the first midnight that is not booked yet. */
  readonly due: Timestamp | null;
}

/** The caller's balance at this moment: the daily credits are those of today, also before anybody has booked them. */
export async function readCredits(ctx: Context): Promise<Credits> {
  const now = ctx.clock.now();
  const rows = await runStatement<BucketRow>(
    ctx,
    `select bucket, balance, expires_at as due from billing.credit_bucket where account_id = $1
     union all
     select null, sum(amount)::int, null from billing.credit_hold where account_id = $1 and state = 'HELD'`,
    [requireAccount(ctx)],
  );
  const buckets = new Map<CreditBucketName, number>();
  for (const { bucket, balance, due } of rows)
    if (bucket) buckets.set(bucket, await balanceNow(ctx, now, balance, due));
  const held = rows.find(({ bucket }) => bucket === null)?.balance ?? 0;
  return { ...balancesOf(buckets, held), dailyResetAt: midnightAfter(now) };
}

async function balanceNow(ctx: Context, now: Date, balance: number, due: Timestamp | null): Promise<number> {
  if (due === null || new Date(due) > now) return balance;
  return dailyAt({ balance, due: new Date(due) }, now, await readDailyCredits(ctx)).balance;
}
