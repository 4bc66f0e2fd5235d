import { z } from 'zod';
import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { type Balances, balancesOf } from './balances.js';
import { bookDue } from './credit-history.js';

/** What an account had at a moment, as its ledger says. */
export interface CreditStatement extends Balances {
  readonly at: Date;
  /** The number of the last line that was written by then; 0 before the first. */
  readonly upTo: string;
}

const Input = z.strictObject({ at: field.moment.nullish() });

export const readCreditStatementErrors: DeclaredErrors = { VALIDATION_FAILED: 'also a moment that is yet to come' };

/** What the caller had at a moment of the past, added up from the lines that had been written by then. */
export async function readCreditStatement(ctx: Context, given: unknown): Promise<CreditStatement> {
  const now = ctx.clock.now();
  const at = parse(Input, { at: given }).at ?? now;
  if (at > now) throw invalid([{ field: 'at', rule: 'must not lie in the future' }]);
  await bookDue(ctx);
  const rows = await runStatement<{ bucket: CreditBucketName; balance: number; held: number; upTo: string }>(
    ctx,
    `select bucket, sum(amount)::int as balance, max(number)::text as "upTo",
       -coalesce(sum(amount) filter (where kind in ('HOLD', 'RELEASE')), 0)::int as held
     from billing.credit_entry where account_id = $1 and number <= (
       select max(number) from billing.credit_entry where account_id = $1 and created_at <= $2)
     group by bucket`,
    [requireAccount(ctx), at],
  );
  const buckets = new Map(rows.map(({ bucket, balance }) => [bucket, balance]));
  const held = rows.reduce((sum, row) => sum + row.held, 0);
  const upTo = rows.reduce((last, row) => (BigInt(row.upTo) > BigInt(last) ? row.upTo : last), '0');
  return { ...balancesOf(buckets, held), at, upTo };
}
