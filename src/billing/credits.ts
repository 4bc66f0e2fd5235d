import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntry } from '../../entities/billing/credit-entry.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const dayMs = 86_400_000;

/** What an account has to spend, by bucket; what is held is in none of them. */
export interface Credits {
  readonly total: number;
  readonly daily: number;
  readonly subscription: number;
  readonly purchased: number;
  readonly kickstart: number;
  readonly held: number;
  readonly dailyResetAt: Date;
}

/** The caller's balance at this moment. */
export async function readCredits(ctx: Context): Promise<Credits> {
  const now = ctx.clock.now();
  const rows = await runStatement<{ bucket: CreditBucketName | 'HELD'; amount: number }>(
    ctx,
    `select bucket, balance as amount from billing.credit_bucket
     where account_id = $1 and (expires_at is null or expires_at > $2)
     union all
     select 'HELD', coalesce(sum(amount), 0)::int from billing.credit_hold where account_id = $1 and state = 'HELD'`,
    [requireAccount(ctx), now],
  );
  const of = (name: string) => rows.find(({ bucket }) => bucket === name)?.amount ?? 0;
  const buckets = {
    daily: of(CreditBucketName.DAILY),
    subscription: of(CreditBucketName.SUBSCRIPTION),
    purchased: of(CreditBucketName.PURCHASED),
    kickstart: of(CreditBucketName.KICKSTART),
  };
  return {
    ...buckets,
    total: buckets.daily + buckets.subscription + buckets.purchased + buckets.kickstart,
    held: of('HELD'),
    dailyResetAt: new Date((Math.floor(now.getTime() / dayMs) + 1) * dayMs),
  };
}

const entryRows = rowsWithout(CreditEntry, ['number', 'accountId', 'key', 'holdId']);

/** One line of the history, as reads see it. */
export type CreditEntryRow = RowIn<typeof entryRows>;

function historyOf(ctx: Context): KeysetList {
  return {
    name: 'creditHistory',
    columns: entryRows.columns,
    from: 'billing.credit_entry',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'number',
    sortType: 'bigint',
    descending: true,
  };
}

export const listCreditEntriesErrors = pageErrors;

/** The caller's ledger, newest first. */
export function listCreditEntries(ctx: Context, page: PageArguments): Promise<Page<CreditEntryRow>> {
  return readPage<CreditEntryRow>(ctx, historyOf(ctx), page);
}

/** How many lines the caller's ledger has. */
export function countCreditEntries(ctx: Context): Promise<number> {
  return countList(ctx, historyOf(ctx));
}
