import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Checkout, chargeRequest, openCheckout, pageRequest, providerAt } from '../support/checkout.js';
import { withServer } from '../support/own-server.js';

let checkout: Checkout;
beforeAll(async () => {
  checkout = await openCheckout();
});
afterEach(() => checkout.emulator.control({ reset: true }));
afterAll(() => checkout.emulator.close());

/** Somebody has paid on a page, and their card is kept. */
async function paidOnPage(reference: string, card = {}) {
  const { emulator, payments } = checkout;
  await payments.openPage(pageRequest(reference));
  const { paymentId } = emulator.pay({ reference, card });
  const payment = await payments.readPayment(paymentId ?? '');
  const instrumentId = payment?.instrument?.id;
  if (!payment || instrumentId === undefined) throw new Error('Nothing was paid.');
  return { payment, kept: { instrumentId, previousPaymentId: payment.id } };
}

test('a page can be paid on for 30 minutes', async () => {
  const { emulator, payments, clock } = checkout;
  const page = await payments.openPage(pageRequest('page-1'));
  expect(page.id).toMatch(/^hpp_/);
  expect(page.url).toBe(`${emulator.url}/page/${page.id}`);
  clock.goTo(new Date(page.expiresAt.getTime() + 1));
  expect(() => emulator.pay({ reference: 'page-1' })).toThrow('This page has expired.');
});

test('what was paid on a page is read with its card', async () => {
  const { payment } = await paidOnPage('page-2');
  expect(payment).toEqual({
    id: expect.stringMatching(/^pay_\w{26}$/),
    reference: 'page-2',
    status: 'PAID',
    amountCents: 999,
    currency: 'USD',
    refundedCents: 0,
    disputedCents: 0,
    instrument: {
      id: expect.stringMatching(/^src_\w{26}$/),
      scheme: 'VISA',
      lastFour: '4242',
      expiryMonth: 12,
      expiryYear: 2040,
    },
    decline: null,
    retryAt: null,
    requestedAt: expect.any(Date),
  });
});

test('a page over nothing verifies a card', async () => {
  const { emulator, payments } = checkout;
  await payments.openPage(pageRequest('verify', { amountCents: 0 }));
  emulator.pay({ reference: 'verify' });
  expect(await payments.findPayments('verify')).toMatchObject([
    { status: 'VERIFIED', amountCents: 0, instrument: { lastFour: '4242' } },
  ]);
});

test('what is asked for a page is what was ordered', async () => {
  let asked: unknown;
  const request = pageRequest('order', { isRecurring: false });
  await withServer(
    async (message, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk);
      asked = [message.method, message.url, message.headers.authorization, JSON.parse(String(Buffer.concat(chunks)))];
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'hpp_1', _links: { redirect: { href: 'https://pay.example.com/hpp_1' } } }));
    },
    (url) => providerAt(`${url}/`, { processingChannelId: 'pc_1', billingCountry: 'IE' }).openPage(request),
  );
  expect(asked).toEqual([
    'POST',
    '/hosted-payments',
    'Bearer sk_sbox_that_nobody_may_see',
    {
      amount: 999,
      currency: 'USD',
      reference: 'order',
      description: 'Perpetua Flow Pro',
      payment_type: 'Regular',
      display_name: 'Perpetua Flow',
      customer: { email: 'ada@example.com' },
      billing: { address: { country: 'IE' } },
      allow_payment_methods: ['card'],
      '3ds': { enabled: true },
      success_url: 'http://localhost/ok',
      failure_url: 'http://localhost/no',
      cancel_url: 'http://localhost/back',
      processing_channel_id: 'pc_1',
    },
  ]);
});

test('a kept card is charged: first it is promised, then the money is taken', async () => {
  const { payments } = checkout;
  const { kept } = await paidOnPage('first-month');
  const charged = await payments.charge(chargeRequest('second-month', kept));
  expect(charged).toMatchObject({ status: 'AUTHORIZED', amountCents: 999, reference: 'second-month' });
  expect(await payments.readPayment(charged.id)).toMatchObject({
    status: 'PAID',
    instrument: { id: kept.instrumentId },
  });
});

test('the same key charges once, for as long as it is kept', async () => {
  const { emulator, payments, clock } = checkout;
  const { kept } = await paidOnPage('keys');
  const first = await payments.charge(chargeRequest('keyed', kept));
  expect((await payments.charge(chargeRequest('keyed', kept))).id).toBe(first.id);
  clock.advance(24 * 3_600_000);
  expect((await payments.charge(chargeRequest('keyed', kept))).id).not.toBe(first.id);
  expect(emulator.books().filter(({ reference }) => reference === 'keyed')).toHaveLength(2);
});

