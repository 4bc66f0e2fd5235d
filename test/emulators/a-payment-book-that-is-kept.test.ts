import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Checkout, chargeRequest, openCheckout, pageRequest } from '../support/checkout.js';

let folder: string;
let file: string;
let checkout: Checkout;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'book-'));
  file = join(folder, 'checkout.json');
  checkout = await openCheckout({ file });
});
afterEach(async () => {
  await checkout.emulator.close();
  rmSync(folder, { recursive: true });
});

/** Ends the stand-in and starts another one with the same file. */
async function restart(): Promise<void> {
  await checkout.emulator.close();
  checkout = await openCheckout({ file });
}

/** A payment on a page, and the card that it was made with. */
async function paid(reference: string) {
  await checkout.payments.openPage(pageRequest(reference));
  const { paymentId } = checkout.emulator.pay({ reference });
  const payment = await checkout.payments.readPayment(paymentId ?? '');
  return { instrumentId: payment?.instrument?.id ?? '', previousPaymentId: payment?.id ?? '' };
}

test('what was paid, refunded, disputed, declined and put off is the same after a restart', async () => {
  const kept = await paid('a');
  await paid('b');
  checkout.emulator.refund({ reference: 'a', amountCents: 99 });
  for (const outcome of ['received', 'lost'] as const) checkout.emulator.dispute({ reference: 'b', outcome });
  checkout.emulator.control({ decline: { code: '20051' }, times: 1 });
  await checkout.payments.charge(chargeRequest('c', kept));
  checkout.emulator.control({ retrySchedule: { afterMs: 60_000, attempts: 2, outcome: 'captured' }, times: 1 });
  await checkout.payments.charge(chargeRequest('d', kept));
  checkout.emulator.control({ pending: true, times: 1 });
  await checkout.payments.charge(chargeRequest('e', kept));
  const found = () => Promise.all(['a', 'b', 'c', 'd', 'e'].map((each) => checkout.payments.findPayments(each)));
  const [books, payments] = [checkout.emulator.books(), await found()];

  await restart();
  expect(checkout.emulator.books()).toEqual(books);
  expect(await found()).toEqual(payments);
  expect(payments.flat().map(({ status }) => status)).toEqual([
    'PAID',
    'PAID',
    'DECLINED',
    'RETRY_SCHEDULED',
    'PENDING',
  ]);
});

test('a card that was kept can be charged after a restart, a page paid on, and what is pending is decided', async () => {
  const kept = await paid('a');
  await checkout.payments.openPage(pageRequest('b'));
  checkout.emulator.control({ pending: true, times: 1 });
  await checkout.payments.charge(chargeRequest('c', kept));
  await restart();
  expect(await checkout.payments.charge(chargeRequest('d', kept))).toMatchObject({ status: 'AUTHORIZED' });
  expect(checkout.emulator.pay({ reference: 'b' })).toMatchObject({ status: 'Captured' });
  checkout.emulator.tick();
  await restart();
  expect(checkout.emulator.books().map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'Captured'));
  expect(() => checkout.emulator.pay({ reference: 'b' })).toThrow('This page has been paid on.');
});

test('the file is for its owner alone, and nothing else is left in its folder', async () => {
  await paid('a');
  expect(readdirSync(folder)).toEqual(['checkout.json']);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a file that is no book is named, with what to do, and stays as it is', async () => {
  await paid('a');
  await checkout.emulator.close();
  const broken = readFileSync(file, 'utf8').slice(1);
  writeFileSync(file, broken);
  await expect(openCheckout({ file })).rejects.toThrow(
    `${file} is no book of payments as this version keeps it. Start over: npm run reset`,
  );
  expect(readFileSync(file, 'utf8')).toBe(broken);
});
