import type { Disputes as DisputesClient, Payments } from 'checkout-sdk-node';
import type { Instrument, ProviderPayment } from '../payments.js';
import { type Action, Actions, Disputes, type Payment } from './answers.js';
import { ask } from './ask.js';
import { declineOf } from './declines.js';
import type { CheckoutOptions } from './options.js';

/** What asks Checkout.com, and how. */
export interface Asking {
  readonly options: CheckoutOptions;
  readonly payments: Payments;
  readonly disputes: DisputesClient;
}

/** What only further questions tell of a payment. */
interface Told {
  /** The latest first. */
  readonly actions: readonly Action[];
  readonly disputedCents: number;
}

/** Of one that was just made. */
export const nothingMore: Told = { actions: [], disputedCents: 0 };

/** The payment in our words, with what further questions tell. @throws PaymentFailure */
export async function readWhole(asking: Asking, payment: Payment): Promise<ProviderPayment> {
  if (payment.status !== 'PAID') return readUndisputed(asking, payment);
  const told = { actions: [], disputedCents: await disputedCents(asking, payment.id) };
  return inOurWords(payment, told, asking.options.now());
}

/** The same without asking for disputes. @throws PaymentFailure */
export async function readUndisputed(asking: Asking, payment: Payment): Promise<ProviderPayment> {
  const actions = isRefused(payment) ? await actionsOf(asking, payment) : [];
  return inOurWords(payment, { actions, disputedCents: 0 }, asking.options.now());
}

/** The payment in our words; `now` is when it was asked for, where nothing says so. */
export function inOurWords(payment: Payment, { actions, disputedCents }: Told, now: Date): ProviderPayment {
  const { id, reference = null, status, currency, retry } = payment;
  const captured = payment.balances?.total_captured ?? payment.amount;
  const refundedCents = payment.balances?.total_refunded ?? 0;
  return {
    id,
    reference,
    status,
    amountCents: status === 'PAID' ? captured : payment.amount,
    currency,
    refundedCents,
    // What was given back already cannot be taken back once more.
    disputedCents: Math.min(disputedCents, captured - refundedCents),
    instrument: instrumentOf(payment),
    decline: isRefused(payment) ? declineOf(payment, actions) : null,
    retryAt: (status === 'RETRY_SCHEDULED' && retry?.next_attempt_on) || null,
    requestedAt: payment.requested_on ?? payment.processed_on ?? now,
  };
}

function isRefused({ status }: Payment): boolean {
  return status === 'DECLINED' || status === 'RETRY_SCHEDULED';
}

function instrumentOf({ source }: Payment): Instrument | null {
  if (!source?.id) return null;
  return {
    id: source.id,
    scheme: (source.scheme ?? '').toUpperCase(),
    lastFour: source.last4,
    expiryMonth: source.expiry_month,
    expiryYear: source.expiry_year,
  };
}

/** A payment that is read does not always say why it was refused. */
async function actionsOf({ options, payments }: Asking, payment: Payment): Promise<readonly Action[]> {
  if (payment.response_code) return [];
  const told = payment.actions ?? [];
  if (told.some(({ response_code }) => response_code)) return told;
  return ask(options, Actions, () => payments.getActions(payment.id));
}

/** Those that the payer's bank did not take money for, or has given it back after. One that expires unanswered is lost. */
const inOurFavour: readonly Disputes['data'][number]['status'][] = ['won', 'arbitration_won', 'canceled'];

async function disputedCents({ options, disputes }: Asking, paymentId: string): Promise<number> {
  const { data } = await ask(options, Disputes, () => disputes.get({ payment_id: paymentId, limit: 250 }));
  const lost = data.filter(({ status }) => !inOurFavour.includes(status));
  return lost.reduce((sum, { amount }) => sum + amount, 0);
}
