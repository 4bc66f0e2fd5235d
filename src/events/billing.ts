import { z } from 'zod';
import { creditPlaces } from '../../entities/billing/credit-difference.js';
import { PaymentPurpose } from '../../entities/billing/payment.js';
import { expiryReasons, products, SubscriptionState } from '../../entities/billing/subscription.js';
import { defineEvent } from '../kernel/events.js';
import { nothing, word } from './shapes.js';

export const creditsConsumed = defineEvent(
  'ai.credits_consumed',
  'credit_hold',
  'Credits that were held for an operation of the assistant were spent.',
  z.object({ amount: z.int() }),
);

export const creditsDiffer = defineEvent(
  'credits.differ',
  'account',
  'The nightly reconciliation found a balance of credits that is not the sum of its ledger.',
  z.object({ place: z.enum(creditPlaces), stored: z.int(), booked: z.int() }),
);

const period = z.object({ periodStart: z.iso.datetime(), periodEnd: z.iso.datetime() });

export const subscriptionCreated = defineEvent(
  'subscription.created',
  'subscription',
  'A subscription was paid for the first time.',
  period.extend({ product: z.enum(products) }),
);

export const subscriptionRenewed = defineEvent(
  'subscription.renewed',
  'subscription',
  'The next period of a subscription was paid.',
  period.extend({ from: z.enum(SubscriptionState) }),
);

export const subscriptionPastDue = defineEvent(
  'subscription.past_due',
  'subscription',
  'The period of a subscription is over, and its renewal was not paid.',
  z.object({ failedPayments: z.int() }),
);

export const subscriptionGraceStarted = defineEvent(
  'subscription.grace_started',
  'subscription',
  'No attempt to renew a subscription was paid: it goes on for some days.',
  z.object({ graceEndsAt: z.iso.datetime() }),
);

export const subscriptionCancelled = defineEvent(
  'subscription.cancelled',
  'subscription',
  'A subscription was cancelled: it ends with its period.',
  nothing,
);

export const subscriptionResumed = defineEvent(
  'subscription.resumed',
  'subscription',
  'A subscription that was cancelled goes on.',
  nothing,
);

export const subscriptionExpired = defineEvent(
  'subscription.expired',
  'subscription',
  'A subscription is over, and the account on the free plan.',
  z.object({ reason: z.enum(expiryReasons) }),
);

export const subscriptionCardChanged = defineEvent(
  'subscription.card_changed',
  'subscription',
  'A subscription will be renewed by another card.',
  nothing,
);

const money = z.object({ purpose: z.enum(PaymentPurpose), amountCents: z.int(), currency: word });

export const paymentSuccessful = defineEvent(
  'payment.successful',
  'payment',
  'A payment was made, or a card verified.',
  money.extend({ isSurplus: z.boolean() }),
);

export const paymentBegun = defineEvent(
  'payment.begun',
  'payment',
  'A page on which something can be paid was asked for.',
  money,
);

export const paymentExpired = defineEvent('payment.expired', 'payment', 'Nobody paid while a page was open.', money);

export const paymentFailed = defineEvent('payment.failed', 'payment', 'A payment was refused.', money);

export const paymentRefunded = defineEvent(
  'payment.refunded',
  'payment',
  'Money of a payment went back to its payer.',
  money.extend({ refundedCents: z.int() }),
);

export const paymentDisputed = defineEvent(
  'payment.disputed',
  'payment',
  "The payer's bank has taken a payment back, or has given that up.",
  money.extend({ disputedCents: z.int() }),
);
