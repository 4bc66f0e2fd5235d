import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Checkout, openCheckout, pageRequest } from '../support/checkout.js';

let checkout: Checkout;
beforeAll(async () => {
  checkout = await openCheckout();
});
afterEach(() => checkout.emulator.control({ reset: true }));
afterAll(() => checkout.emulator.close());

const card = { number: '4242 4242 4242 4242', expiry: '12/40', cvv: '100', name: 'Ada' };

/** Sends the form of a page, as a browser does without any script. */
async function submit(url: string, fields: Record<string, string> = {}) {
  const body = new URLSearchParams({ action: 'pay', ...card, ...fields });
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return { status: response.status, location: response.headers.get('location'), text: await response.text() };
}

test('a page shows what is paid for, and a card that can be charged', async () => {
  const { url } = await checkout.payments.openPage({
    ...pageRequest('shown'),
    description: '<script>1 & "2"</script>',
  });
  const response = await fetch(url);
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toContain('9.99 USD');
  expect(text).toContain('value="4242 4242 4242 4242"');
  expect(text).not.toContain('<script');
  expect(text).toContain('&#60;script&#62;1 &#38; &#34;2&#34;');
});

test('who pays is sent on with the names of payment and page, and pays once', async () => {
  const { url } = await checkout.payments.openPage(pageRequest('paid'));
  const paid = await submit(url);
  const [payment] = await checkout.payments.findPayments('paid');
  expect(payment?.status).toBe('PAID');
  const { searchParams, origin, pathname } = new URL(paid.location ?? '');
  expect([paid.status, origin + pathname]).toEqual([303, 'http://localhost/ok']);
  expect(searchParams.get('cko-payment-id')).toBe(payment?.id);
  expect(searchParams.get('cko-session-id')).toMatch(/^sid_/);
  expect(await submit(url)).toMatchObject({ status: 409, location: null });
  expect(await checkout.payments.findPayments('paid')).toHaveLength(1);
});

test('a declined card leaves the page open for another one', async () => {
  const { url } = await checkout.payments.openPage(pageRequest('again'));
  const declined = await submit(url, { number: '4544249167673670' });
  expect([declined.status, declined.location]).toEqual([402, null]);
  expect(declined.text).toContain('Insufficient Funds (20051)');
  expect(declined.text).toContain('role="alert"');
  expect((await submit(url)).status).toBe(303);
  const attempts = await checkout.payments.findPayments('again');
  expect(attempts.map(({ status }) => status)).toEqual(['PAID', 'DECLINED']);
});

test.each([
  ['a wrong digit', { number: '4242424242424241' }, 'This is no card number.'],
  ['no number', { number: '' }, 'This is no card number.'],
  ['a month that there is not', { expiry: '13/40' }, 'The expiry date is written as MM/YY.'],
  ['an expiry that is over', { expiry: '01/20' }, 'This card has expired.'],
])('a card with %s is no attempt', async (name, fields, fault) => {
  const { url } = await checkout.payments.openPage(pageRequest(name));
  const refused = await submit(url, fields);
  expect(refused).toMatchObject({ status: 422, text: expect.stringContaining(fault) });
  expect(await checkout.payments.findPayments(name)).toEqual([]);
});

test('who cancels goes back and has paid nothing', async () => {
  const { url } = await checkout.payments.openPage(pageRequest('cancelled'));
  const cancelled = await submit(url, { action: 'cancel' });
  expect([cancelled.status, cancelled.location]).toEqual([303, expect.stringMatching(/^http:\/\/localhost\/back\?/)]);
  expect(await checkout.payments.findPayments('cancelled')).toEqual([]);
  expect(checkout.emulator.pay({ reference: 'cancelled', outcome: 'cancelled' }).redirectUrl).toBe(cancelled.location);
});

test('nobody pays on a page that has expired', async () => {
  const { url, id } = await checkout.payments.openPage(pageRequest('late'));
  checkout.clock.advance(30 * 60_000);
  expect(await submit(url)).toMatchObject({ status: 409, text: expect.stringContaining('This page has expired.') });
  expect(await checkout.payments.findPayments('late')).toEqual([]);
  const headers = { authorization: 'Bearer sk_sbox_that_nobody_may_see' };
  const asked = await fetch(`${checkout.emulator.url}/hosted-payments/${id}`, { headers });
  expect(JSON.parse(await asked.text())).toMatchObject({ id, status: 'Expired', reference: 'late' });
});
