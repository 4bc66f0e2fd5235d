import type { PaymentState } from '../../../entities/billing/payment.js';
import {
  type Context,
  PaymentFailure,
  type ProviderPayment,
  requireNoTransaction,
  runStatement,
  unavailable,
} from '../../kernel/context.js';
import { count } from '../../kernel/metrics.js';
import { paymentQuestions } from '../metrics.js';
import type { OwnedPayment } from './payment-store.js';

/** What the provider is asked about a payment. */
interface Asked {
  readonly reference: string;
  readonly providerPaymentId: string | null;
  readonly state: PaymentState;
  readonly isSurplus: boolean;
  /** What was noted meanwhile makes the answer out of date. */
  readonly looks: number;
}

/** What the provider says of a payment, and how often it had been noted when it was asked. */
export interface Truth {
  readonly looks: number;
  /** The one that counts; null when the provider knows none. */
  readonly payment: ProviderPayment | null;
  /** What was paid beside it on the same page. */
  readonly others: readonly ProviderPayment[];
}

/** Has the provider answer, and counts whether it does. @throws UNAVAILABLE */
export async function askProvider<T>(
  ctx: Context,
  what: 'page' | 'charge' | 'look' | 'refund' | 'cancel',
  ask: () => Promise<T>,
): Promise<T> {
  requireNoTransaction(ctx);
  try {
    const answer = await ask();
    count(ctx, paymentQuestions, { what, outcome: 'answered' });
    return answer;
  } catch (error) {
    if (!(error instanceof PaymentFailure)) throw error;
    count(ctx, paymentQuestions, { what, outcome: 'failed' });
    throw unavailable('Payments cannot be made right now. Try again.', { cause: error });
  }
}

/** Asks the provider what has become of a payment. In no transaction. @throws UNAVAILABLE */
export async function readTruth(ctx: Context, { accountId, id }: OwnedPayment): Promise<Truth> {
  const [asked] = await runStatement<Asked>(
    ctx,
    `select reference, provider_payment_id as "providerPaymentId", state, is_surplus as "isSurplus", looks
     from billing.payment where account_id = $1 and id = $2`,
    [accountId, id],
  );
  if (!asked) throw new Error('There is no such payment.');
  const { looks } = asked;
  const { payments } = ctx.providers;
  if (asked.isSurplus) {
    const payment = await askProvider(ctx, 'look', () => payments.readPayment(asked.providerPaymentId ?? ''));
    return { looks, payment, others: [] };
  }
  const found = await askProvider(ctx, 'look', () => payments.findPayments(asked.reference));
  const paid = found.filter(isPaid).toSorted(byTime);
  const first = paid.find((each) => each.id === asked.providerPaymentId) ?? paid[0];
  if (!first) return { looks, payment: undecided(found), others: [] };
  // What went back is said of one that is asked for by its id.
  const payment = await askProvider(ctx, 'look', () => payments.readPayment(first.id));
  return { looks, payment: payment ?? first, others: paid.filter((each) => each !== first) };
}

/** Whether the money was taken, or the card verified. */
export function isPaid({ status }: ProviderPayment): boolean {
  return status === 'PAID' || status === 'VERIFIED';
}

/** Whether it may still be paid, as when a bank holds the money for us. */
export function isOpen({ status }: ProviderPayment): boolean {
  return status === 'RETRY_SCHEDULED' || status === 'AUTHORIZED' || status === 'PENDING';
}

function byTime(one: ProviderPayment, other: ProviderPayment): number {
  return one.requestedAt.getTime() - other.requestedAt.getTime() || (one.id < other.id ? -1 : 1);
}

/** Of several attempts none of which was paid: the one that may still be, else the last, with why any of them was refused. */
function undecided(found: readonly ProviderPayment[]): ProviderPayment | null {
  const sorted = found.toSorted((one, other) => byTime(other, one));
  const chosen = sorted.find(isOpen) ?? sorted[0];
  const refused = sorted.find(({ decline }) => decline !== null);
  return chosen ? { ...chosen, decline: chosen.decline ?? refused?.decline ?? null } : null;
}
