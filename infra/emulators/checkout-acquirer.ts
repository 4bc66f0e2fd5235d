import { actionOf, disputeOf, sourceOf } from './checkout-answers.js';
import {
  type Action,
  type Book,
  type Dispute,
  type KeptInstrument,
  newId,
  type Payment,
  type Status,
} from './checkout-book.js';
import { type Refusal, refusalOf } from './checkout-cards.js';
import type { WebhookEvent } from './checkout-post.js';
import type { Webhooks } from './checkout-webhooks.js';

/** What is to be paid, and with which card. */
export type Order = Pick<Payment, 'kind' | 'reference' | 'amount' | 'currency' | 'paymentType' | 'description'> & {
  readonly instrument: KeptInstrument;
};

/** When a refused charge is tried again, how often, and how that ends. */
export interface RetrySchedule {
  readonly afterMs: number;
  readonly attempts: number;
  readonly outcome: 'captured' | 'declined';
}

/** How the card's bank, and we, answer. */
export interface Outcome {
  readonly refusal: Refusal | null;
  readonly retrySchedule: RetrySchedule | null;
  /** Decided later. */
  readonly isPending: boolean;
  /** Promised, and not taken. */
  readonly isHeld: boolean;
}

/** Takes money from cards, gives it back, and tells what happens. */
export class Acquirer {
  constructor(
    private readonly book: Book,
    private readonly webhooks: Webhooks,
    private readonly now: () => Date,
  ) {}

  take(order: Order, { refusal, retrySchedule, isPending, isHeld }: Outcome): Payment {
    const payment: Payment = {
      ...order,
      ...{ id: newId('pay'), requestedAt: this.now(), status: 'Pending', captured: 0, refunded: 0 },
      ...{ refusal: null, retries: null, actions: [] },
    };
    this.book.addPayment(payment);
    if (isPending) this.#tell(payment, ['payment_pending']);
    else if (refusal) this.refuse(payment, refusal, retrySchedule);
    else this.approve(payment, isHeld);
    return payment;
  }

  /** The bank says yes; unless it is held, the money is taken at once. */
  approve(payment: Payment, isHeld = false): void {
    const { amount } = payment;
    payment.refusal = null;
    const verifies = amount === 0;
    this.#step(payment, verifies ? 'Card Verification' : 'Authorization', verifies ? 'Card Verified' : 'Authorized');
    const first = this.#eventOf(payment, verifies ? 'card_verified' : 'payment_approved');
    this.#announce(verifies || isHeld ? [first] : [first, this.#captured(payment)]);
  }

  /** Takes what was promised. */
  capture(payment: Payment): void {
    this.#announce([this.#captured(payment)]);
  }

  refuse(payment: Payment, refusal: Refusal, schedule: RetrySchedule | null = null): void {
    payment.refusal = refusal;
    const isScheduled = schedule !== null && schedule.attempts > 0;
    if (isScheduled && !payment.retries) {
      const { afterMs, attempts, outcome } = schedule;
      const [nextAt, endsAt] = [this.#later(afterMs), this.#later(afterMs * attempts)];
      payment.retries = { afterMs, left: attempts, outcome, nextAt, endsAt };
    }
    const type = payment.amount === 0 ? 'Card Verification' : 'Authorization';
    this.#step(payment, type, isScheduled ? 'Retry Scheduled' : 'Declined');
    const declined = payment.amount === 0 ? 'card_verification_declined' : 'payment_declined';
    this.#tell(payment, [isScheduled ? 'payment_retry_scheduled' : declined]);
  }

  /** Gives up what was not taken. */
  cancel(payment: Payment): void {
    this.#step(payment, 'Void', 'Canceled');
    this.#tell(payment, ['payment_canceled']);
  }

  /** Gives back so much of what was taken. */
  refund(payment: Payment, amount: number, reference: string | null): Action {
    payment.refunded += amount;
    const action = this.#step(
      payment,
      'Refund',
      payment.refunded === payment.captured ? 'Refunded' : 'Partially Refunded',
      { amount, reference },
    );
    this.#tell(payment, ['payment_refunded']);
    return action;
  }

