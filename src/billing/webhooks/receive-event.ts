import { createHash } from 'node:crypto';
import { PaymentEventState } from '../../../entities/billing/payment-event.js';
import { type Context, newId, type VerifiedEvent } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { count } from '../../kernel/metrics.js';
import { paymentEvents } from '../metrics.js';
import { EventStore, type NewEvent } from './store-events.js';

/** UTF-16 code units of a body that are kept for an operator. */
const maxKeptBody = 20_000;

/** What we know of an event by its body. */
type Read = Omit<NewEvent, 'id' | 'dueAt' | 'receivedAt' | 'processedAt'>;

/**
 * Stores what a payment provider tells us, once for ever; what it means is worked off behind that.
 * @param body the bytes as they came
 * @throws UNAUTHENTICATED when none of our secrets has signed them: then nothing is stored
 */
export async function receivePaymentEvent(ctx: Context, body: Buffer, signature: string | undefined): Promise<void> {
  const event = ctx.providers.payments.readEvent(body, signature);
  if (!event) {
    countUnsignedEvent(ctx);
    throw new AppError('UNAUTHENTICATED', 'The signature is not good.');
  }
  const read = readOf(event, body);
  const now = ctx.clock.now();
  const isDue = read.state === PaymentEventState.RECEIVED;
  const isNew = await EventStore.of(ctx.services).store({
    ...read,
    id: newId(ctx.clock),
    dueAt: isDue ? now : null,
    receivedAt: now,
    processedAt: isDue ? null : now,
  });
  count(ctx, paymentEvents, { outcome: isNew ? outcomeOf(read.state) : 'repeated' });
}

/** Counts what none of our secrets has signed. */
export function countUnsignedEvent(ctx: Context): void {
  count(ctx, paymentEvents, { outcome: 'refused' });
}

function readOf(event: VerifiedEvent, body: Buffer): Read {
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
