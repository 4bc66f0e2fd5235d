import type { Payment } from '../../entities/billing/payment.js';
import type { Subscription } from '../../entities/billing/subscription.js';
import { NotificationType } from '../../entities/notifications/notification.js';
import type { Tx } from '../kernel/context.js';
import { notify } from '../notifications/index.js';
import { dollars } from './prices.js';

/** Where a client shows plan, card and payments. */
const billingPage = '/settings/billing';

/** What a user is told of what they pay for. The key is what it is told for, once. */
interface Notice {
  readonly title: string;
  readonly body: string;
  readonly key: string;
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** `3 December 2026`, of the day in UTC. */
function day(moment: Date): string {
  return dayFormat.format(moment);
}

function card({ cardScheme, cardLastFour }: Pick<Subscription, 'cardScheme' | 'cardLastFour'>): string {
  return cardLastFour ? `your ${cardScheme || 'card'} ending in ${cardLastFour}` : 'your card';
}

/** Tells the account's user of a subscription or a payment, unless the account is closed: nobody may be there any more. */
async function tell(tx: Tx, entityType: 'subscription' | 'payment', entityId: string, notice: Notice): Promise<void> {
  if (tx.unit.account.isClosed) return;
  await notify(tx, {
    ...notice,
    type: NotificationType.SUBSCRIPTION,
    actionUrl: billingPage,
    about: { entityType, entityId },
    push: true,
  });
}

/** That Pro has begun. */
export function tellActivated(tx: Tx, subscription: Subscription): Promise<void> {
  return tell(tx, 'subscription', subscription.id, {
    title: 'Welcome to Pro',
    body: `You have it until ${day(subscription.periodEnd)}${subscription.cancelledAt ? '.' : ', when it renews itself.'}`,
    key: `pro activated ${subscription.id} ${subscription.periodStart.toISOString()}`,
  });
}

/** That the next month was paid. */
export function tellRenewed(tx: Tx, subscription: Subscription, { amountCents }: Payment): Promise<void> {
  const { cancelledAt, periodEnd } = subscription;
  return tell(tx, 'subscription', subscription.id, {
    title: 'Pro was renewed',
    body: `${dollars(amountCents)} were paid by ${card(subscription)}. Pro ${cancelledAt ? 'ends' : 'renews itself'} on ${day(periodEnd)}.`,
    key: `pro renewed ${subscription.id} ${subscription.periodStart.toISOString()}`,
  });
}

/** That a renewal was refused, and what comes next. */
export function tellFailed(tx: Tx, subscription: Subscription, payment: Payment): Promise<void> {
  const { needsNewCard } = subscription;
  const next = needsNewCard
    ? 'It will not be tried again: add another card to keep Pro.'
    : 'It will be tried again. Make sure that the card can be charged, or add another one.';
  return tell(tx, 'subscription', subscription.id, {
    title: needsNewCard ? 'Add a new card to keep Pro' : 'The payment for Pro failed',
    body: `${dollars(payment.amountCents)} could not be taken from ${card(subscription)}. ${next}`,
    key: `pro failed ${payment.id}`,
  });
}

/** That Pro ends in some days unless somebody pays. */
export function tellOfGrace(tx: Tx, subscription: Subscription): Promise<void> {
  const { id, periodEnd, graceEndsAt } = subscription;
  return tell(tx, 'subscription', subscription.id, {
    title: 'Pro ends soon',
    body: `The renewal was not paid. Pro goes on until ${graceEndsAt ? day(graceEndsAt) : 'then'}: pay or add another card before, to keep it.`,
    key: `pro grace ${id} ${periodEnd.toISOString()}`,
  });
}

/** That the account is on the free plan. */
export function tellExpired(tx: Tx, subscription: Subscription): Promise<void> {
  return tell(tx, 'subscription', subscription.id, {
    title: 'Pro has ended',
    body: 'You are on the free plan. Everything that you have made is still here.',
    key: `pro expired ${subscription.id} ${subscription.endedAt?.toISOString() ?? ''}`,
  });
}

/** That the card will have expired when it is to be charged. */
export function tellCardExpires(tx: Tx, subscription: Subscription): Promise<void> {
  return tell(tx, 'subscription', subscription.id, {
    title: 'Your card expires before Pro is renewed',
    body: `Pro renews itself on ${day(subscription.periodEnd)}, when ${card(subscription)} will have expired. Add another one.`,
    key: `card expires ${subscription.id} ${subscription.periodEnd.toISOString()}`,
  });
}

/** That credits were bought. */
export function tellBought(tx: Tx, payment: Payment): Promise<void> {
  return tell(tx, 'payment', payment.id, {
    title: `${payment.credits ?? 0} credits were added`,
    body: `You paid ${dollars(payment.amountCents)}. Credits that you buy never expire.`,
    key: `bought ${payment.id}`,
  });
}

/** Of how much has gone back by now. */
export function tellRefunded(tx: Tx, payment: Payment): Promise<void> {
  const why = payment.isSurplus ? ' It was paid already.' : '';
  return tell(tx, 'payment', payment.id, {
    title: `${dollars(payment.refundedCents)} went back to you`,
    body: `A payment of ${dollars(payment.amountCents)} was refunded.${why} It may take some days until you see it.`,
    key: `refunded ${payment.id} ${payment.refundedCents}`,
  });
}
