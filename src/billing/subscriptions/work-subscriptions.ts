import { type Payment, PaymentPurpose, PaymentState } from '../../../entities/billing/payment.js';
import { type Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import {
  asAccount,
  type ChargeRequest,
  type Context,
  isUnavailable,
  logFailure,
  type ProviderPayment,
  type Tx,
} from '../../kernel/context.js';
import { minuteMs } from '../../kernel/days.js';
import { sweep } from '../../kernel/sweep.js';
import { transaction } from '../../kernel/transaction.js';
import { tellCardExpires } from '../notices.js';
import { askProvider, readTruth, type Truth } from '../payments/ask-provider.js';
import { cancelRetry } from '../payments/cancel-retry.js';
import { noteTruth } from '../payments/note-truth.js';
import { beginPayment, findCharges, loadPayment, type OwnedPayment } from '../payments/payment-store.js';
import { proCents } from '../prices.js';
import { type Attempts, awaitsNewCard, dueWhilePaid, graceFrom, nextChargeAt, pastDueFrom } from './dunning.js';
import { becomePastDue, beginGrace, expire } from './move-subscription.js';
import { periodDue } from './periods.js';
import { findSubscription } from './subscription-store.js';

/** How long one worker may be charging before another takes over. */
const leaseMs = 5 * minuteMs;
/** The longest pause between two tries to reach the provider. */
const maxPauseMs = 60 * minuteMs;

/** Does what is due on subscriptions: renews them, tries again, and ends those that nobody pays for. */
export async function workSubscriptions(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'working on a subscription',
    from: 'billing.subscription',
    account: 'account_id',
    where: 'due_at <= $1',
    values: [ctx.clock.now()],
    since: 'due_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: async ({ id, accountId }) => {
      const own = asAccount(ctx, accountId);
      const step = await transaction(own, (tx) => nextStep(tx, id));
      if (step) await settle(own, { accountId, id: step.paymentId }, step);
    },
  });
}

/** A charge that is to be made, or of which nobody knows what has become. */
interface Step {
  readonly subscriptionId: string;
  readonly paymentId: string;
  readonly isNew: boolean;
  /** The provider's id of it, where its retries are to end first. */
  readonly cancels: string | null;
  readonly request: ChargeRequest;
}

async function nextStep(tx: Tx, id: string): Promise<Step | null> {
  const now = tx.clock.now();
  const subscription = await findSubscription(tx, id);
  if (!subscription || subscription.dueAt === null || subscription.dueAt > now) return null;
  if (subscription.periodEnd > now) return waitForEnd(tx, subscription);
  // Of an account that was closed nothing is renewed.
  if (subscription.state === SubscriptionState.CANCELLED || tx.unit.account.isClosed)
    return ended(expire(tx, subscription, 'CANCELLED'));
  const charges = await findCharges(tx, id, subscription.periodEnd);
  const isGraceOver = subscription.graceEndsAt !== null && subscription.graceEndsAt <= now;
  const isOpen = charges.some(({ state }) => state === PaymentState.PENDING);
  if (isGraceOver && (isOpen || !awaitsNewCard(subscription, attemptsOf(charges))))
    return ended(expire(tx, subscription, 'UNPAID'));
  return renewalOf(tx, subscription, charges);
}

async function ended(done: Promise<void>): Promise<null> {
  await done;
  return null;
}

/** The card may expire before the renewal. */
async function waitForEnd(tx: Tx, subscription: Subscription): Promise<null> {
  const { state, cardGoodUntil, periodEnd } = subscription;
  const expires = state === SubscriptionState.ACTIVE && cardGoodUntil !== null && cardGoodUntil <= periodEnd;
  subscription.dueAt = dueWhilePaid(subscription, tx.clock.now());
  if (expires && subscription.dueAt === periodEnd) await tellCardExpires(tx, subscription);
  return null;
}

async function renewalOf(tx: Tx, subscription: Subscription, charges: readonly Payment[]): Promise<Step | null> {
  const now = tx.clock.now();
  const attempts = attemptsOf(charges);
  const open = charges.find(({ state }) => state === PaymentState.PENDING);
  const chargeAt = nextChargeAt(subscription, attempts);
  const { periodEnd } = subscription;
  const since = attempts ?? { firstAt: periodEnd, lastAt: periodEnd, lastInstrumentId: null };
  if (attempts || chargeAt === null) await moveBy(tx, subscription, since, open !== undefined || chargeAt === null);
  const deadline = subscription.graceEndsAt ?? graceFrom(since);
  const dueAt = (moment: Date) => (moment < deadline && moment > now ? moment : laterThan(now, deadline));
  if (open) {
    const retryAt = open.retryAt !== null && open.retryAt > now ? open.retryAt : null;
    // A new card makes what the provider would try again for nothing.
    const isWaited = retryAt !== null && !awaitsNewCard(subscription, attempts);
    subscription.dueAt = dueAt(isWaited ? retryAt : new Date(now.getTime() + leaseMs));
    return isWaited ? null : { ...stepOf(subscription, open, false), cancels: retryAt ? open.providerPaymentId : null };
  }
  if (chargeAt === null || chargeAt > now) {
    subscription.dueAt = dueAt(chargeAt ?? deadline);
    return null;
  }
  subscription.dueAt = dueAt(new Date(now.getTime() + leaseMs));
  return stepOf(subscription, beginCharge(tx, subscription, charges), true);
}

