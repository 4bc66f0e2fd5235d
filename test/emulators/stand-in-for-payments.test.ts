import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type Checkout,
  chargeRequest,
  openCheckout,
  pageRequest,
  secretKey,
  webhookSecret,
} from '../support/checkout.js';
import { eventually, postJson } from '../support/harness.js';
import { openReceiver, type Receiver } from '../support/webhook-receiver.js';

let checkout: Checkout;
let receiver: Receiver;
beforeEach(async () => {
  checkout = await openCheckout();
  receiver = await openReceiver(webhookSecret);
  checkout.emulator.control({ webhookUrl: receiver.url });
});
afterEach(async () => {
  await checkout.emulator.close();
  await receiver.close();
});

async function paid(reference: string) {
  const { emulator, payments } = checkout;
  await payments.openPage(pageRequest(reference));
  const { paymentId } = emulator.pay({ reference });
  const payment = await payments.readPayment(paymentId ?? '');
  return { instrumentId: payment?.instrument?.id ?? '', previousPaymentId: payment?.id ?? '' };
}

const typesOf = ({ events }: Receiver) => events.map(({ type }) => type);

/** Waits for so many events. */
const received = (count: number) =>
  eventually(
    () => receiver.events,
    ({ length }) => length >= count,
  );

/** Asks the API without the SDK. */
async function ask(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${secretKey}`, ...init.headers };
  const response = await fetch(`${checkout.emulator.url}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

test('what happens is told in order, signed, and as our provider reads it', async () => {
  await paid('order-1');
  await received(2);
  expect(typesOf(receiver)).toEqual(['payment_approved', 'payment_captured']);
  expect(receiver.events.every(({ isSigned }) => isSigned)).toBe(true);
  const envelope = JSON.parse(receiver.events[1]?.body ?? '');
  expect(envelope).toMatchObject({
    id: expect.stringMatching(/^evt_/),
    version: '1.0.0',
    created_on: expect.any(String),
  });
  expect(envelope.data).toMatchObject({ id: expect.stringMatching(/^pay_/), reference: 'order-1', amount: 999 });
});

test('each kind of payment has its events', async () => {
  const { emulator, payments } = checkout;
  emulator.control({ hold: true });
  const kept = await paid('a');
  emulator.control({ decline: { code: '20005' }, times: 1 });
  await payments.charge(chargeRequest('b', kept));
  emulator.control({ pending: true, times: 1 });
  await payments.charge(chargeRequest('c', kept));
  emulator.pay({ reference: 'c', outcome: 'authorized' });
  emulator.pay({ reference: 'c' });
  emulator.control({ retrySchedule: { afterMs: 1, attempts: 1, outcome: 'declined' }, times: 1 });
  await payments.charge(chargeRequest('d', kept));
  checkout.clock.advance(1);
  emulator.tick();
  await payments.openPage(pageRequest('e', { amountCents: 0 }));
  emulator.pay({ reference: 'e', outcome: 'declined' });
  emulator.pay({ reference: 'e' });
  emulator.refund({ reference: 'a' });
  emulator.dispute({ reference: 'c', outcome: 'received' });
  emulator.dispute({ reference: 'c', outcome: 'won' });
  emulator.control({ authorizeOnly: true, times: 1 });
  await payments.charge(chargeRequest('f', kept));
  emulator.pay({ reference: 'f', outcome: 'cancelled' });
  expect((await emulator.deliver()).map(({ reference, type }) => `${reference} ${type}`)).toEqual([
    ...['a payment_approved', 'a payment_captured', 'b payment_declined'],
    ...['c payment_pending', 'c payment_approved', 'c payment_captured'],
    ...['d payment_retry_scheduled', 'd payment_declined', 'e card_verification_declined', 'e card_verified'],
    ...['a payment_refunded', 'c dispute_received', 'c dispute_evidence_required', 'c dispute_won'],
    ...['f payment_approved', 'f payment_canceled'],
  ]);
  expect(receiver.events).toHaveLength(16);
});

test('what is held goes out when it is asked for, in any order, and what was not taken stays', async () => {
  const { emulator } = checkout;
  emulator.control({ hold: true });
  await paid('a');
  await paid('b');
  expect(receiver.events).toEqual([]);
  receiver.answers.push(500);
  const refused = await emulator.deliver({ references: ['b'], types: ['payment_captured'] });
  expect(refused).toMatchObject([{ reference: 'b', type: 'payment_captured', status: 500 }]);
  const reversed = await emulator.deliver({ order: 'reversed', limit: 3 });
  expect(reversed.map(({ reference, type }) => `${reference} ${type}`)).toEqual([
    ...['b payment_captured', 'b payment_approved', 'a payment_captured'],
  ]);
  const response = await postJson(`${emulator.url}/_deliver`, {});
  expect(JSON.parse(await response.text())).toMatchObject({ deliveries: [{ reference: 'a', status: 200 }] });
  expect(await emulator.deliver()).toEqual([]);
});

test('the same seed shuffles the same way', async () => {
  const { emulator } = checkout;
  emulator.control({ hold: true });
  for (const reference of ['a', 'b', 'c', 'd']) await paid(reference);
  const order = async (seed: number) => {
    emulator.control({ drop: 8 });
    return (await emulator.deliver({ order: 'shuffled', seed })).map(({ id }) => id);
  };
  const [first, again, other] = [await order(7), await order(7), await order(8)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(other.toSorted()).toEqual(first.toSorted());
});

test('what is held no more goes out by itself', async () => {
  checkout.emulator.control({ hold: true });
  await paid('a');
  checkout.emulator.control({ hold: false });
  await received(2);
});

test('an event that is not taken comes again, by itself', async () => {
  receiver.answers.push(404);
  await paid('a');
  await received(3);
  expect(typesOf(receiver)).toEqual(['payment_approved', 'payment_captured', 'payment_approved']);
});

test('events come twice, in the opposite order, cut off, badly signed, or never', async () => {
  const { emulator } = checkout;
  emulator.control({ hold: true, duplicates: 1 });
  await paid('twice');
  await emulator.deliver();
  expect(typesOf(receiver)).toEqual(['payment_approved', 'payment_approved', 'payment_captured', 'payment_captured']);
  emulator.control({ reset: true, hold: true, reorder: true, malformed: 1, badSignature: 1 });
  await paid('spoilt');
  receiver.events.length = 0;
  receiver.answers.push(400, 401);
  await emulator.deliver();
  expect(receiver.events.map(({ isSigned }) => isSigned)).toEqual([true, false]);
  expect(() => JSON.parse(receiver.events[0]?.body ?? '')).toThrow();
  await emulator.deliver();
  expect(typesOf(receiver).slice(2)).toEqual(['payment_captured', 'payment_approved']);
  emulator.control({ silent: true });
  await paid('silent');
  expect(await emulator.deliver()).toEqual([]);
});

test('another secret signs from when it is told', async () => {
  checkout.emulator.control({ hold: true, webhookSecret: 'the-next-one' });
  await paid('a');
  await checkout.emulator.deliver({ limit: 1 });
  checkout.emulator.control({ webhookSecret });
  await checkout.emulator.deliver();
  expect(receiver.events.map(({ isSigned }) => isSigned)).toEqual([false, true]);
});

test('the books say what was taken, given back and disputed', async () => {
  const { emulator } = checkout;
  await paid('a');
  for (const [path, body] of [
    ['/_refund', { reference: 'a', amountCents: 100 }],
    ['/_dispute', { reference: 'a', outcome: 'received' }],
  ] as const)
    expect((await postJson(`${emulator.url}${path}`, body)).status).toBe(200);
  const { payments } = JSON.parse(await (await fetch(`${emulator.url}/_books`)).text());
  expect(payments).toEqual(emulator.books());
  expect(payments).toMatchObject([
    {
      ...{ reference: 'a', kind: 'page', status: 'Partially Refunded', currency: 'USD', amountCents: 999 },
      ...{ capturedCents: 999, refundedCents: 100, disputedCents: 999 },
    },
  ]);
});

test('behaviours are for a reference, a card, or a kind of request, and for so many', async () => {
  const { emulator, payments } = checkout;
  const kept = await paid('a');
  emulator.control({ match: 'b', decline: { code: '30043' } });
  emulator.control({ match: kept.instrumentId, authorizeOnly: true, times: 1 });
  emulator.control({ request: 'list', status: 503, times: 1 });
  expect((await payments.charge(chargeRequest('b', kept))).decline).toMatchObject({ code: '30043', advice: 'NEVER' });
  const held = await payments.charge(chargeRequest('c', kept));
  expect((await payments.readPayment(held.id))?.status).toBe('AUTHORIZED');
  await expect(payments.findPayments('c')).rejects.toThrow('503');
  expect(await payments.findPayments('c')).toHaveLength(1);
  const { behaviours, requests } = JSON.parse(await (await fetch(`${emulator.url}/_control`)).text());
  expect(behaviours).toEqual([{ match: 'b', decline: { code: '30043' } }]);
  expect(requests).toMatchObject({ page: 1, charge: 2, list: 2, refund: 0 });
});

test('a card that has expired meanwhile, and one that is always refused, are refused when they are charged', async () => {
  const { emulator, payments } = checkout;
  const charged = async (reference: string, card: object) => {
    await payments.openPage(pageRequest(reference));
    const { paymentId } = emulator.pay({ reference, card });
    const instrumentId = (await payments.readPayment(paymentId ?? ''))?.instrument?.id ?? '';
    return payments.charge(chargeRequest(`${reference} again`, { instrumentId, previousPaymentId: paymentId ?? '' }));
  };
  const soon = { expiryMonth: 1, expiryYear: 2020 };
  expect((await charged('expired', soon)).decline).toMatchObject({ code: '20054' });
  expect((await charged('stolen', { number: '4539253655711767' })).decline).toMatchObject({ code: '30043' });
});

test('a key that is being answered is refused, and one with another body gets the first answer', async () => {
  const { emulator } = checkout;
  const kept = await paid('a');
  const charge = (amount: number, signal?: AbortSignal) =>
    ask('/payments', {
      method: 'POST',
      ...(signal ? { signal } : {}),
      headers: { 'cko-idempotency-key': 'one' },
      body: JSON.stringify({
        ...{ source: { type: 'id', id: kept.instrumentId }, amount, currency: 'USD', payment_type: 'Recurring' },
        ...{ merchant_initiated: true, previous_payment_id: kept.previousPaymentId },
      }),
    });
  emulator.control({ request: 'charge', hang: true, times: 1 });
  const leaving = new AbortController();
  const hung = expect(charge(100, leaving.signal)).rejects.toThrow();
  const state = async () => JSON.parse(await (await fetch(`${emulator.url}/_control`)).text());
  await eventually(state, ({ requests }) => requests.charge === 1);
  expect((await charge(100)).status).toBe(429);
  leaving.abort();
  await hung;
  const first = await eventually(
    () => charge(100),
    ({ status }) => status !== 429,
  );
  expect(first.status).toBe(201);
  expect((await charge(200)).body).toEqual(first.body);
  expect((await state()).reusedKeys).toBe(1);
});

test('it refuses in the words of Checkout.com', async () => {
  const refusedWith = (path: string, body: object) => ask(path, { method: 'POST', body: JSON.stringify(body) });
  expect(await ask('/payments/pay_1', { headers: { authorization: 'Bearer other' } })).toEqual({
    status: 401,
    body: null,
  });
  expect(await ask('/payments/pay_1')).toEqual({ status: 404, body: null });
  expect(await ask('/nothing')).toEqual({ status: 404, body: null });
  expect((await ask('/payments')).body).toMatchObject({ error_codes: ['reference_required'] });
  expect((await ask('/disputes?limit=1000')).body).toMatchObject({ error_codes: ['paging_invalid'] });
  expect((await refusedWith('/payments', {})).body.error_codes).toContain('amount_invalid');
  expect(await refusedWith('/hosted-payments', { amount: 1, currency: 'usd' })).toMatchObject({
    status: 422,
    body: {
      error_type: 'request_invalid',
      error_codes: expect.arrayContaining(['currency_invalid', 'success_url_invalid']),
    },
  });
  const { previousPaymentId } = await paid('a');
  checkout.emulator.refund({ reference: 'a' });
  expect(await refusedWith(`/payments/${previousPaymentId}/refunds`, {})).toMatchObject({ status: 403 });
});

test('it shows instruments, and all disputes', async () => {
  const { instrumentId, previousPaymentId } = await paid('a');
  checkout.emulator.dispute({ reference: 'a', outcome: 'lost' });
  expect((await ask(`/instruments/${instrumentId}`)).body).toMatchObject({
    id: instrumentId,
    type: 'card',
    last4: '4242',
  });
  expect((await ask('/disputes')).body).toMatchObject({
    total_count: 1,
    data: [{ payment_id: previousPaymentId, status: 'lost' }],
  });
});

test.each([
  ['/_pay', { reference: 'nobody' }, /neither a page nor a payment/],
  ['/_refund', { reference: 'nobody' }, /was captured/],
  ['/_refund', { reference: 'a', amountCents: 1_000 }, /not so much left/],
  ['/_dispute', { reference: 'nobody', outcome: 'lost' }, /was captured/],
  ['/_pay', { reference: 'a' }, /has been paid on/],
  ['/_control', { decline: {} }, /code/],
])('%s %o is refused with the reason', async (path, body, reason) => {
  await paid('a');
  const response = await postJson(`${checkout.emulator.url}${path}`, body);
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(reason)]);
});

test('it says when it can keep no more', async () => {
  const small = await openCheckout({ maxPayments: 1 });
  try {
    await small.payments.openPage(pageRequest('a'));
    await expect(small.payments.openPage(pageRequest('b'))).rejects.toThrow('400');
    small.emulator.pay({ reference: 'a', outcome: 'declined' });
    expect(() => small.emulator.pay({ reference: 'a' })).toThrow('no more than 1 payments');
  } finally {
    await small.emulator.close();
  }
});
