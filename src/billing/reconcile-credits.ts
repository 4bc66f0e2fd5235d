import { record } from '../activity/index.js';
import { creditsDiffer } from '../events/billing.js';
import { asAccount, type Context, logFailure, runStatement } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { accountsAtOnce, type Difference, readDifferences } from './compare-ledgers.js';
import { creditDifferences } from './metrics.js';

/** A worker that has not got on for so long is taken for dead. */
const deadAfterMs = 600_000;
const daysKept = 90;

/**
 * Compares the balances of all accounts with their ledgers, once a day (UTC), and reports each difference: in a row, as an
 * event of the account, in the log and as a metric. Nothing is corrected. Two at once do it once; one that dies is
 * followed by the next.
 */
export async function reconcileCredits(ctx: Context): Promise<void> {
  const day = ctx.clock.now().toISOString().slice(0, 10);
  let last = await takeOver(ctx, day);
  while (last !== null) {
    const { accounts, differences } = await readDifferences(ctx, last);
    for (const difference of differences) await report(ctx, day, difference);
    last = accounts.length < accountsAtOnce ? null : (accounts.at(-1) ?? null);
    await note(ctx, day, accounts.at(-1) ?? null, last === null);
  }
}

/** Begins the day, or goes on where a dead worker stopped: answers the last account; null when there is nothing to do. */
async function takeOver(ctx: Context, day: string): Promise<string | null> {
  const now = ctx.clock.now();
  const [taken] = await runStatement<{ last: string }>(
    ctx,
    `insert into billing.credit_reconciliation as known (day, last_account_id, worked_at)
     values ($1, '00000000-0000-0000-0000-000000000000', $2)
     on conflict (day) do update set worked_at = $2 where known.finished_at is null and known.worked_at < $3
     returning last_account_id as last`,
    [day, now, new Date(now.getTime() - deadAfterMs)],
  );
  return taken?.last ?? null;
}

async function note(ctx: Context, day: string, last: string | null, isFinished: boolean): Promise<void> {
  const now = ctx.clock.now();
  await runStatement(
    ctx,
    `update billing.credit_reconciliation set worked_at = $2, last_account_id = coalesce($3, last_account_id),
       finished_at = $4 where day = $1`,
    [day, now, last, isFinished ? now : null],
  );
  if (!isFinished) return;
  await runStatement(ctx, 'delete from billing.credit_reconciliation where day < $1::date - $2::int', [day, daysKept]);
}

async function report(ctx: Context, day: string, difference: Difference): Promise<void> {
  const { accountId, place, stored, booked } = difference;
  try {
    await transaction(asAccount(ctx, accountId), async (tx) => {
      const known = await runStatement(
        tx,
        `insert into billing.credit_difference (account_id, day, place, stored, booked) values ($1, $2, $3, $4, $5)
         on conflict (account_id, day, place) do nothing returning place`,
        [accountId, day, place, stored, booked],
      );
      if (known.length === 0) return;
      await record(tx, creditsDiffer(accountId, { place, stored, booked }));
      count(tx, creditDifferences, { place });
      tx.unit.afterCommit(({ log }) => log.error({ place, stored, booked }, 'a balance differs from its ledger'));
    });
  } catch (error) {
    logFailure(ctx.log, error, { difference }, 'a difference of a balance could not be reported');
  }
}