  /** The payer asks for all of it through their bank, or the bank has decided. */
  dispute(payment: Payment, outcome: 'received' | 'lost' | 'won'): void {
    const known = this.book.disputesOf(payment)[0];
    const dispute = known ?? this.#newDispute(payment);
    if (outcome !== 'received') dispute.status = outcome;
    dispute.updatedAt = this.now();
    const decided = outcome === 'received' ? [] : [`dispute_${outcome}`];
    const types = known ? decided : ['dispute_received', 'dispute_evidence_required', ...decided];
    const data = { ...disputeOf(dispute), metadata: {} };
    this.#announce(types.map((type) => this.#event(type, payment.reference, data)));
  }

  /** Does what is due: decides what is pending, and tries again what was refused. */
  tick(): void {
    for (const payment of this.book.payments.values()) {
      if (payment.status === 'Pending') this.approve(payment);
      while (this.#isDue(payment)) this.#tryAgain(payment);
    }
  }

  #isDue({ status, retries }: Payment): boolean {
    return status === 'Retry Scheduled' && retries !== null && retries.nextAt <= this.now();
  }

  #tryAgain(payment: Payment): void {
    const { retries, refusal } = payment;
    if (!retries) return;
    retries.left -= 1;
    retries.nextAt = new Date(retries.nextAt.getTime() + retries.afterMs);
    const { left, outcome, afterMs } = retries;
    if (left === 0 && outcome === 'captured') this.approve(payment);
    else this.refuse(payment, refusal ?? refusalOf('20051'), { afterMs, attempts: left, outcome });
  }

  #newDispute(payment: Payment): Dispute {
    const [id, receivedAt] = [newId('dsp'), this.now()];
    const status = 'evidence_required';
    const dispute: Dispute = { id, payment, amount: payment.captured, receivedAt, status, updatedAt: receivedAt };
    this.book.addDispute(dispute);
    return dispute;
  }

  #captured(payment: Payment): WebhookEvent {
    payment.captured = payment.amount;
    this.#step(payment, 'Capture', 'Captured');
    return this.#eventOf(payment, 'payment_captured');
  }

  #step(
    payment: Payment,
    type: Action['type'],
    status: Status,
    { amount = payment.amount, reference = payment.reference } = {},
  ): Action {
    const action = { id: newId('act'), type, processedAt: this.now(), amount, refusal: payment.refusal, reference };
    payment.status = status;
    payment.actions.unshift(action);
    return action;
  }

  /** What happened at once, and is in the book by now. */
  #announce(events: readonly WebhookEvent[]): void {
    this.book.changed();
    this.webhooks.add(events);
  }

  #tell(payment: Payment, types: readonly string[]): void {
    this.#announce(types.map((type) => this.#eventOf(payment, type)));
  }

  #eventOf(payment: Payment, type: string): WebhookEvent {
    const { id, reference, amount, currency, actions, instrument, retries } = payment;
    const [action] = actions;
    const data = {
      ...(action ? { ...actionOf(action), action_id: action.id } : {}),
      ...{ id, amount: action?.amount ?? amount, currency, source: sourceOf(instrument) },
      ...(reference === null ? {} : { reference }),
      ...(retries ? { retry: { next_attempt_on: retries.nextAt.toISOString() } } : {}),
    };
    return this.#event(type, reference, data);
  }

  #event(type: string, reference: string | null, data: object): WebhookEvent {
    const id = newId('evt');
    const envelope = { id, type, version: '1.0.0', created_on: this.now().toISOString(), data };
    return { id, type, reference, body: JSON.stringify(envelope) };
  }

  #later(ms: number): Date {
    return new Date(this.now().getTime() + ms);
  }
}
