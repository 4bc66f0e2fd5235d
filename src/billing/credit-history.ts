import { CreditEntry } from '../../entities/billing/credit-entry.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import { transaction } from '../kernel/transaction.js';
import { openLedger } from './ledger.js';

const entryRows = rowsWithout(CreditEntry, ['number', 'accountId', 'key']);

/** One line of the history, as reads see it. */
export type CreditEntryRow = RowIn<typeof entryRows>;

/** @param upTo the number of the last line; null for all of them */
function historyOf(ctx: Context, upTo: string | null): KeysetList {
  return {
    name: 'creditHistory',
    columns: entryRows.columns,
    from: 'billing.credit_entry',
    where: 'account_id = $1 and ($2::bigint is null or number <= $2)',
    values: [requireAccount(ctx), upTo],
    sortKey: 'number',
    sortType: 'bigint',
    descending: true,
  };
}

export const listCreditEntriesErrors = pageErrors;

/**
 * The caller's ledger, newest first. What has fallen due is booked first, so that it adds up to the balance.
 * @param upTo the number of the last line; null for all of them
 */
export async function listCreditEntries(
  ctx: Context,
  page: PageArguments,
  upTo: string | null = null,
): Promise<Page<CreditEntryRow>> {
  if (upTo === null) await bookDue(ctx);
  return readPage<CreditEntryRow>(ctx, historyOf(ctx, upTo), page);
}

/** How many lines the caller's ledger has. */
export function countCreditEntries(ctx: Context, upTo: string | null = null): Promise<number> {
  return countList(ctx, historyOf(ctx, upTo));
}

/** Books the daily credits of the caller that have fallen due, where some have. */
export async function bookDue(ctx: Context): Promise<void> {
  const due = await runStatement(
    ctx,
    `select from billing.credit_bucket where account_id = $1 and bucket = 'DAILY' and expires_at <= $2`,
    [requireAccount(ctx), ctx.clock.now()],
  );
  if (due.length > 0) await transaction(ctx, (tx) => openLedger(tx));
}
