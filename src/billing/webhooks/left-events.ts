import type { PaymentEventState } from '../../../entities/billing/payment-event.js';
import { type Context, type RunStatement, runStatement } from '../../kernel/context.js';
import type { Timestamp } from '../../kernel/scalars.js';

/** Something that a payment provider told us, as operators see it. */
export interface ToldEvent {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly reference: string | null;
  readonly paymentId: string | null;
  readonly state: PaymentEventState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly receivedAt: Timestamp;
}

/** What payment providers have told us in one of these states, the newest first. */
export function listPaymentEvents(
  ctx: Context,
  states: readonly PaymentEventState[],
  limit: number,
): Promise<ToldEvent[]> {
  return runStatement<ToldEvent>(
    ctx,
    `select id, event_id as "eventId", type, reference, payment_id as "paymentId", state, reason, attempts,
       received_at as "receivedAt"
     from billing.payment_event where state = any($1) order by received_at desc, id desc limit $2`,
    [states, limit],
  );
}

/** Has events worked off once more that failed or were quarantined; one of them, or all. Answers how many. */
export async function retryPaymentEvents(runStatement: RunStatement, now: Date, id: string | null): Promise<number> {
  const rows = await runStatement(
    `update billing.payment_event set state = 'RECEIVED', due_at = $2, processed_at = null, attempts = 0
     where state = any(array['QUARANTINED', 'FAILED']) and payment_id is not null and ($1::uuid is null or id = $1)
     returning id`,
    [id, now],
  );
  return rows.length;
}
