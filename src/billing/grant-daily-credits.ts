import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { asAccount, type Context, runStatement } from '../kernel/context.js';
import { midnightAfter } from '../kernel/days.js';
import { sweep } from '../kernel/sweep.js';
import { transaction } from '../kernel/transaction.js';
import { openLedger } from './ledger.js';

/**
 * How long after midnight: a transaction that began before it has ended by then, so that what it granted is seen.
 * @see readDailyCredits
 */
const settledAfterMs = 60_000;
/** Accounts whose next midnight is noted by one statement. */
const batchSize = 2_000;

/**
 * Books the daily credits of every account on which some are due: late it books the days that it has missed, twice at
 * once nothing more. Nobody waits for it, since whoever reads or spends goes by the rule.
 */
export async function grantDailyCredits(ctx: Context): Promise<void> {
  const now = new Date(ctx.clock.now().getTime() - settledAfterMs);
  while (await passOver(ctx, now));
  await sweep(ctx, {
    what: 'booking daily credits',
    from: 'billing.credit_bucket',
    account: 'account_id',
    where: `bucket = '${CreditBucketName.DAILY}' and expires_at <= $1`,
    values: [now],
    since: 'expires_at',
    sinceType: 'timestamptz',
    id: 'account_id',
    work: ({ accountId }) => transaction(asAccount(ctx, accountId), (tx) => openLedger(tx)),
  });
}

/**
 * Most accounts have no daily credits, and nothing to be booked. One that gets some meanwhile has them from the next
 * midnight on. False when all were passed over.
 */
async function passOver(ctx: Context, now: Date): Promise<boolean> {
  const passed = await runStatement(
    ctx,
    `update billing.credit_bucket set expires_at = $2 where bucket = 'DAILY' and expires_at <= $1 and account_id in (
       select account_id from billing.credit_bucket where bucket = 'DAILY' and expires_at <= $1 and balance = 0
         and not accounts.has_daily_credits(account_id) limit ${batchSize}
     ) returning account_id`,
    [now, midnightAfter(now)],
  );
  return passed.length === batchSize;
}
