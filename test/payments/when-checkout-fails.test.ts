import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { PaymentFailure, type PaymentProvider } from '../../src/providers/payments.js';
import { type Checkout, chargeRequest, openCheckout, pageRequest, providerAt, secretKey } from '../support/checkout.js';
import { withServer } from '../support/own-server.js';

let checkout: Checkout;
beforeAll(async () => {
  checkout = await openCheckout();
});
afterEach(() => checkout.emulator.control({ reset: true }));
afterAll(() => checkout.emulator.close());

const kept = { instrumentId: 'src_1', previousPaymentId: 'pay_1' };
const charging = (payments: PaymentProvider) => payments.charge(chargeRequest('x', kept));

/** How it fails. */
async function failureOf(asked: Promise<unknown>): Promise<PaymentFailure> {
  const failure = await asked.catch((error: unknown) => error);
  if (!(failure instanceof PaymentFailure)) throw new Error('It did not fail as expected.', { cause: failure });
  expect(`${failure} ${failure.stack} ${failure.cause} ${JSON.stringify(failure)}`).not.toContain(secretKey);
  return failure;
}

const failureAt = (listener: RequestListener | null, own = {}) =>
  withServer(listener, (url) => failureOf(charging(providerAt(url, own))));

test.each([400, 401, 402, 403, 404, 405, 413, 422])('what is refused with %i was not done', async (status) => {
  checkout.emulator.control({ status });
  const { mayBeDone } = await failureOf(charging(checkout.payments));
  expect(mayBeDone).toBe(false);
});

test.each([408, 409, 425, 429, 500, 502, 503, 504])('what is answered with %i may have been done', async (status) => {
  checkout.emulator.control({ status });
  const { mayBeDone, message } = await failureOf(charging(checkout.payments));
  expect([mayBeDone, message]).toEqual([true, expect.stringContaining(`status code ${status}`)]);
});

test('a refusal says why', async () => {
  const { mayBeDone, message } = await failureOf(charging(checkout.payments));
  expect([mayBeDone, message]).toEqual([false, expect.stringMatching(/request_invalid, source_id_invalid, req_/)]);
});

test('what is not answered in time may have been done, and only one request is sent', async () => {
  checkout.emulator.control({ hang: true });
  const impatient = providerAt(checkout.emulator.url, { timeoutMs: 1_000 });
  const { mayBeDone, message } = await failureOf(charging(impatient));
  expect([mayBeDone, message]).toEqual([true, 'Error: The answer took too long.']);
  const { requests } = JSON.parse(await (await fetch(`${checkout.emulator.url}/_control`)).text());
  expect(requests.charge).toBe(1);
});

test('an answer that comes drop by drop is not waited for', async () => {
  const { mayBeDone, message } = await failureAt(
    (_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(dripping));
    },
    { timeoutMs: 300 },
  );
  expect([mayBeDone, message]).toEqual([true, 'Error: The answer took too long.']);
});

test('a charge that is done and not answered is found, and the same key charges nothing again', async () => {
  const { emulator, payments } = checkout;
  await payments.openPage(pageRequest('before'));
  const { paymentId } = emulator.pay({ reference: 'before' });
  const paid = await payments.readPayment(paymentId ?? '');
  emulator.control({ chargeThenHang: true, times: 1 });
  const impatient = providerAt(emulator.url, { timeoutMs: 2_000 });
  const request = chargeRequest('hung', {
    instrumentId: paid?.instrument?.id ?? '',
    previousPaymentId: paymentId ?? '',
  });
  expect((await failureOf(impatient.charge(request))).mayBeDone).toBe(true);
  const [found] = await payments.findPayments('hung');
  expect(found?.status).toBe('PAID');
  expect((await payments.charge(request)).id).toBe(found?.id);
});

test.each(['Captured', 'Declined'])(
  'a charge that is %s is an answer, whatever else cannot be asked',
  async (status) => {
    const charged = await withServer(
      ({ method, url }, response) => {
        if (method !== 'POST' || url !== '/payments') return void response.writeHead(401).end();
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id: 'pay_1', status, amount: 999, currency: 'USD' }));
      },
      (url) => charging(providerAt(url)),
    );
    expect(charged).toMatchObject({ id: 'pay_1', disputedCents: 0 });
  },
);

