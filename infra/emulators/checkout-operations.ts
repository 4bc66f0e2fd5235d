import { z } from 'zod';
import { type Answer, chargeOf, invalid, notFound, pageOf, pendingOf, refused } from './checkout-answers.js';
import { newId, type Page, type Payment } from './checkout-book.js';
import type { ApiRequest, Parts } from './checkout-parts.js';

/** How long a page can be paid on. */
const pageLifetimeMs = 30 * 60_000;

const Money = { amount: z.int().min(0).max(2_147_483_647), currency: z.string().regex(/^[A-Z]{3}$/) };
const reference = z.string().min(1).max(80);
const returnUrl = z.url({ protocol: /^https?$/ }).max(255);

const PageBody = z.looseObject({
  ...Money,
  reference: reference.max(50),
  description: z.string().max(100).default(''),
  display_name: z.string().default(''),
  payment_type: z.enum(['Regular', 'Recurring']).default('Regular'),
  billing: z.looseObject({ address: z.looseObject({ country: z.string().regex(/^[A-Z]{2}$/) }) }),
  success_url: returnUrl,
  failure_url: returnUrl,
  cancel_url: returnUrl,
});

const ChargeBody = z.looseObject({
  ...Money,
  source: z.looseObject({ type: z.literal('id'), id: z.string() }),
  payment_type: z.enum(['Recurring', 'Unscheduled']),
  merchant_initiated: z.literal(true),
  previous_payment_id: z.string(),
  reference: reference.optional(),
  description: z.string().max(100).default(''),
});

const RefundBody = z.looseObject({ amount: z.int().min(1).optional(), reference: reference.optional() });

/** Makes a page to pay on. */
export function createPage({ book, now }: Parts, { body, origin }: ApiRequest): Answer {
  const parsed = PageBody.safeParse(jsonOf(body));
  if (!parsed.success) return invalid(...codesOf(parsed.error));
  const asked = parsed.data;
  const createdAt = now();
  const page: Page = {
    id: newId('hpp'),
    reference: asked.reference,
    amount: asked.amount,
    currency: asked.currency,
    description: asked.description,
    displayName: asked.display_name,
    paymentType: asked.payment_type,
    successUrl: asked.success_url,
    failureUrl: asked.failure_url,
    cancelUrl: asked.cancel_url,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + pageLifetimeMs),
    paymentId: null,
  };
  book.addPage(page);
  book.changed();
  const _links = { self: { href: `/hosted-payments/${page.id}` }, redirect: { href: addressOf(page, origin) } };
  return { status: 201, body: { id: page.id, reference: page.reference, _links } };
}

/** Where a page is served. */
function addressOf({ id }: Page, origin: string): string {
  return `${origin}/page/${id}`;
}

/** What has become of a page. */
export function showPage({ book, now }: Parts, { origin }: ApiRequest, id: string): Answer {
  const page = book.pages.get(id);
  return page ? { status: 200, body: pageOf(page, addressOf(page, origin), now()) } : notFound;
}

/** How a request goes: what it is answered with, and whether that is never sent. */
export interface Operated {
  readonly answer: Answer;
  readonly hangs?: boolean;
}

/** Charges a kept card. */
export function charge({ book, acquirer, state, now }: Parts, { body }: ApiRequest): Operated {
  const parsed = ChargeBody.safeParse(jsonOf(body));
  if (!parsed.success) return { answer: invalid(...codesOf(parsed.error)) };
  const { source, amount, currency, reference = null, description, payment_type, previous_payment_id } = parsed.data;
  const instrument = book.instruments.get(source.id);
  if (!instrument) return { answer: invalid('source_id_invalid') };
  if (!book.payments.has(previous_payment_id)) return { answer: invalid('previous_payment_id_invalid') };
  const names = [reference ?? '', instrument.id, instrument.card.number];
  const outcome = state.outcomeOf(names, instrument.card, now());
  const order = { reference, amount, currency, paymentType: payment_type, description, instrument };
  const payment = acquirer.take({ kind: 'charge', ...order }, outcome);
  const answer = outcome.isPending
    ? { status: 202, body: pendingOf(payment) }
    : { status: 201, body: chargeOf(payment) };
  return { answer, hangs: outcome.hangs };
}

/** Gives money back. */
export function refund({ book, acquirer }: Parts, { body }: ApiRequest, id: string): Answer {
  const payment = book.payments.get(id);
  if (!payment) return notFound;
  const parsed = RefundBody.safeParse(jsonOf(body));
  if (!parsed.success) return invalid(...codesOf(parsed.error));
  const left = refundable(payment);
  if (left === 0) return refused(403, 'invalid_request', ['payment_not_refundable']);
  const { amount = left, reference = null } = parsed.data;
  if (amount > left) return invalid('refund_amount_exceeds_balance');
  const action = acquirer.refund(payment, amount, reference);
  return { status: 202, body: { action_id: action.id, reference, _links: { payment: { href: `/payments/${id}` } } } };
}

/** Ends the tries that a payment would be tried again by itself. */
export function cancel({ book, acquirer }: Parts, _request: ApiRequest, id: string): Answer {
  const payment = book.payments.get(id);
  if (!payment) return notFound;
  if (payment.status !== 'Retry Scheduled') return refused(403, 'invalid_request', ['cancellation_not_allowed']);
  acquirer.cancel(payment);
  return { status: 202, body: { action_id: newId('act'), _links: { payment: { href: `/payments/${id}` } } } };
}

/** What can still be given back. */
export function refundable({ captured, refunded }: Payment): number {
  return captured - refunded;
}

/** `amount_invalid`, and so on. */
function codesOf(error: z.ZodError): string[] {
  return [...new Set(error.issues.map(({ path }) => `${path.map(String).join('_') || 'body'}_invalid`))];
}

/** Null for what is no JSON. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    return null;
  }
}
