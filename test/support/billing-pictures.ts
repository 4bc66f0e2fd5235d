import type { Harness } from './harness.js';

/** What an account has and owes: the same however it came to it. */
interface Standing {
  readonly plan: string;
  readonly payments: readonly object[];
  readonly subscriptions: readonly object[];
  readonly buckets: Readonly<Record<string, number>>;
}

/** The same, and what was written on the way. */
export interface BillingPicture {
  readonly standing: Standing;
  readonly lines: readonly string[];
  readonly notifications: readonly string[];
  readonly events: readonly string[];
}

/**
 * What is known of an account's payments, without ids, so that those of two accounts can be compared. Daily credits are left
 * out: they are booked whenever somebody looks.
 */
export async function billingPictureOf(world: Harness, accountId: string): Promise<BillingPicture> {
  const rows = <Row extends object>(text: string) => world.sql<Row>(text, [accountId]);
  const texts = async (text: string) => (await rows<{ text: string }>(text)).map((row) => row.text).toSorted();
  const [account] = await rows<{ plan: string }>('select plan from accounts.account where id = $1');
  const buckets = await rows<{ bucket: string; balance: number }>(
    `select bucket, balance from billing.credit_bucket where account_id = $1 and bucket <> 'DAILY' order by bucket`,
  );
  return {
    standing: {
      plan: account?.plan ?? '',
      payments: await rows(
        `select purpose, state, amount_cents, refunded_cents, disputed_cents, taken_back, is_surplus, attempt, decline_code,
           card_last_four, retry_at, period_start, succeeded_at is null as "isUnpaid", credits
         from billing.payment where account_id = $1 order by created_at, attempt nulls first`,
      ),
      subscriptions: await rows(
        `select state, anchor, period_start, period_end, failed_payments, needs_new_card, cancelled_at, grace_ends_at,
           ended_at is null as "isLive", card_last_four, card_good_until
         from billing.subscription where account_id = $1 order by created_at`,
      ),
      buckets: Object.fromEntries(buckets.map(({ bucket, balance }) => [bucket, balance])),
    },
    lines: await texts(
      `select concat_ws(' ', kind, bucket, amount, reason) as text from billing.credit_entry where account_id = $1 and bucket <> 'DAILY'`,
    ),
    notifications: await texts('select title as text from notifications.notification where user_id = $1'),
    events: await texts(
      `select concat_ws(' ', type, regexp_replace(metadata::text, '[0-9a-f-]{36}', 'id', 'g')) as text from activity.event where account_id = $1`,
    ),
  };
}