test.each<[string, object, object]>([
  ['20051', { code: '20051' }, { code: '20051', summary: 'Insufficient Funds', advice: 'LATER' }],
  ['20005', { code: '20005' }, { code: '20005', summary: 'Declined - Do Not Honour', advice: null }],
  ['20054', { code: '20054' }, { code: '20054', summary: 'Expired Card', advice: 'NEW_DETAILS' }],
  ['30041', { code: '30041', recommendationCode: '' }, { code: '30041', advice: 'NEVER' }],
  ['200R3', { code: '200R3', recommendationCode: '' }, { code: '200R3', advice: 'NEVER' }],
  ['20005 with the advice never', { code: '20005', recommendationCode: '03' }, { advice: 'NEVER' }],
  [
    "20005 with Mastercard's advice never",
    { code: '20005', recommendationCode: '02', adviceCode: '21' },
    { advice: 'NEVER' },
  ],
  ['20005 of a card that holds no more', { code: '20005', adviceCode: '40' }, { advice: 'NEVER' }],
  ["20005 with Mastercard's advice to wait", { code: '20005', adviceCode: '26' }, { advice: 'LATER' }],
  ['20005 with the advice to ask anew', { code: '20005', adviceCode: '01' }, { advice: 'NEW_DETAILS' }],
  ['20005 with advice that nobody knows', { code: '20005', adviceCode: '99' }, { advice: null }],
])('a charge that is declined with %s is an answer, now and later', async (name, decline, expected) => {
  const { emulator, payments } = checkout;
  const { kept } = await paidOnPage(`before ${name}`);
  emulator.control({ decline: { code: '', ...decline } });
  const charged = await payments.charge(chargeRequest(name, kept));
  expect(charged).toMatchObject({ status: 'DECLINED', decline: expected, retryAt: null });
  expect(await payments.readPayment(charged.id)).toEqual(charged);
});

test('a charge that will be tried again says when', async () => {
  const { emulator, payments, clock } = checkout;
  const { kept } = await paidOnPage('before dunning');
  emulator.control({ retrySchedule: { afterMs: 86_400_000, attempts: 2, outcome: 'captured' }, times: 1 });
  const charged = await payments.charge(chargeRequest('dunning', kept));
  expect(charged).toMatchObject({ status: 'RETRY_SCHEDULED', decline: { code: '20051', advice: 'LATER' } });
  const { retryAt } = charged;
  clock.goTo(retryAt ?? new Date(0));
  emulator.tick();
  expect(await payments.readPayment(charged.id)).toMatchObject({
    status: 'RETRY_SCHEDULED',
    retryAt: new Date((retryAt?.getTime() ?? 0) + 86_400_000),
  });
  clock.advance(86_400_000);
  emulator.tick();
  expect(await payments.readPayment(charged.id)).toMatchObject({ status: 'PAID', retryAt: null, decline: null });
});

test('a charge that is decided later is pending, and says what was asked', async () => {
  const { emulator, payments } = checkout;
  const { kept } = await paidOnPage('before pending');
  emulator.control({ pending: true, times: 1 });
  const charged = await payments.charge(chargeRequest('pending', kept));
  expect(charged).toMatchObject({ status: 'PENDING', amountCents: 999, currency: 'USD', instrument: null });
  emulator.tick();
  expect(await payments.readPayment(charged.id)).toMatchObject({ status: 'PAID' });
});

test('what is given back, and what is disputed, is counted once', async () => {
  const { emulator, payments } = checkout;
  const { payment } = await paidOnPage('refunds');
  const refund = { paymentId: payment.id, amountCents: 400, reference: 'refund-1', idempotencyKey: 'refund-1' };
  await payments.refund(refund);
  await payments.refund(refund);
  expect(await payments.readPayment(payment.id)).toMatchObject({
    status: 'PAID',
    refundedCents: 400,
    disputedCents: 0,
  });
  emulator.dispute({ reference: 'refunds', outcome: 'received' });
  expect(await payments.readPayment(payment.id)).toMatchObject({ refundedCents: 400, disputedCents: 599 });
  emulator.dispute({ reference: 'refunds', outcome: 'won' });
  expect(await payments.readPayment(payment.id)).toMatchObject({ refundedCents: 400, disputedCents: 0 });
});

test('a lost dispute takes everything', async () => {
  const { emulator, payments } = checkout;
  const { payment } = await paidOnPage('lost');
  emulator.dispute({ reference: 'lost', outcome: 'lost' });
  expect(await payments.readPayment(payment.id)).toMatchObject({ status: 'PAID', disputedCents: 999 });
});

test('all attempts of one reference are found, the newest first', async () => {
  const { emulator, payments, clock } = checkout;
  const reference = 'tries & errors/1';
  await payments.openPage(pageRequest(reference));
  for (let tries = 0; tries < 120; tries += 1) {
    emulator.pay({ reference, outcome: 'declined', code: '20051' });
    clock.advance(1_000);
  }
  emulator.pay({ reference });
  const found = await payments.findPayments(reference);
  expect(found).toHaveLength(121);
  expect(found.map(({ status }) => status)).toEqual(['PAID', ...Array.from({ length: 120 }, () => 'DECLINED')]);
  expect(await payments.findPayments('nobody knows it')).toEqual([]);
});

