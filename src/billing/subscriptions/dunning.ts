import { Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { dayMs } from '../../kernel/days.js';

/** How often a renewal is tried, a day apart (spec, section 10). */
export const maxAttempts = 3;
/** How long Pro goes on when none was paid. */
export const graceMs = 3 * dayMs;
/** How long before the renewal somebody is told that their card will have expired. */
const cardNoticeMs = 7 * dayMs;

/** Why a renewal was not paid, and since when it is tried. */
export interface Attempts {
  /** When the first one for the due period was begun. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The card of the last one. */
  readonly lastInstrumentId: string | null;
}

/** From when on a renewal that nobody could ask for is past due. */
export function pastDueFrom({ firstAt }: Attempts): Date {
  return new Date(firstAt.getTime() + dayMs);
}

/** When the last attempt is made: if nothing was paid by then, the grace period begins. */
export function graceFrom({ firstAt }: Attempts): Date {
  return new Date(firstAt.getTime() + (maxAttempts - 1) * dayMs);
}

/** Whether there is a card that was not tried yet: it is, at once, however late. */
export function awaitsNewCard({ instrumentId, needsNewCard }: Subscription, attempts: Attempts | null): boolean {
  return attempts !== null && instrumentId !== null && !needsNewCard && attempts.lastInstrumentId !== instrumentId;
}

/** When it may be charged next; null when it may not be, as its card was refused for good or too often. */
export function nextChargeAt(subscription: Subscription, attempts: Attempts | null): Date | null {
  const { instrumentId, needsNewCard, failedPayments, periodEnd } = subscription;
  if (instrumentId === null || needsNewCard) return null;
  if (!attempts) return periodEnd;
  if (awaitsNewCard(subscription, attempts)) return attempts.lastAt;
  if (failedPayments >= maxAttempts) return null;
  return new Date(attempts.lastAt.getTime() + dayMs);
}

/** When there is next something to do on one that is paid: its renewal, or a word about its card before that. */
export function dueWhilePaid({ periodEnd, cardGoodUntil, state }: Subscription, now: Date): Date {
  const noticeAt = new Date(periodEnd.getTime() - cardNoticeMs);
  const isNoticeDue = state === SubscriptionState.ACTIVE && cardGoodUntil !== null && cardGoodUntil <= periodEnd;
  return isNoticeDue && now < noticeAt ? noticeAt : periodEnd;
}
