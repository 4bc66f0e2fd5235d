import type { ServerResponse } from 'node:http';
import type { Outcome } from './checkout-acquirer.js';
import { newInstrument, type Page, type Payment } from './checkout-book.js';
import { type Card, faultOf, standardCard } from './checkout-cards.js';
import type { Parts } from './checkout-parts.js';
import type { EmulatedRequest } from './server.js';

/** A page's id, when this is a page's path. */
export function pageIdOf(path: string): string | null {
  return /^\/page\/(\w+)$/.exec(path)?.[1] ?? null;
}

/** Pays on a page with a card, as its payer does; a refusal is a payment too, and leaves the page as it is. */
export function payOn({ acquirer, book }: Parts, page: Page, card: Card, outcome: Outcome): Payment {
  const { reference, amount, currency, paymentType, description } = page;
  const order = { reference, amount, currency, paymentType, description, instrument: newInstrument(card) };
  const payment = acquirer.take({ kind: 'page', ...order }, outcome);
  if (payment.status === 'Declined' || payment.status === 'Retry Scheduled') return payment;
  page.paymentId = payment.id;
  book.changed();
  return payment;
}

/** Where the payer goes, with the names that the provider adds. */
export function returnUrlOf(url: string, page: Page, payment: Payment | null): string {
  const address = new URL(url);
  address.searchParams.set('cko-session-id', page.id.replace('hpp_', 'sid_'));
  if (payment) address.searchParams.set('cko-payment-id', payment.id);
  return address.href;
}

/** What the browser is sent: a document, or another place to go to. */
type Shown = { readonly status: number; readonly content: string } | { readonly location: string };

/** Serves a page and what its buttons send. */
export function servePage(parts: Parts, page: Page, request: EmulatedRequest, response: ServerResponse): void {
  const shown = shownOf(parts, page, request);
  if ('location' in shown) response.writeHead(303, { location: shown.location, 'content-length': 0 }).end();
  else response.writeHead(shown.status, documentHeaders).end(shown.content);
}

const documentHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

function shownOf(parts: Parts, page: Page, { method, body }: EmulatedRequest): Shown {
  if (isClosed(parts, page)) return { status: method === 'POST' ? 409 : 200, content: closedPage(parts, page) };
  if (method !== 'POST') return { status: 200, content: formOf(page, standardCard, null) };
  const form = new URLSearchParams(body);
  if (form.get('action') === 'cancel') return { location: returnUrlOf(page.cancelUrl, page, null) };
  const card = cardOf(form);
  const fault = faultOf(card, parts.now());
  if (fault !== null) return { status: 422, content: formOf(page, card, fault) };
  const outcome = parts.state.outcomeOf([page.reference, card.number], card, parts.now());
  const payment = payOn(parts, page, card, outcome);
  if (page.paymentId === payment.id) return { location: returnUrlOf(page.successUrl, page, payment) };
  const { summary = '', code = '' } = payment.refusal ?? {};
  const declined = `The payment was declined: ${summary} (${code}). Try another card.`;
  return { status: 402, content: formOf(page, card, declined) };
}

function isClosed({ now }: Parts, page: Page): boolean {
  return page.paymentId !== null || now() >= page.expiresAt;
}

function cardOf(form: URLSearchParams): Card {
  const [month = '', year = ''] = (form.get('expiry') ?? '').split('/');
  return {
    number: (form.get('number') ?? '').replace(/\D/g, ''),
    expiryMonth: Number(month.trim()) || 0,
    expiryYear: 2_000 + (Number(year.trim()) % 100 || 0),
    name: form.get('name') ?? '',
  };
}

function closedPage({ book }: Parts, page: Page): string {
  const payment = page.paymentId === null ? null : (book.payments.get(page.paymentId) ?? null);
  const [text, url] = payment ? ['This has been paid.', page.successUrl] : ['This page has expired.', page.failureUrl];
  const link = `<a href="${escaped(returnUrlOf(url, page, payment))}">Go back</a>`;
  return document(page, `<p role="status">${text}</p><p>${link}</p>`);
}

function formOf(page: Page, card: Card, fault: string | null): string {
  const number = card.number.replace(/(.{4})(?=.)/g, '$1 ');
  const expiry = `${String(card.expiryMonth).padStart(2, '0')}/${String(card.expiryYear % 100).padStart(2, '0')}`;
  return document(
    page,
    `${fault === null ? '' : `<p role="alert">${escaped(fault)}</p>`}
<form method="post">
${field('number', 'Card number', number, 'cc-number', 'inputmode="numeric"')}
${field('expiry', 'Expiry date (MM/YY)', expiry, 'cc-exp', 'inputmode="numeric"')}
${field('cvv', 'Security code', '100', 'cc-csc', 'inputmode="numeric"')}
${field('name', 'Name on the card', card.name, 'cc-name', '')}
<p><button name="action" value="pay">${page.amount === 0 ? 'Verify' : `Pay ${escaped(moneyOf(page))}`}</button>
<button name="action" value="cancel" formnovalidate>Cancel</button></p>
</form>`,
  );
}

function field(name: string, label: string, value: string, autocomplete: string, more: string): string {
  return `<p><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${escaped(value)}" autocomplete="${autocomplete}" required ${more}></p>`;
}

function document(page: Page, content: string): string {
  const payee = escaped(page.displayName || 'the shop');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pay ${payee}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 2rem auto; padding: 0 1rem; }
label { display: block; }
input { font: inherit; width: 100%; padding: 0.4rem; box-sizing: border-box; }
button { font: inherit; padding: 0.4rem 1rem; }
[role='alert'] { border-left: 0.3rem solid #b00020; padding-left: 0.7rem; }
</style>
</head>
<body>
<main>
<h1>Pay ${payee}</h1>
<p>${escaped(page.description)}</p>
<p><strong>${escaped(moneyOf(page))}</strong></p>
${content}
<p><small>This is an emulator: no money moves. Reference: ${escaped(page.reference)}</small></p>
</main>
</body>
</html>
`;
}

function moneyOf({ amount, currency }: Page): string {
  return `${(amount / 100).toFixed(2)} ${currency}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
