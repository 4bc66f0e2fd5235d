import { asAccount, type Context, isUnavailable, runStatement } from '../../kernel/context.js';
import { sweep } from '../../kernel/sweep.js';
import { askProvider } from './ask-provider.js';
import { cancelRetry } from './cancel-retry.js';
import { converge, Mismatch } from './note-truth.js';
import type { OwnedPayment } from './payment-store.js';

/** When one that could not be asked about, or that cannot be ours, is asked about again. */
const awayMs = 600_000;

/**
 * Asks the provider about every payment that it is time for, whatever it has told us: so what got lost is repaired. What was
 * paid twice is given back, and what nobody wants any more is not tried again.
 */
export async function lookAtPayments(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'looking at a payment',
    from: 'billing.payment',
    account: 'account_id',
    where: 'look_at <= $1',
    values: [ctx.clock.now()],
    since: 'look_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: (due) => lookAt(ctx, due),
  });
}

async function lookAt(ctx: Context, payment: OwnedPayment): Promise<void> {
  try {
    await converge(ctx, payment);
    await refundSurplus(asAccount(ctx, payment.accountId), payment);
    await cancelLateRetry(asAccount(ctx, payment.accountId), payment);
  } catch (error) {
    if (!isUnavailable(error) && !(error instanceof Mismatch)) throw error;
    const later = new Date(ctx.clock.now().getTime() + awayMs);
    const values = [payment.accountId, payment.id, later];
    await runStatement(ctx, 'update billing.payment set look_at = $3 where account_id = $1 and id = $2', values);
    throw error;
  }
}

interface Surplus {
  readonly reference: string;
  readonly providerPaymentId: string;
  readonly leftCents: number;
}

/** Gives back what was paid for nothing, once. */
async function refundSurplus(ctx: Context, { accountId, id }: OwnedPayment): Promise<void> {
  const [surplus] = await runStatement<Surplus>(
    ctx,
    `select reference, provider_payment_id as "providerPaymentId", amount_cents - refunded_cents as "leftCents"
     from billing.payment
     where account_id = $1 and id = $2 and is_surplus and disputed_cents = 0 and refunded_cents < amount_cents`,
    [accountId, id],
  );
  if (!surplus) return;
  const { reference, providerPaymentId: paymentId, leftCents: amountCents } = surplus;
  const request = { paymentId, amountCents, reference, idempotencyKey: `refund-${reference}` };
  await askProvider(ctx, 'refund', () => ctx.providers.payments.refund(request));
  await converge(ctx, { accountId, id });
}

/** Nobody is to be charged, weeks later, for what has ended meanwhile. */
async function cancelLateRetry(ctx: Context, { accountId, id }: OwnedPayment): Promise<void> {
  const [late] = await runStatement<{ reference: string; providerPaymentId: string }>(
    ctx,
    `select payment.reference, provider_payment_id as "providerPaymentId" from billing.payment
       join billing.subscription on subscription.account_id = payment.account_id and subscription.id = subscription_id
     where payment.account_id = $1 and payment.id = $2 and payment.state = 'PENDING' and retry_at is not null
       and subscription.state = 'EXPIRED'`,
    [accountId, id],
  );
  if (late) await cancelRetry(ctx, { accountId, id }, late);
}
