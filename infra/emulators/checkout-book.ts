import { randomBytes } from 'node:crypto';
import { type Card, type Refusal, standardCard } from './checkout-cards.js';
import { BadRequest } from './server.js';

/** A card that is kept, to be charged without its holder. */
export interface KeptInstrument {
  readonly id: string;
  readonly card: Card;
}

/** A page that was made to pay on. */
export interface Page {
  readonly id: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly displayName: string;
  readonly paymentType: string;
  readonly successUrl: string;
  readonly failureUrl: string;
  readonly cancelUrl: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The payment that was made on it, once one was not refused. */
  paymentId: string | null;
}

/** One step of a payment. */
export interface Action {
  readonly id: string;
  readonly type: 'Authorization' | 'Card Verification' | 'Capture' | 'Refund' | 'Void';
  readonly processedAt: Date;
  readonly amount: number;
  readonly refusal: Refusal | null;
  readonly reference: string | null;
}

/** How it will be tried again by itself. */
interface Retries {
  readonly afterMs: number;
  /** Tries that are left. */
  left: number;
  /** How the last of them goes. */
  readonly outcome: 'captured' | 'declined';
  nextAt: Date;
  readonly endsAt: Date;
}

export type Status =
  | 'Pending'
  | 'Authorized'
  | 'Card Verified'
  | 'Captured'
  | 'Partially Refunded'
  | 'Refunded'
  | 'Declined'
  | 'Retry Scheduled'
  | 'Canceled';

/** One payment, and all that has become of it. */
export interface Payment {
  readonly id: string;
  /** On a page, or of a kept card. */
  readonly kind: 'page' | 'charge';
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly paymentType: string;
  readonly description: string;
  readonly requestedAt: Date;
  readonly instrument: KeptInstrument;
  status: Status;
  captured: number;
  refunded: number;
  refusal: Refusal | null;
  retries: Retries | null;
  /** The latest first. */
  readonly actions: Action[];
}

/** Somebody wants money back through their bank. */
export interface Dispute {
  readonly id: string;
  readonly payment: Payment;
  readonly amount: number;
  readonly receivedAt: Date;
  status: 'evidence_required' | 'lost' | 'won';
  updatedAt: Date;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** An id as Checkout.com's: `pay_` and 26 characters. */
export function newId(prefix: string): string {
  return `${prefix}_${[...randomBytes(26)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}

/** All that the stand-in remembers, up to so many payments. */
export class Book {
  readonly payments = new Map<string, Payment>();
  readonly pages = new Map<string, Page>();
  readonly instruments = new Map<string, KeptInstrument>();
  readonly disputes: Dispute[] = [];
  readonly #byReference = new Map<string, Payment[]>();
  readonly #pageOf = new Map<string, Page>();

  /** @param keep keeps it beyond this process, once something in it has changed */
  constructor(
    private readonly maxPayments: number,
    private readonly keep: (book: Book) => void = () => undefined,
  ) {}

  /** Something in it is another now. What is answered or told of it comes after this. */
  changed(): void {
    this.keep(this);
  }

  addPage(page: Page): void {
    requireRoom(this.pages.size, this.maxPayments, 'pages');
    this.pages.set(page.id, page);
    this.#pageOf.set(page.reference, page);
  }

  addPayment(payment: Payment): void {
    requireRoom(this.payments.size, this.maxPayments, 'payments');
    this.payments.set(payment.id, payment);
    this.instruments.set(payment.instrument.id, payment.instrument);
    if (payment.reference === null) return;
    const others = this.#byReference.get(payment.reference) ?? [];
    this.#byReference.set(payment.reference, [payment, ...others]);
  }

  addDispute(dispute: Dispute): void {
    requireRoom(this.disputes.length, this.maxPayments, 'disputes');
    this.disputes.unshift(dispute);
  }

  /** The latest first. */
  withReference(reference: string): readonly Payment[] {
    return this.#byReference.get(reference) ?? [];
  }

  /** The latest page with this reference. */
  pageOf(reference: string): Page | null {
    return this.#pageOf.get(reference) ?? null;
  }

  disputesOf(payment: Payment): Dispute[] {
    return this.disputes.filter((dispute) => dispute.payment === payment);
  }
}

/** What was paid, as books are compared. */
export interface BookedPayment {
  readonly id: string;
  readonly kind: Payment['kind'];
  readonly reference: string | null;
  readonly status: Status;
  readonly instrumentId: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly capturedCents: number;
  readonly refundedCents: number;
  /** In disputes that were not won. */
  readonly disputedCents: number;
  readonly requestedAt: string;
}

/** All payments, the earliest first. */
export function bookedIn(book: Book): BookedPayment[] {
  return [...book.payments.values()].map((payment) => ({
    id: payment.id,
    kind: payment.kind,
    reference: payment.reference,
    status: payment.status,
    instrumentId: payment.instrument.id,
    currency: payment.currency,
    amountCents: payment.amount,
    capturedCents: payment.captured,
    refundedCents: payment.refunded,
    disputedCents: book
      .disputesOf(payment)
      .filter(({ status }) => status !== 'won')
      .reduce((sum, { amount }) => sum + amount, 0),
    requestedAt: payment.requestedAt.toISOString(),
  }));
}

/** A new instrument of a card; nothing of it is known before. */
export function newInstrument(card: Card = standardCard): KeptInstrument {
  return { id: newId('src'), card };
}

function requireRoom(count: number, max: number, what: string): void {
  if (count >= max) throw new BadRequest(`The emulator keeps no more than ${max} ${what}. Start another one.`);
}