function stepOf(subscription: Subscription, payment: Payment, isNew: boolean): Step {
  const { reference, amountCents, currency } = payment;
  const request = {
    ...{ reference, idempotencyKey: reference, amountCents, currency },
    instrumentId: payment.instrumentId ?? '',
    previousPaymentId: subscription.previousPaymentId ?? '',
    description: 'Perpetua Flow Pro, one month',
  };
  return { subscriptionId: subscription.id, paymentId: payment.id, isNew, cancels: null, request };
}

/** The deadline, unless that is over: then soon, as it is acted upon next. */
function laterThan(now: Date, deadline: Date): Date {
  return deadline > now ? deadline : new Date(now.getTime() + leaseMs);
}

function attemptsOf(charges: readonly Payment[]): Attempts | null {
  const [last] = charges;
  const first = charges.at(-1);
  if (!last || !first) return null;
  return { firstAt: first.createdAt, lastAt: last.createdAt, lastInstrumentId: last.instrumentId };
}

/** What time does to a renewal that is not paid. @param isStuck whether there is nothing more to be tried, or no answer */
async function moveBy(tx: Tx, subscription: Subscription, attempts: Attempts, isStuck: boolean): Promise<void> {
  const now = tx.clock.now();
  if (subscription.state === SubscriptionState.ACTIVE && now >= pastDueFrom(attempts))
    await becomePastDue(tx, subscription);
  if (subscription.state === SubscriptionState.PAST_DUE && isStuck && now >= graceFrom(attempts))
    await beginGrace(tx, subscription);
}

function beginCharge(tx: Tx, subscription: Subscription, charges: readonly Payment[]): Payment {
  const { start } = periodDue(subscription.anchor, subscription.periodEnd, tx.clock.now());
  const before = charges.filter(({ periodStart }) => periodStart?.getTime() === start.getTime());
  return beginPayment(tx, {
    purpose: PaymentPurpose.PRO,
    amountCents: proCents,
    subscriptionId: subscription.id,
    periodStart: start,
    attempt: before.length + 1,
    instrumentId: subscription.instrumentId,
    lookAt: new Date(tx.clock.now().getTime() + maxPauseMs),
  });
}

/** Charges, unless that was done already: what could not be asked is tried later. */
async function settle(ctx: Context, payment: OwnedPayment, step: Step): Promise<void> {
  const { subscriptionId, isNew, cancels: providerPaymentId, request } = step;
  try {
    if (providerPaymentId) return await cancelRetry(ctx, payment, { reference: request.reference, providerPaymentId });
    const known = isNew ? unasked : await readTruth(ctx, payment);
    await noteTruth(ctx, payment, known.payment ? known : { ...known, payment: await charge(ctx, request) });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    logFailure(ctx.log, error, { payment: payment.id }, 'a renewal could not be charged yet');
    await tryLater(ctx, payment, subscriptionId);
  }
}

/** Of a payment that was just begun. */
const unasked: Truth = { looks: 0, payment: null, others: [] };

function charge(ctx: Context, request: ChargeRequest): Promise<ProviderPayment> {
  return askProvider(ctx, 'charge', () => ctx.providers.payments.charge(request));
}

/** The longer it is in vain, the longer the pauses; what time does to the subscription is not missed. */
async function tryLater(ctx: Context, { id }: OwnedPayment, subscriptionId: string): Promise<void> {
  await transaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const subscription = await findSubscription(tx, subscriptionId);
    if (!subscription?.dueAt) return;
    const { createdAt } = await loadPayment(tx, id);
    const pauseMs = Math.min(maxPauseMs, Math.max(minuteMs, now.getTime() - createdAt.getTime()));
    const next = new Date(now.getTime() + pauseMs);
    const { graceEndsAt } = subscription;
    subscription.dueAt = graceEndsAt !== null && graceEndsAt < next ? graceEndsAt : next;
  });
}