test('when nobody listens there, nothing was done', async () => {
  const { mayBeDone, message } = await failureAt(null);
  expect([mayBeDone, message]).toEqual([false, expect.stringContaining('ECONNREFUSED')]);
});

test('when there is no such host, nothing was done', async () => {
  const { mayBeDone } = await failureOf(charging(providerAt('http://nobody.invalid')));
  expect(mayBeDone).toBe(false);
});

test('an answer without end is not read to its end', async () => {
  const blanks = function* () {
    for (;;) yield Buffer.alloc(1_000_000, ' ');
  };
  const { mayBeDone, message } = await failureAt((_, response) => {
    response.on('error', () => undefined);
    void Readable.from(blanks()).pipe(response);
  });
  expect([mayBeDone, message]).toEqual([true, expect.stringContaining('maxContentLength')]);
});

test('an answer that grows when it is unpacked is not read to its end', async () => {
  const packed = gzipSync(Buffer.alloc(20_000_000, ' '));
  const { mayBeDone, message } = await failureAt((_, response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed);
  });
  expect([mayBeDone, message]).toEqual([true, expect.stringContaining('maxContentLength')]);
});

test('a key is sent nowhere else, wherever the answer says that the thing is', async () => {
  const asked: unknown[] = [];
  const { mayBeDone } = await failureAt(({ url }, response) => {
    asked.push(url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect([mayBeDone, asked]).toEqual([true, ['/payments']]);
});

test.each<[string, string]>([
  ['no JSON', '<html><body>It works!</body></html>'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['another thing', '{"id":"hpp_1"}'],
  ['our key', JSON.stringify({ id: secretKey, status: secretKey })],
])('what is answered with %s may have been done', async (_, body) => {
  const { mayBeDone, message } = await failureAt((_request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(body);
  });
  expect([mayBeDone, message]).toEqual([true, expect.stringContaining('cannot be read')]);
});

test.each([
  ['text', secretKey],
  ['null', 'null'],
  ['a code', JSON.stringify({ error_type: `Bearer ${secretKey}`, error_codes: [secretKey] })],
])('a refusal that repeats our key as %s keeps it from the message', async (_, body) => {
  const { mayBeDone } = await failureAt((_request, response) => {
    response.writeHead(422, { 'content-type': 'application/json' }).end(body);
  });
  expect(mayBeDone).toBe(false);
});

test('an answer that breaks off may have been done', async () => {
  const { mayBeDone } = await failureAt((_, response) => {
    response.writeHead(201, { 'content-length': 100 }).write('{', () => response.destroy());
  });
  expect(mayBeDone).toBe(true);
});

test('a key that no header can carry is not shown, and nothing was done', async () => {
  const unfit = providerAt(checkout.emulator.url, { secretKey: `${secretKey}\nmore` });
  const { mayBeDone } = await failureOf(charging(unfit));
  expect(mayBeDone).toBe(false);
});

test('what is no payment cannot be refunded, and nobody is asked', async () => {
  const refund = { paymentId: '../x', amountCents: 1, reference: 'r', idempotencyKey: 'r' };
  const { mayBeDone } = await failureOf(checkout.payments.refund(refund));
  expect(mayBeDone).toBe(false);
});

test('more cannot be refunded than was paid', async () => {
  const { emulator, payments } = checkout;
  await payments.openPage(pageRequest('paid'));
  const { paymentId } = emulator.pay({ reference: 'paid' });
  const refund = { paymentId: paymentId ?? '', amountCents: 1_000, reference: 'r', idempotencyKey: 'r' };
  const { mayBeDone, message } = await failureOf(payments.refund(refund));
  expect([mayBeDone, message]).toEqual([false, expect.stringContaining('refund_amount_exceeds_balance')]);
});

test('proxies of the environment are not asked', async () => {
  const before = process.env['http_proxy'];
  process.env['http_proxy'] = 'http://localhost:9';
  try {
    expect(await checkout.payments.findPayments('x')).toEqual([]);
  } finally {
    if (before === undefined) delete process.env['http_proxy'];
    else process.env['http_proxy'] = before;
  }
});
