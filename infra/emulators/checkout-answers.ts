import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  type Action,
  type Book,
  type Dispute,
  type KeptInstrument,
  newId,
  type Page,
  type Payment,
} from './checkout-book.js';
import { schemeOf } from './checkout-cards.js';
import { sendJson } from './server.js';

const approval = { code: '10000', summary: 'Approved' };

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  /** Left out where the provider sends none. */
  readonly body?: object;
}

/** Sends an answer, with the id that the provider's support would ask for. */
export function send(response: ServerResponse, { status, body }: Answer): void {
  response.setHeader('cko-request-id', newId('req'));
  if (body === undefined) response.writeHead(status, { 'content-length': 0 }).end();
  else sendJson(response, status, body);
}

/** In the words of Checkout.com. */
export function refused(status: number, type: string, codes: readonly string[]): Answer {
  return { status, body: { request_id: newId('req'), error_type: type, error_codes: codes } };
}

/** Something wrong with what was asked for. */
export function invalid(...codes: string[]): Answer {
  return refused(422, 'request_invalid', codes);
}

/** As the provider answers what it does not know. */
export const notFound: Answer = { status: 404 };

/** A payment as it is read. */
export function detailsOf(payment: Payment): object {
  const { id, amount, currency, reference, status, actions } = payment;
  return {
    id,
    requested_on: payment.requestedAt.toISOString(),
    source: sourceOf(payment.instrument),
    amount,
    currency,
    payment_type: payment.paymentType,
    ...(reference === null ? {} : { reference }),
    description: payment.description,
    approved: isApproved(payment),
    status,
    balances: balancesOf(payment),
    ...retryOf(payment),
    ...processingOf(payment),
    actions: actions.map((action) => ({ id: action.id, type: action.type, ...outcomeOf(action) })),
    _links: linksOf(id),
  };
}

/** What a charge is answered with, once the bank has. Money is taken after that, so that is not said yet. */
export function chargeOf(decided: Payment): object {
  const payment: Payment = decided.captured > 0 ? { ...decided, status: 'Authorized', captured: 0 } : decided;
  const { id, amount, currency, reference, status, actions } = payment;
  const action = actions.at(-1);
  return {
    id,
    action_id: action?.id,
    amount,
    currency,
    approved: isApproved(payment),
    status,
    ...(action ? outcomeOf(action) : {}),
    source: sourceOf(payment.instrument),
    processed_on: payment.requestedAt.toISOString(),
    ...(reference === null ? {} : { reference }),
    balances: balancesOf(payment),
    ...retryOf(payment),
    ...processingOf(payment),
    _links: linksOf(id),
  };
}

/** What a charge is answered with that is decided later. */
export function pendingOf({ id, status, reference }: Payment): object {
  return { id, status, ...(reference === null ? {} : { reference }), _links: linksOf(id) };
}

export function actionOf(action: Action): object {
  const { id, type, processedAt, amount, reference } = action;
  return {
    id,
    type,
    processed_on: processedAt.toISOString(),
    amount,
    approved: action.refusal === null,
    ...outcomeOf(action),
    ...(reference === null ? {} : { reference }),
  };
}

export function pageOf(page: Page, address: string, now: Date): object {
  const { id, reference, amount, currency, description, paymentId } = page;
  const open = now < page.expiresAt ? 'Payment Pending' : 'Expired';
  return {
    id,
    status: paymentId === null ? open : 'Payment Received',
    reference,
    amount,
    currency,
    description,
    ...(paymentId === null ? {} : { payment_id: paymentId }),
    success_url: page.successUrl,
    failure_url: page.failureUrl,
    cancel_url: page.cancelUrl,
    created_on: page.createdAt.toISOString(),
    _links: { redirect: { href: address } },
  };
}

export function instrumentOf(instrument: KeptInstrument): object {
  return { ...sourceOf(instrument), name: instrument.card.name };
}

export function disputeOf({ id, payment, amount, status, receivedAt, updatedAt }: Dispute): object {
  return {
    id,
    category: 'fraudulent',
    status,
    amount,
    currency: payment.currency,
    reason_code: '10.4',
    payment_id: payment.id,
    payment_reference: payment.reference,
    payment_method: schemeOf(payment.instrument.card).toUpperCase(),
    received_on: receivedAt.toISOString(),
    last_update: updatedAt.toISOString(),
  };
}

/** A page of a list. */
export function listOf(items: readonly object[], { limit, skip }: { limit: number; skip: number }): object {
  return { limit, skip, total_count: items.length, data: items.slice(skip, skip + limit) };
}

/** The disputes of a payment, or all. */
export function disputesIn(book: Book, paymentId: string | null): object[] {
  return book.disputes.filter(({ payment }) => paymentId === null || payment.id === paymentId).map(disputeOf);
}

/** A card as it may be shown. */
export function sourceOf({ id, card }: KeptInstrument): object {
  return {
    id,
    type: 'card',
    expiry_month: card.expiryMonth,
    expiry_year: card.expiryYear,
    scheme: schemeOf(card),
    last4: card.number.slice(-4),
    fingerprint: createHash('sha256').update(card.number).digest('hex').toUpperCase(),
    bin: card.number.slice(0, 6),
  };
}

function isApproved({ status }: Payment): boolean {
  return status !== 'Declined' && status !== 'Retry Scheduled' && status !== 'Pending' && status !== 'Canceled';
}

function balancesOf({ status, amount, captured, refunded }: Payment): object {
  const authorized = status === 'Authorized' ? amount : captured;
  return {
    total_authorized: authorized,
    total_voided: status === 'Canceled' ? amount : 0,
    available_to_void: authorized - captured,
    total_captured: captured,
    available_to_capture: authorized - captured,
    total_refunded: refunded,
    available_to_refund: captured - refunded,
  };
}

function retryOf({ retries, status }: Payment): object {
  if (!retries || status !== 'Retry Scheduled') return {};
  const { left, nextAt, endsAt } = retries;
  return {
    retry: { max_attempts: left, next_attempt_on: nextAt.toISOString(), ends_on: endsAt.toISOString() },
  };
}

function processingOf({ refusal }: Payment): object {
  if (!refusal) return {};
  const { recommendationCode, adviceCode } = refusal;
  return {
    processing: {
      ...(recommendationCode === null ? {} : { recommendation_code: recommendationCode }),
      ...(adviceCode === null ? {} : { partner_merchant_advice_code: adviceCode }),
    },
  };
}

function outcomeOf({ refusal }: Action): object {
  const { code, summary } = refusal ?? approval;
  return { response_code: code, response_summary: summary };
}

function linksOf(id: string): object {
  return { self: { href: `/payments/${id}` }, actions: { href: `/payments/${id}/actions` } };
}
