import { type Payment, PaymentPurpose, PaymentState } from '../../../entities/billing/payment.js';
import { dayMs, minuteMs } from '../../kernel/days.js';

/** How long what providers tell may get lost, and is found out by asking each night. */
const nightlyMs = 14 * dayMs;
/** How long a payer's bank may take a payment back. */
const disputableMs = 180 * dayMs;

/**
 * When the provider is asked about a payment next, whatever it tells by itself; null when nothing can come of it any more.
 * One that is open is asked about every few minutes; one that was decided every night, and after a fortnight now and then.
 */
export function nextLookAt(payment: Payment, now: Date): Date | null {
  const { state, purpose, isSurplus, refundedCents, amountCents, createdAt, succeededAt, attempt, pageExpiresAt } =
    payment;
  const after = (ms: number) => new Date(now.getTime() + ms);
  const age = now.getTime() - (succeededAt ?? createdAt).getTime();
  if (state === PaymentState.PENDING) {
    const soon = after(clamp(age, minuteMs, attempt === null ? 10 * minuteMs : dayMs));
    // Behind its end nobody can pay on it.
    const isSoon = pageExpiresAt !== null && pageExpiresAt > now && pageExpiresAt < soon;
    return isSoon ? new Date(pageExpiresAt.getTime() + minuteMs) : soon;
  }
  if (state !== PaymentState.SUCCEEDED) return age < nightlyMs ? after(clamp(age, dayMs, nightlyMs / 2)) : null;
  if (isSurplus && refundedCents < amountCents) return after(clamp(age, minuteMs, dayMs));
  if (purpose === PaymentPurpose.CARD || age >= disputableMs) return null;
  return after(age < nightlyMs ? dayMs : nightlyMs);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
