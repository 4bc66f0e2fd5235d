import type { Context } from '../../kernel/context.js';
import { askProvider } from './ask-provider.js';
import { converge } from './note-truth.js';
import type { OwnedPayment } from './payment-store.js';

/** A charge that the provider tries again by itself. */
interface Retried {
  readonly reference: string;
  readonly providerPaymentId: string;
}

/** Has the provider try a charge no more, and notes what has become of it. In no transaction. @throws UNAVAILABLE */
export async function cancelRetry(ctx: Context, payment: OwnedPayment, retried: Retried): Promise<void> {
  const { reference, providerPaymentId: paymentId } = retried;
  const request = { paymentId, idempotencyKey: `cancel-${reference}` };
  await askProvider(ctx, 'cancel', () => ctx.providers.payments.cancelRetry(request));
  await converge(ctx, payment);
}
