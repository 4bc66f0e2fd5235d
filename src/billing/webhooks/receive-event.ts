import { createHash } from 'node:crypto';
import { PaymentEventState } from '../../../entities/billing/payment-event.js';
import { type Context, newId, runStatement, type VerifiedEvent } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { count } from '../../kernel/metrics.js';
import { paymentEvents } from '../metrics.js';

/** UTF-16 code units of a body that are kept for an operator. */
const maxKeptBody = 20_000;

/** What is stored of an event. */
interface Stored {
  readonly eventId: string;
  readonly type: string;
  readonly paymentId: string | null;
  readonly reference: string | null;
  readonly state: PaymentEventState;
  readonly reason: string | null;
  readonly body: string | null;
}

/**
 * Stores what a payment provider tells us, once for ever; what it means is worked off behind that.
 * @param body the bytes as they came
 * @throws UNAUTHENTICATED when none of our secrets has signed them: then nothing is stored
 */
export async function receivePaymentEvent(ctx: Context, body: Buffer, signature: string | undefined): Promise<void> {
  const event = ctx.providers.payments.readEvent(body, signature);
  if (!event) {
    count(ctx, paymentEvents, { outcome: 'refused' });
    throw new AppError('UNAUTHENTICATED', 'The signature is not good.');
  }
  const { eventId, type, paymentId, reference, state, reason, body: kept } = storedOf(event, body);
  const now = ctx.clock.now();
  const isDue = state === PaymentEventState.RECEIVED;
  const stored = await runStatement(
    ctx,
    `insert into billing.payment_event
       (id, provider, event_id, type, payment_id, reference, state, reason, attempts, due_at, body, received_at, processed_at)
     values ($1, 'CHECKOUT', $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)
     on conflict (provider, event_id) do nothing returning id`,
    [
      ...[newId(ctx.clock), eventId, type, paymentId, reference, state, reason],
      ...[isDue ? now : null, kept, now, isDue ? null : now],
    ],
  );
  count(ctx, paymentEvents, { outcome: stored.length > 0 ? outcomeOf(state) : 'repeated' });
}

function storedOf(event: VerifiedEvent, body: Buffer): Stored {
  switch (event.kind) {
    case 'PAYMENT': {
      const { id, type, paymentId, reference } = event;
      return { eventId: id, type, paymentId, reference, state: PaymentEventState.RECEIVED, reason: null, body: null };
    }
    case 'UNKNOWN': {
      const nothing = { paymentId: null, reference: null, reason: null, body: null };
      return { eventId: event.id, type: event.type, state: PaymentEventState.UNKNOWN, ...nothing };
    }
    case 'MALFORMED': {
      const sha256 = createHash('sha256').update(body).digest('hex');
      const text = body.toString('utf8').slice(0, maxKeptBody).toWellFormed().replaceAll('\0', '\uFFFD');
      const nothing = { type: '', paymentId: null, reference: null };
      const { QUARANTINED: state } = PaymentEventState;
      return { eventId: `sha256:${sha256}`, state, reason: event.reason.slice(0, 500), body: text, ...nothing };
    }
  }
}

function outcomeOf(state: PaymentEventState): 'received' | 'unknown' | 'quarantined' {
  if (state === PaymentEventState.RECEIVED) return 'received';
  return state === PaymentEventState.UNKNOWN ? 'unknown' : 'quarantined';
}
