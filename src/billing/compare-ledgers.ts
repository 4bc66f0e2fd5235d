import type { CreditPlace } from '../../entities/billing/credit-difference.js';
import { type Context, runStatement } from '../kernel/context.js';

/** Accounts that are looked at by one statement: each has some thousands of lines at most in a year. */
export const accountsAtOnce = 50;

/** A balance that is not what its ledger adds up to. */
export interface Difference {
  readonly accountId: string;
  readonly place: CreditPlace;
  readonly stored: number;
  readonly booked: number;
}

/** Accounts and what is wrong with their balances. */
interface Compared {
  /** In the order of their ids, as many as are looked at at once; fewer when there are no more. */
  readonly accounts: readonly string[];
  readonly differences: readonly Difference[];
}

/**
 * Compares the balances of the accounts beyond one, in the order of their ids, with what their ledgers add up to. One statement, so that it sees balances and ledgers of the same
 * moment; an account that lost its buckets has its lines.
 */
export async function readDifferences(ctx: Context, after: string): Promise<Compared> {
  const rows = await runStatement<Difference>(
    ctx,
    `with account as materialized (
       (select distinct account_id from billing.credit_bucket where account_id > $1 order by account_id limit $2)
       union
       (select distinct account_id from billing.credit_entry where account_id > $1 order by account_id limit $2)
       order by account_id limit $2
     ), booked as materialized (
       select account_id, bucket, sum(amount) as amount,
         -coalesce(sum(amount) filter (where kind in ('HOLD', 'RELEASE')), 0) as held
       from account join billing.credit_entry using (account_id) group by account_id, bucket
     ), place as (
       select account_id, bucket as place, coalesce(balance, 0) as stored, coalesce(amount, 0) as booked
       from (select bucket.* from account join billing.credit_bucket bucket using (account_id)) as stored
         full join booked using (account_id, bucket)
       union all
       select account_id, 'HELD',
         coalesce((select sum(amount) from billing.credit_hold hold
           where hold.account_id = account.account_id and state = 'HELD'), 0),
         coalesce((select sum(held) from booked where booked.account_id = account.account_id), 0)
       from account
     )
     select account_id as "accountId", place, stored::float8, booked::float8 from place where stored <> booked or place = 'HELD'
     order by account_id, place`,
    [after, accountsAtOnce],
  );
  return {
    accounts: rows.filter(({ place }) => place === 'HELD').map(({ accountId }) => accountId),
    differences: rows.filter(({ stored, booked }) => stored !== booked),
  };
}
