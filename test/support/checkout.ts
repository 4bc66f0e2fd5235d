import {
  type CheckoutEmulator,
  type CheckoutEmulatorOptions,
  startCheckoutEmulator,
} from '../../infra/emulators/checkout.js';
import { checkoutPayments } from '../../src/providers/checkout/client.js';
import type { CheckoutOptions } from '../../src/providers/checkout/options.js';
import type { PaymentProvider } from '../../src/providers/payments.js';
import { TestClock } from './test-clock.js';

/** The key of the stand-in that `openCheckout` starts; no message may have it. */
export const secretKey = 'sk_sbox_that_nobody_may_see';

/** What signs its events. */
export const webhookSecret = 'a-webhook-secret';

/** A stand-in for Checkout.com, and our provider that asks it. */
export interface Checkout {
  readonly emulator: CheckoutEmulator;
  readonly payments: PaymentProvider;
  readonly clock: TestClock;
}

/** The provider at some address. */
export function providerAt(baseUrl: string, own: Partial<CheckoutOptions> = {}): PaymentProvider {
  return checkoutPayments({
    ...{ secretKey, baseUrl, webhookSecrets: [webhookSecret], processingChannelId: null, billingCountry: 'US' },
    ...{ timeoutMs: 10_000, publicName: 'Perpetua Flow', now: () => new Date() },
    ...own,
  });
}

/** Both, on a clock that the test moves. */
export async function openCheckout(own: Pick<CheckoutEmulatorOptions, 'maxPayments' | 'file'> = {}): Promise<Checkout> {
  const clock = new TestClock();
  const now = () => clock.now();
  const emulator = await startCheckoutEmulator({ port: 0, secretKey, webhookSecret, now, ...own });
  return { emulator, clock, payments: providerAt(emulator.url, { now }) };
}

/** What a page is asked for with. */
export function pageRequest(reference: string, own: { amountCents?: number; isRecurring?: boolean } = {}) {
  const urls = {
    successUrl: 'http://localhost/ok',
    failureUrl: 'http://localhost/no',
    cancelUrl: 'http://localhost/back',
  };
  const description = 'Perpetua Flow Pro';
  return {
    ...{ reference, amountCents: 999, currency: 'USD', description, email: 'ada@example.com', isRecurring: true },
    ...urls,
    ...own,
  };
}

/** What a kept card is charged with. */
export function chargeRequest(
  reference: string,
  kept: { readonly instrumentId: string; readonly previousPaymentId: string },
) {
  return {
    reference,
    idempotencyKey: reference,
    ...kept,
    amountCents: 999,
    currency: 'USD',
    description: 'The next month',
  };
}
