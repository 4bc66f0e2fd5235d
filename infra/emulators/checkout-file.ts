import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Book } from './checkout-book.js';

const moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const Refusal = z.object({
  code: z.string(),
  summary: z.string(),
  recommendationCode: z.string().nullable(),
  adviceCode: z.string().nullable(),
});

const Page = z.object({
  id: z.string(),
  reference: z.string(),
  amount: z.int(),
  currency: z.string(),
  description: z.string(),
  displayName: z.string(),
  paymentType: z.string(),
  successUrl: z.string(),
  failureUrl: z.string(),
  cancelUrl: z.string(),
  createdAt: moment,
  expiresAt: moment,
  paymentId: z.string().nullable(),
});

const Action = z.object({
  id: z.string(),
  type: z.enum(['Authorization', 'Card Verification', 'Capture', 'Refund', 'Void']),
  processedAt: moment,
  amount: z.int(),
  refusal: Refusal.nullable(),
  reference: z.string().nullable(),
});

const Payment = z.object({
  id: z.string(),
  kind: z.enum(['page', 'charge']),
  reference: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
  paymentType: z.string(),
  description: z.string(),
  requestedAt: moment,
  instrument: z.object({
    id: z.string(),
    card: z.object({ number: z.string(), expiryMonth: z.int(), expiryYear: z.int(), name: z.string() }),
  }),
  status: z.enum([
    ...(['Pending', 'Authorized', 'Card Verified', 'Captured', 'Partially Refunded', 'Refunded'] as const),
    ...(['Declined', 'Retry Scheduled', 'Canceled'] as const),
  ]),
  captured: z.int(),
  refunded: z.int(),
  refusal: Refusal.nullable(),
  retries: z
    .object({
      afterMs: z.int(),
      left: z.int(),
      outcome: z.enum(['captured', 'declined']),
      nextAt: moment,
      endsAt: moment,
    })
    .nullable(),
  actions: z.array(Action),
});

const Dispute = z.object({
  id: z.string(),
  paymentId: z.string(),
  amount: z.int(),
  receivedAt: moment,
  status: z.enum(['evidence_required', 'lost', 'won']),
  updatedAt: moment,
});

/** A book as it lies in a file. */
const Kept = z.object({ pages: z.array(Page), payments: z.array(Payment), disputes: z.array(Dispute) });

/** Enters into an empty book what the file has, if there is one. @throws Error for a file that is no book, or too large a one */
export function readBook(file: string, book: Book): void {
  const { pages, payments, disputes } = keptIn(file);
  for (const page of pages) book.addPage(page);
  for (const payment of payments) book.addPayment(payment);
  for (const { paymentId, ...dispute } of disputes.reverse()) {
    const payment = book.payments.get(paymentId);
    if (payment) book.addDispute({ ...dispute, payment });
  }
}

function keptIn(file: string): z.infer<typeof Kept> {
  if (!existsSync(file)) return { pages: [], payments: [], disputes: [] };
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const remedy = 'Start over: npm run reset';
    throw new Error(`${file} is no book of payments as this version keeps it. ${remedy}`, { cause: error });
  }
}

/** Puts a book into the file: whoever is killed meanwhile leaves the book before it. */
export function writeBook(file: string, { pages, payments, disputes }: Book): void {
  const kept = z.encode(Kept, {
    pages: [...pages.values()],
    payments: [...payments.values()],
    disputes: disputes.map(({ payment, ...dispute }) => ({ ...dispute, paymentId: payment.id })),
  });
  // Numbers of cards are in it.
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
