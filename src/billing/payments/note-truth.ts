import { Payment, PaymentPurpose, PaymentState } from '../../../entities/billing/payment.js';
import { SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import {
  paymentDisputed,
  paymentExpired,
  paymentFailed,
  paymentRefunded,
  paymentSuccessful,
} from '../../events/billing.js';
import { asAccount, type Context, type ProviderPayment, type Tx, unavailable } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { count } from '../../kernel/metrics.js';
import { transaction } from '../../kernel/transaction.js';
import { paymentsEnded } from '../metrics.js';
import { tellBought, tellRefunded } from '../notices.js';
import { failRenewal } from '../subscriptions/fail-renewal.js';
import { expire } from '../subscriptions/move-subscription.js';
import { changeCard, payMonth, reopen } from '../subscriptions/pay-subscription.js';
import { findCurrent } from '../subscriptions/subscription-store.js';
import { isOpen, isPaid, readTruth, type Truth } from './ask-provider.js';
import { nextLookAt } from './next-look.js';
import { grantPack, takeBackCredits } from './payment-credits.js';
import { beginPayment, findUndecidedMonths, loadPayment, type OwnedPayment } from './payment-store.js';

/** What the provider says cannot be of a payment that we have begun. */
export class Mismatch extends Error {}

/** How often the provider is asked again because somebody noted something meanwhile. */
const maxTries = 5;

/**
 * Brings a payment of ours, and what it pays for, to what the provider says of it: in whatever order and however often that
 * is told, the end is the same. `beside` is done in the same transaction.
 * @throws UNAVAILABLE when the provider is away; Mismatch
 */
export async function converge(
  ctx: Context,
  owned: OwnedPayment,
  beside: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<void> {
  const own = asAccount(ctx, owned.accountId);
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const truth = await readTruth(own, owned);
    await settleLaterMonths(own, owned, truth);
    if (await noteTruth(own, owned, truth, beside)) return;
  }
  throw unavailable('Others note what the provider says of this payment. Try again.');
}

/**
 * What goes back of a month is noted behind what has become of the next one: that may be paid already, and Pro ends with the
 * month that it is in.
 */
async function settleLaterMonths(ctx: Context, owned: OwnedPayment, { payment }: Truth): Promise<void> {
  if (!payment || payment.refundedCents + payment.disputedCents === 0) return;
  for (const later of await findUndecidedMonths(ctx, owned)) {
    try {
      await converge(ctx, later);
    } catch (error) {
      // That is reported where the later one is looked at by itself.
      if (!(error instanceof Mismatch)) throw error;
    }
  }
}

/** The same with what the provider has said already. False when something was noted since it was asked: then nothing is. */
export function noteTruth(
  ctx: Context,
  { id }: OwnedPayment,
  { looks, payment: said, others }: Truth,
  beside: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<boolean> {
  return transaction(ctx, async (tx) => {
    const payment = await loadPayment(tx, id);
    if (payment.looks !== looks) return false;
    payment.looks += 1;
    if (said) await note(tx, payment, said);
    else await giveUp(tx, payment);
    for (const other of others) await noteSurplus(tx, payment, other);
    payment.lookAt = nextLookAt(payment, tx.clock.now());
    await beside(tx);
    return true;
  });
}

async function note(tx: Tx, payment: Payment, said: ProviderPayment): Promise<void> {
  const { amountCents, currency } = payment;
  if (said.amountCents !== amountCents || said.currency !== currency)
    throw new Mismatch(`It is of ${said.amountCents} ${said.currency} instead of ${amountCents} ${currency}.`);
  if (isPaid(said)) {
    if (payment.state !== PaymentState.SUCCEEDED) await succeed(tx, payment, said);
    await noteGivenBack(tx, payment, said);
  } else if (payment.state === PaymentState.PENDING) {
    await noteUndecided(tx, payment, said);
  }
}

async function succeed(tx: Tx, payment: Payment, said: ProviderPayment): Promise<void> {
  const { purpose, amountCents, currency } = payment;
  const { instrument } = said;
  Object.assign(payment, { state: PaymentState.SUCCEEDED, succeededAt: tx.clock.now() });
  Object.assign(payment, { ...paidBy(tx, said), declineCode: null, retryAt: null });
  // What comes for an account that was closed meanwhile is nobody's.
  if (tx.unit.account.isClosed) payment.isSurplus = purpose !== PaymentPurpose.CARD;
  else if (purpose === PaymentPurpose.PRO) payment.isSurplus = !(await payMonth(tx, payment, instrument));
  else if (purpose === PaymentPurpose.CARD) await changeCard(tx, payment, instrument);
  else {
    await grantPack(tx, payment);
    await tellBought(tx, payment);
  }
  const { isSurplus } = payment;
  await record(tx, paymentSuccessful(payment.id, { purpose, amountCents, currency, isSurplus }));
  count(tx, paymentsEnded, { purpose, outcome: isSurplus ? 'surplus' : 'succeeded' });
}

/** Which payment at the provider it is, and the card; of an account that is closed, and may be deleted, no card. */
function paidBy(tx: Tx, { id: providerPaymentId, instrument }: ProviderPayment) {
  if (!instrument || tx.unit.account.isClosed) return { providerPaymentId, cardScheme: null, cardLastFour: null };
  return { providerPaymentId, cardScheme: instrument.scheme.slice(0, 50), cardLastFour: instrument.lastFour };
}

/** A page can be paid twice, in two tabs: what comes second is nobody's, and goes back. */
async function noteSurplus(tx: Tx, payment: Payment, said: ProviderPayment): Promise<void> {
  const { purpose, amountCents, currency, pack, credits } = payment;
  if (purpose === PaymentPurpose.CARD) return;
  const known = await tx.entities().count(Payment, { provider: 'CHECKOUT', providerPaymentId: said.id });
  if (known > 0) return;
  const surplus = beginPayment(tx, { purpose, amountCents, pack, credits });
  const paid = { isSurplus: true, state: PaymentState.SUCCEEDED, succeededAt: tx.clock.now() };
  Object.assign(surplus, paid, paidBy(tx, said));
  surplus.lookAt = nextLookAt(surplus, tx.clock.now());
  await record(tx, paymentSuccessful(surplus.id, { purpose, amountCents, currency, isSurplus: true }));
  count(tx, paymentsEnded, { purpose, outcome: 'surplus' });
}

/** How much of it went back to its payer, and what goes with it. What is refunded stays so; a dispute may be won. */
async function noteGivenBack(tx: Tx, payment: Payment, said: ProviderPayment): Promise<void> {
  const { purpose, amountCents, currency } = payment;
  const refundedCents = Math.min(amountCents, Math.max(payment.refundedCents, said.refundedCents));
  const disputedCents = Math.min(amountCents, said.disputedCents);
  const [isRefunded, isDisputed] = [refundedCents !== payment.refundedCents, disputedCents !== payment.disputedCents];
  const wasAllGone = isAllGone(payment);
  Object.assign(payment, { refundedCents, disputedCents });
  if (isRefunded || isDisputed) payment.wentBackAt = tx.clock.now();
  if (isRefunded) await record(tx, paymentRefunded(payment.id, { purpose, amountCents, currency, refundedCents }));
  if (isDisputed) await record(tx, paymentDisputed(payment.id, { purpose, amountCents, currency, disputedCents }));
  if (isRefunded) await tellRefunded(tx, payment);
  if (payment.isSurplus || (refundedCents + disputedCents === 0 && payment.takenBack === 0)) return;
  await takeBackCredits(tx, payment);
  if (purpose !== PaymentPurpose.PRO) return;
  const subscription = await findCurrent(tx);
  const isCurrent = subscription?.periodStart.getTime() === payment.periodStart?.getTime();
  // Pro does not end with a month that is over.
  if (!subscription || !isCurrent || subscription.id !== payment.subscriptionId) return;
  const isLive = subscription.state !== SubscriptionState.EXPIRED;
  if (isLive && isAllGone(payment)) await expire(tx, subscription, 'REFUNDED');
  else if (!isLive && wasAllGone && !isAllGone(payment)) await reopen(tx, subscription);
}

function isAllGone({ amountCents, refundedCents, disputedCents }: Payment): boolean {
  return refundedCents + disputedCents >= amountCents;
}

async function noteUndecided(tx: Tx, payment: Payment, said: ProviderPayment): Promise<void> {
  const isFirstDecline = payment.declineCode === null && said.decline !== null;
  payment.declineCode = said.decline?.code ?? payment.declineCode;
  if (payment.attempt === null) return mayStillBePaid(tx, payment, said) ? undefined : giveUp(tx, payment);
  const isOver = said.status === 'DECLINED' || said.status === 'VOIDED' || said.status === 'EXPIRED';
  Object.assign(payment, { providerPaymentId: said.id, retryAt: said.retryAt });
  if (isOver) await end(tx, payment, PaymentState.FAILED);
  // What the provider tries again by itself has failed for now, once.
  if (isFirstDecline || (isOver && payment.declineCode === null)) await failRenewal(tx, payment, said);
}

/**
 * Nobody has paid in all the time that a page was open: until then a payer whose card was refused can try another. Of a
 * charge that the provider knows nothing of nothing comes any more.
 */
async function giveUp(tx: Tx, payment: Payment): Promise<void> {
  const { attempt, pageExpiresAt, createdAt, state, declineCode } = payment;
  if (state !== PaymentState.PENDING) return;
  const patienceMs = attempt === null ? unmadePageMs : unknownChargeMs;
  const isOver = (pageExpiresAt ?? new Date(createdAt.getTime() + patienceMs)) <= tx.clock.now();
  const isPage = attempt === null;
  if (isOver) await end(tx, payment, isPage && declineCode === null ? PaymentState.EXPIRED : PaymentState.FAILED);
}

/** Whether a bank holds the money of a page for us: it counts as long as that is not decided, however late. */
function mayStillBePaid(tx: Tx, { createdAt }: Payment, said: ProviderPayment): boolean {
  return isOpen(said) && createdAt.getTime() + heldMs > tx.clock.now().getTime();
}

/** How long somebody may be making a page, and a charge may be unknown to the provider. */
const unmadePageMs = 600_000;
const unknownChargeMs = 30 * dayMs;
/** How long a bank holds money at most, before what was authorized is void. */
const heldMs = 30 * dayMs;

async function end(tx: Tx, payment: Payment, state: PaymentState.FAILED | PaymentState.EXPIRED): Promise<void> {
  const { purpose, amountCents, currency } = payment;
  payment.state = state;
  const isFailed = state === PaymentState.FAILED;
  const money = { purpose, amountCents, currency };
  if (isFailed) await record(tx, paymentFailed(payment.id, money));
  else await record(tx, paymentExpired(payment.id, money));
  count(tx, paymentsEnded, { purpose, outcome: isFailed ? 'failed' : 'expired' });
}
