import { Disputes, HostedPayments, Payments } from 'checkout-sdk-node';
import { z } from 'zod';
import {
  type ChargeRequest,
  type PageRequest,
  PaymentFailure,
  type PaymentPage,
  type PaymentProvider,
  type ProviderPayment,
} from '../payments.js';
import { HostedPage, isPaymentId, Payment, PaymentList, TakenOn } from './answers.js';
import { ask, askIfThere } from './ask.js';
import { looksSigned, readEvent } from './events.js';
import type { CheckoutOptions } from './options.js';
import { type Asking, inOurWords, nothingMore, readUndisputed, readWhole } from './read-payment.js';

/** How long a page can be paid on. The answer does not say so, and nothing can change it. */
const pageLifetimeMs = 30 * 60_000;

/** Payments of one page of a list, which is the most that there is. */
const paymentsOfPage = 100;

/** Checkout.com's SDK behind our interface. */
export function checkoutPayments(options: CheckoutOptions): PaymentProvider {
  const { hostedPayments, ...asking } = openSdk(options);
  return {
    openPage: (request) => openPage(options, hostedPayments, request),
    charge: (request) => charge(asking, request),
    readPayment: (id) => readPayment(asking, id),
    findPayments: (reference) => findPayments(asking, reference),
    refund: async ({ paymentId, amountCents, reference, idempotencyKey }) => {
      requirePaymentId(paymentId);
      const body = { amount: amountCents, reference };
      await ask(options, TakenOn, () => asking.payments.refund(paymentId, body, idempotencyKey));
    },
    cancelRetry: async ({ paymentId, idempotencyKey }) => {
      requirePaymentId(paymentId);
      await ask(options, TakenOn, () => asking.payments.cancelScheduledRetry(paymentId, {}, idempotencyKey));
    },
    signatureHeader: 'cko-signature',
    looksSigned,
    readEvent: (body, signature) => readEvent(options.webhookSecrets, body, signature),
  };
}

/** The SDK's parts alone: its front takes key and host from the environment before it takes ours. */
function openSdk(options: CheckoutOptions): Asking & { readonly hostedPayments: HostedPayments } {
  const config = {
    host: options.baseUrl.replace(/\/+$/, ''),
    sk: `Bearer ${options.secretKey}`,
    httpClient: 'axios',
    // Its time begins anew with each byte that comes, so ours ends first.
    timeout: 2 * options.timeoutMs,
  };
  const [payments, disputes] = [new Payments(config), new Disputes(config)];
  return { options, payments, disputes, hostedPayments: new HostedPayments(config) };
}

async function openPage(
  options: CheckoutOptions,
  hostedPayments: HostedPayments,
  request: PageRequest,
): Promise<PaymentPage> {
  const body = {
    amount: request.amountCents,
    currency: request.currency,
    reference: request.reference,
    description: request.description,
    payment_type: request.isRecurring ? 'Recurring' : 'Regular',
    display_name: options.publicName,
    customer: { email: request.email },
    billing: { address: { country: options.billingCountry } },
    // Other means cannot be kept and charged again as cards are.
    allow_payment_methods: ['card'],
    '3ds': { enabled: true },
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    cancel_url: request.cancelUrl,
    ...channelOf(options),
  };
  const { id, _links } = await ask(options, HostedPage, () => hostedPayments.create(body));
  return { id, url: _links.redirect.href, expiresAt: new Date(options.now().getTime() + pageLifetimeMs) };
}

async function charge(asking: Asking, request: ChargeRequest): Promise<ProviderPayment> {
  const { amountCents: amount, currency, reference, description } = request;
  const body = {
    source: { type: 'id', id: request.instrumentId },
    amount,
    currency,
    reference,
    description,
    payment_type: 'Recurring',
    merchant_initiated: true,
    previous_payment_id: request.previousPaymentId,
    ...channelOf(asking.options),
  };
  // What is decided later is answered without saying what was asked.
  const asked = { amount, currency, reference };
  const schema = z.preprocess((answer) => (isObject(answer) ? { ...asked, ...answer } : answer), Payment);
  const send = () => asking.payments.request(body, request.idempotencyKey);
  // Without further questions: one that failed would say nothing of the charge, which is done.
  return inOurWords(await ask(asking.options, schema, send), nothingMore, asking.options.now());
}

async function readPayment(asking: Asking, id: string): Promise<ProviderPayment | null> {
  if (!isPaymentId(id)) return null;
  const payment = await askIfThere(asking.options, Payment, () => asking.payments.get(id));
  return payment && readWhole(asking, payment);
}

async function findPayments(asking: Asking, reference: string): Promise<ProviderPayment[]> {
  const { maxListed = 10_000 } = asking.options;
  const found: Payment[] = [];
  for (;;) {
    const query = { reference: encodeURIComponent(reference), limit: paymentsOfPage, skip: found.length };
    const page = await ask(asking.options, PaymentList, () => asking.payments.getPaymentList(query));
    found.push(...page.data);
    if (page.data.length === 0 || found.length >= page.total_count) break;
    if (found.length >= maxListed)
      throw new PaymentFailure(true, new Error(`More than ${maxListed} payments have one reference.`));
  }
  const payments: ProviderPayment[] = [];
  // One that is made meanwhile moves the others on to the next page, where they are found again.
  for (const each of new Map(found.map((payment) => [payment.id, payment])).values())
    payments.push(await readUndisputed(asking, each));
  return payments.sort((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime());
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function channelOf({ processingChannelId }: CheckoutOptions): object {
  return processingChannelId === null ? {} : { processing_channel_id: processingChannelId };
}

/** It goes into an address as it is. @throws PaymentFailure */
function requirePaymentId(id: string): void {
  if (!isPaymentId(id)) throw new PaymentFailure(false, new Error('This is no id of a payment.'));
}
