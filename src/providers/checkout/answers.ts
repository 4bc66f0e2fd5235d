import { z } from 'zod';
import { mendedLine } from '../../kernel/text.js';
import type { PaymentStatus } from '../payments.js';

/** What each status means; one that is not here is a failure, not a guess. */
const statuses: ReadonlyMap<string, PaymentStatus> = new Map([
  ['Active', 'PENDING'],
  ['Requested', 'PENDING'],
  ['Pending', 'PENDING'],
  ['Authentication Requested', 'PENDING'],
  ['Authorized', 'AUTHORIZED'],
  ['Deferred Capture', 'AUTHORIZED'],
  ['Card Verified', 'VERIFIED'],
  ['Captured', 'PAID'],
  ['Partially Captured', 'PAID'],
  ['Partially Refunded', 'PAID'],
  ['Refunded', 'PAID'],
  ['Paid', 'PAID'],
  ['Retry Scheduled', 'RETRY_SCHEDULED'],
  ['Declined', 'DECLINED'],
  ['Voided', 'VOIDED'],
  ['Canceled', 'VOIDED'],
  ['Expired', 'EXPIRED'],
]);

const Status = z.string().transform((text, refusal): PaymentStatus => {
  const status = statuses.get(text);
  if (status) return status;
  refusal.addIssue('must be a status that we know');
  return z.NEVER;
});

/** Whether this could name a payment, also where it goes into an address. */
export function isPaymentId(text: string): boolean {
  return /^pay_\w{1,60}$/.test(text);
}

const PaymentId = z.string().refine(isPaymentId, 'must be the id of a payment');

const Cents = z.int().min(0);
const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
/** What the provider says of something, as it can be stored. */
const Words = z.string().transform((text) => mendedLine(text, 200));

/** Months and years come as numbers, and as text from some networks. */
const Card = z.object({
  type: z.literal('card'),
  id: z.string().min(1).max(100).nullish(),
  scheme: Words.nullish(),
  last4: z.string().regex(/^\d{4}$/),
  expiry_month: z.coerce.number().int().min(1).max(12),
  expiry_year: z.coerce.number().int().min(2_000).max(2_999),
});

/** What was paid with: only cards are kept and charged again. */
const Source = z.union([
  Card,
  z.looseObject({ type: z.string().refine((type) => type !== 'card') }).transform(() => null),
]);

const Action = z.object({
  type: z.string(),
  response_code: Words.nullish(),
  response_summary: Words.nullish(),
});
export type Action = z.infer<typeof Action>;

/** A payment as each answer has it, as far as we go by it. */
export const Payment = z.object({
  id: PaymentId,
  reference: z.string().nullish(),
  status: Status,
  amount: Cents,
  currency: z.string().length(3),
  requested_on: Moment.nullish(),
  processed_on: Moment.nullish(),
  balances: z.object({ total_captured: Cents.nullish(), total_refunded: Cents.nullish() }).nullish(),
  source: Source.nullish(),
  response_code: Words.nullish(),
  response_summary: Words.nullish(),
  processing: z
    .object({ recommendation_code: Words.nullish(), partner_merchant_advice_code: Words.nullish() })
    .nullish(),
  actions: z.array(Action).nullish(),
  retry: z.object({ next_attempt_on: Moment.nullish() }).nullish(),
});
export type Payment = z.infer<typeof Payment>;

/** A page of the payments with one reference. */
export const PaymentList = z.object({ total_count: z.int().min(0), data: z.array(Payment) });

/** The actions of one payment, the latest first. */
export const Actions = z.array(Action);

/** A page that was made to pay on. */
export const HostedPage = z.object({
  id: z.string().min(1).max(100),
  _links: z.object({ redirect: z.object({ href: z.url({ protocol: /^https?$/ }) }) }),
});

export const Disputes = z.object({
  data: z.array(
    z.object({
      status: z.enum([
        ...(['evidence_required', 'evidence_under_review', 'resolved', 'won', 'lost', 'canceled', 'expired'] as const),
        ...(['accepted', 'arbitration_under_review', 'arbitration_won', 'arbitration_lost'] as const),
        'arb_evidence_submitted',
      ]),
      amount: Cents,
    }),
  ),
});
export type Disputes = z.infer<typeof Disputes>;

/** That a refund, or the end of retries, was taken on. */
export const TakenOn = z.object({ action_id: z.string() });