test('more payments of one reference than can be read are refused', async () => {
  const { emulator, clock } = checkout;
  const payments = providerAt(emulator.url, { now: () => clock.now(), maxListed: 200 });
  await payments.openPage(pageRequest('many'));
  for (let tries = 0; tries < 201; tries += 1) emulator.pay({ reference: 'many', outcome: 'declined' });
  await expect(payments.findPayments('many')).rejects.toThrow('More than 200 payments');
});

test('a payment that is not there is null', async () => {
  const { emulator, payments } = checkout;
  expect(await payments.readPayment('pay_nobody')).toBeNull();
  // It is no id, and would be another address.
  expect(await payments.readPayment('../disputes')).toBeNull();
  expect(emulator.books().some(({ id }) => id === 'pay_nobody')).toBe(false);
});

const stored = {
  id: 'pay_1',
  reference: 'x',
  amount: 999,
  currency: 'USD',
  requested_on: '2026-07-01T10:00:00.1234567Z',
};

/** What we make of a payment that is answered so. */
function reading(own: object, disputes: readonly object[] = []) {
  return withServer(
    (message, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (message.url?.startsWith('/disputes')) response.end(JSON.stringify({ data: disputes }));
      else if (message.url?.endsWith('/actions')) response.end(JSON.stringify([{ type: 'Authorization' }]));
      else response.end(JSON.stringify({ ...stored, ...own }));
    },
    (url) => providerAt(url).readPayment('pay_1'),
  );
}

test.each([
  ...(['Active', 'Requested', 'Pending', 'Authentication Requested'] as const).map((each) => [each, 'PENDING']),
  ...(['Authorized', 'Deferred Capture'] as const).map((each) => [each, 'AUTHORIZED']),
  ...(['Captured', 'Partially Captured', 'Partially Refunded', 'Refunded', 'Paid'] as const).map((each) => [
    each,
    'PAID',
  ]),
  ['Card Verified', 'VERIFIED'],
  ['Retry Scheduled', 'RETRY_SCHEDULED'],
  ['Declined', 'DECLINED'],
  ['Voided', 'VOIDED'],
  ['Canceled', 'VOIDED'],
  ['Expired', 'EXPIRED'],
])('%s is %s', async (said, status) => {
  expect(await reading({ status: said })).toMatchObject({ status, requestedAt: new Date('2026-07-01T10:00:00.123Z') });
});

test.each<[string, object]>([
  ['a status that nobody knows', { status: 'Teleported' }],
  ['no status', {}],
  ['an id of something else', { status: 'Captured', id: 'act_1' }],
  ['a part of a cent', { status: 'Captured', amount: 9.99 }],
  [
    'a card without its digits',
    { status: 'Captured', source: { type: 'card', id: 'src_1', expiry_month: 1, expiry_year: 2030 } },
  ],
])('a payment with %s is a failure', async (_, own) => {
  await expect(reading(own)).rejects.toMatchObject({ name: 'PaymentFailure', mayBeDone: true });
});

test('what was taken counts, where it is less than what was asked', async () => {
  const balances = { total_captured: 500, total_refunded: 0 };
  expect(await reading({ status: 'Partially Captured', balances })).toMatchObject({ amountCents: 500 });
});

test('what is no card is not kept, and months may be text', async () => {
  expect(await reading({ status: 'Captured', source: { type: 'paypal' } })).toMatchObject({ instrument: null });
  const source = { type: 'card', id: 'src_1', last4: '1881', expiry_month: '07', expiry_year: '2031' };
  const { instrument } = (await reading({ status: 'Captured', source })) ?? {};
  expect(instrument).toEqual({ id: 'src_1', scheme: '', lastFour: '1881', expiryMonth: 7, expiryYear: 2031 });
});

test('a decline that nobody explains has no code', async () => {
  const { decline } = (await reading({ status: 'Declined' })) ?? {};
  expect(decline).toEqual({ code: '', summary: '', advice: null });
});

test.each([
  ['evidence_required', 300],
  ['evidence_under_review', 300],
  ['resolved', 300],
  ['expired', 300],
  ['accepted', 300],
  ['arbitration_lost', 300],
  ['arbitration_won', 0],
  ['canceled', 0],
])('a dispute that is %s takes %i cents', async (status, disputedCents) => {
  expect(await reading({ status: 'Captured' }, [{ status, amount: 300 }])).toMatchObject({ disputedCents });
});

test('a dispute of which nobody knows the state is a failure', async () => {
  await expect(reading({ status: 'Captured' }, [{ status: 'odd', amount: 1 }])).rejects.toThrow('cannot be read');
});
