import type { Tier } from '../../entities/accounts/account.js';
import { Payment } from '../../entities/billing/payment.js';
import { Subscription } from '../../entities/billing/subscription.js';
import { readPlan } from '../accounts/index.js';
import { type Context, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const subscriptionRows = rowsWithout(Subscription, []);
const paymentRows = rowsWithout(Payment, ['looks', 'lookAt', 'pageUrl']);

/** A subscription as reads see it. */
export type SubscriptionRow = RowIn<typeof subscriptionRows>;

/** A payment as reads see it. */
export type PaymentRow = RowIn<typeof paymentRows>;

/** What the caller pays for. */
export interface Billing {
  readonly tier: Tier;
  /** The newest; null where there never was one. */
  readonly subscription: SubscriptionRow | null;
}

/** The caller's plan and subscription. */
export async function readBilling(ctx: Context): Promise<Billing> {
  const accountId = requireAccount(ctx);
  const [tier, rows] = await Promise.all([
    readPlan(ctx),
    runStatement<SubscriptionRow>(
      ctx,
      `select ${subscriptionRows.columns} from billing.subscription where account_id = $1
       order by state = 'EXPIRED', created_at desc limit 1`,
      [accountId],
    ),
  ]);
  return { tier, subscription: rows[0] ?? null };
}

function paymentsOf(ctx: Context): KeysetList {
  return {
    name: 'payments',
    columns: paymentRows.columns,
    from: 'billing.payment',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'created_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const listPaymentsErrors = pageErrors;

/** The caller's payments, newest first. */
export function listPayments(ctx: Context, page: PageArguments): Promise<Page<PaymentRow>> {
  return readPage<PaymentRow>(ctx, paymentsOf(ctx), page);
}

/** How many payments the caller has. */
export function countPayments(ctx: Context): Promise<number> {
  return countList(ctx, paymentsOf(ctx));
}

/** Subscriptions by id; null where there is none. Of the account of the context alone. */
export function subscriptionsById(ctx: Context, ids: readonly string[]): Promise<(SubscriptionRow | null)[]> {
  const text = `select ${subscriptionRows.columns} from billing.subscription where account_id = $2 and id = any($1::uuid[])`;
  return readByIds<SubscriptionRow>(ctx, text, ids, [requireAccount(ctx)]);
}

/** The same for payments. */
export function paymentsById(ctx: Context, ids: readonly string[]): Promise<(PaymentRow | null)[]> {
  const text = `select ${paymentRows.columns} from billing.payment where account_id = $2 and id = any($1::uuid[])`;
  return readByIds<PaymentRow>(ctx, text, ids, [requireAccount(ctx)]);
}
