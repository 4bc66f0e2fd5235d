import { z } from 'zod';
import type { Payment } from './checkout-book.js';
import { type Card, refusalOf, standardCard } from './checkout-cards.js';
import { refundable } from './checkout-operations.js';
import { payOn, returnUrlOf } from './checkout-page.js';
import type { Parts } from './checkout-parts.js';
import type { Webhooks } from './checkout-webhooks.js';
import { BadRequest, readJson } from './server.js';

const EnteredCard = z.strictObject({
  number: z
    .string()
    .regex(/^\d{13,19}$/)
    .default(standardCard.number),
  expiryMonth: z.int().min(1).max(12).default(standardCard.expiryMonth),
  expiryYear: z.int().min(2_000).max(2_999).default(standardCard.expiryYear),
  name: z.string().default(standardCard.name),
});

/** What a payer does, or a bank with what was pending. */
const Pay = z.strictObject({
  reference: z.string(),
  outcome: z.enum(['captured', 'declined', 'cancelled', 'authorized']).default('captured'),
  /** Of a decline; 20005 when not given. */
  code: z.string().optional(),
  card: EnteredCard.optional(),
  /** Also on a page that has been paid on, as in a tab that was opened before. */
  again: z.boolean().default(false),
});
export type PayScript = z.input<typeof Pay>;

const Refund = z.strictObject({ reference: z.string(), amountCents: z.int().min(1).optional() });
const Dispute = z.strictObject({ reference: z.string(), outcome: z.enum(['received', 'lost', 'won']) });
export type RefundScript = z.infer<typeof Refund>;
export type DisputeScript = z.infer<typeof Dispute>;

const Deliver = z.strictObject({
  types: z.array(z.string()).optional(),
  references: z.array(z.string()).optional(),
  limit: z.int().min(0).optional(),
  order: z.enum(['kept', 'reversed', 'shuffled']).optional(),
  seed: z.int().optional(),
});

/** What a script has led to. */
export interface Scripted {
  readonly paymentId: string | null;
  readonly status: string | null;
  /** Where the payer's browser goes; null when it stays, or there is none. */
  readonly redirectUrl: string | null;
}

/** Does what a script asks for; null where there is no such script. @throws BadRequest */
export async function runScript(parts: Parts, webhooks: Webhooks, path: string, body: string): Promise<object | null> {
  if (path === '/_pay') return pay(parts, readJson(Pay, body));
  if (path === '/_refund') return refund(parts, readJson(Refund, body));
  if (path === '/_dispute') return dispute(parts, readJson(Dispute, body));
  if (path === '/_deliver') return { deliveries: await webhooks.deliver(readJson(Deliver, body)) };
  if (path !== '/_tick') return null;
  parts.acquirer.tick();
  return {};
}

/** Decides what is pending or held, else pays on the page. @throws BadRequest */
export function pay(parts: Parts, script: PayScript): Scripted {
  const { reference, outcome, code = '20005', card = standardCard, again } = Pay.parse(script);
  const open = parts.book
    .withReference(reference)
    .find(({ status }) => status === 'Pending' || status === 'Authorized');
  if (open) return decided(parts, open, outcome, code);
  return paid(parts, reference, { outcome, code, card, again });
}

type Ending = z.infer<typeof Pay>['outcome'];

function decided({ acquirer }: Parts, payment: Payment, outcome: Ending, code: string): Scripted {
  if (outcome === 'cancelled') acquirer.cancel(payment);
  else if (outcome === 'declined') acquirer.refuse(payment, refusalOf(code));
  else if (payment.status === 'Pending') acquirer.approve(payment, outcome === 'authorized');
  else if (outcome === 'captured') acquirer.capture(payment);
  return { paymentId: payment.id, status: payment.status, redirectUrl: null };
}

/** What a payer does on a page. */
interface Paying {
  readonly outcome: Ending;
  readonly code: string;
  readonly card: Card;
  readonly again: boolean;
}

function paid(parts: Parts, reference: string, { outcome, code, card, again }: Paying): Scripted {
  const page = parts.book.pageOf(reference);
  if (!page) throw new BadRequest('There is neither a page nor a payment with this reference to pay.');
  if (page.paymentId !== null && !again) throw new BadRequest('This page has been paid on.');
  if (outcome === 'cancelled')
    return { paymentId: null, status: null, redirectUrl: returnUrlOf(page.cancelUrl, page, null) };
  if (parts.now() >= page.expiresAt) throw new BadRequest('This page has expired.');
  const refusal = outcome === 'declined' ? refusalOf(code) : null;
  const isHeld = outcome === 'authorized';
  const payment = payOn(parts, page, card, { refusal, retrySchedule: null, isPending: false, isHeld });
  const redirectUrl = page.paymentId === payment.id ? returnUrlOf(page.successUrl, page, payment) : null;
  return { paymentId: payment.id, status: payment.status, redirectUrl };
}

/** As somebody does who is signed in at the provider. @throws BadRequest */
export function refund({ book, acquirer }: Parts, { reference, amountCents }: RefundScript): Scripted {
  const payments = book.withReference(reference);
  const payment = payments.find((each) => refundable(each) > 0) ?? capturedOf(payments);
  const amount = amountCents ?? refundable(payment);
  if (amount < 1 || amount > refundable(payment)) throw new BadRequest('There is not so much left to give back.');
  acquirer.refund(payment, amount, null);
  return { paymentId: payment.id, status: payment.status, redirectUrl: null };
}

/** What the payer's bank asks for, and how it decides. @throws BadRequest */
export function dispute({ book, acquirer }: Parts, { reference, outcome }: DisputeScript): Scripted {
  const payment = capturedOf(book.withReference(reference));
  acquirer.dispute(payment, outcome);
  return { paymentId: payment.id, status: payment.status, redirectUrl: null };
}

function capturedOf(payments: readonly Payment[]): Payment {
  const captured = payments.find((payment) => payment.captured > 0);
  if (!captured) throw new BadRequest('No payment with this reference was captured.');
  return captured;
}
