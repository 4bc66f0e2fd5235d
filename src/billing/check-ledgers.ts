import { type Context, runStatement } from '../kernel/context.js';
import { accountsAtOnce, readDifferences } from './compare-ledgers.js';

/** Faults of one page that are read: one is enough to look into an account. */
const maxFaults = 1_000;

/** Something in an account's ledger that does not add up. */
export interface LedgerFault {
  readonly accountId: string;
  /**
   * BALANCE: a bucket, or what is held, is not the sum of the lines. LINE: the balance after a line is not the sum of the
   * lines up to it; of each bucket the first such line. HOLD: a hold is not the sum of its parts. NEGATIVE: a bucket
   * below 0.
   */
  readonly what: 'BALANCE' | 'LINE' | 'HOLD' | 'NEGATIVE';
  /** Which one: the bucket, HELD, the number of the line, the id of the hold. */
  readonly place: string;
  /** What stands there, and what it should be. */
  readonly stored: number;
  readonly expected: number;
}

/** Some accounts, looked through, and where the next page begins; null when it was the last. */
export interface CheckedLedgers {
  readonly accounts: number;
  readonly faults: readonly LedgerFault[];
  readonly next: string | null;
}

/** Before the first account. */
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Proves the ledgers of the next accounts beyond `after`, in the order of their ids; from the first one when null. */
export async function checkLedgers(ctx: Context, after: string | null): Promise<CheckedLedgers> {
  const { accounts, differences } = await readDifferences(ctx, after ?? beforeAll);
  const balances = differences.map(
    ({ accountId, place, stored, booked }): LedgerFault => ({
      ...{ accountId, what: 'BALANCE', place, stored, expected: booked },
    }),
  );
  const others = await readFaults(ctx, accounts);
  const next = accounts.length < accountsAtOnce ? null : (accounts.at(-1) ?? null);
  return { accounts: accounts.length, faults: [...balances, ...others], next };
}

function readFaults(ctx: Context, accounts: readonly string[]): Promise<LedgerFault[]> {
  return runStatement<LedgerFault>(
    ctx,
    `with line as (
       select account_id, bucket, number, balance_after,
         sum(amount) over (partition by account_id, bucket order by number) as expected
       from billing.credit_entry where account_id = any($1::uuid[])
     ), wrong_line as (
       select distinct on (account_id, bucket) account_id, number, balance_after, expected
       from line where balance_after <> expected order by account_id, bucket, number
     ), held as (
       select hold.account_id, hold.id, hold.amount, coalesce(sum(part.amount), 0) as expected
       from billing.credit_hold hold left join billing.credit_hold_part part
         on part.account_id = hold.account_id and part.hold_id = hold.id
       where hold.account_id = any($1::uuid[]) group by hold.account_id, hold.id
     )
     select account_id as "accountId", 'LINE' as what, number::text as place, balance_after::float8 as stored,
       expected::float8 as expected from wrong_line
     union all
     select account_id, 'HOLD', id::text, amount::float8, expected::float8 from held where amount <> expected
     union all
     select account_id, 'NEGATIVE', bucket, balance::float8, 0::float8 from billing.credit_bucket
     where account_id = any($1::uuid[]) and balance < 0
     order by 1, 2, 3 limit ${maxFaults}`,
    [accounts],
  );
}
