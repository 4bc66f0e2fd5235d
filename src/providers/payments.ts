/** Where the money is, as the provider says at the moment that it is asked. */
export type PaymentStatus =
  /** Nothing is decided: the payer has not finished, or the provider has not. */
  | 'PENDING'
  /** The payer's bank has promised the money, and it was not taken yet. */
  | 'AUTHORIZED'
  /** The money was taken; `refundedCents` and `disputedCents` say how much of it is gone again. */
  | 'PAID'
  /** A card was verified, and nothing was to be paid. */
  | 'VERIFIED'
  /** It was refused, and the provider tries again by itself at `retryAt`. */
  | 'RETRY_SCHEDULED'
  | 'DECLINED'
  /** It was given up before any money was taken. */
  | 'VOIDED'
  | 'EXPIRED';

/** A card as it may be shown, kept by the provider for later payments. */
export interface Instrument {
  /** The provider's name for it, which charges it. */
  readonly id: string;
  /** Such as `VISA`; empty where the provider does not say. */
  readonly scheme: string;
  readonly lastFour: string;
  /** It is good until the end of this month. */
  readonly expiryMonth: number;
  readonly expiryYear: number;
}

/** Why a payment was refused, and what the payer's bank advises. */
export interface Decline {
  /** The provider's code. */
  readonly code: string;
  /** The provider's words for it, in English, for operators. */
  readonly summary: string;
  /** NEVER: the same card is refused for ever. NEW_DETAILS: the payer has to enter them again. LATER: it may work then. */
  readonly advice: 'NEVER' | 'NEW_DETAILS' | 'LATER' | null;
}

/** One payment as the provider knows it. */
export interface ProviderPayment {
  readonly id: string;
  /** The one that we gave it; null where it has none. */
  readonly reference: string | null;
  readonly status: PaymentStatus;
  /** Of one that is PAID, what was taken: less than what was asked for, if the payer's bank gave no more. */
  readonly amountCents: number;
  /** ISO 4217, in capitals. */
  readonly currency: string;
  readonly refundedCents: number;
  /** What the payer's bank has taken back, or asks back, in a dispute that we have not won. */
  readonly disputedCents: number;
  readonly instrument: Instrument | null;
  readonly decline: Decline | null;
  /** When the provider tries again by itself. */
  readonly retryAt: Date | null;
  readonly requestedAt: Date;
}

/** What a payer sees on the provider's page. */
export interface PageRequest {
  /** Ours, of this payment alone. At most 50 characters. */
  readonly reference: string;
  /** 0 verifies the card and takes nothing. */
  readonly amountCents: number;
  readonly currency: string;
  /** What is paid for. At most 100 characters. */
  readonly description: string;
  readonly email: string;
  /** Whether the card is kept, and will be charged later without the payer. */
  readonly isRecurring: boolean;
  /** Where the payer's browser goes afterwards; at most 255 characters each. */
  readonly successUrl: string;
  readonly failureUrl: string;
  readonly cancelUrl: string;
}

/** A page that was made. */
export interface PaymentPage {
  readonly id: string;
  readonly url: string;
  /** From then on nobody can pay on it. */
  readonly expiresAt: Date;
}

/** A charge of a card that the provider keeps, without the payer. */
export interface ChargeRequest {
  /** Ours, of this attempt alone. */
  readonly reference: string;
  /** The same key again charges nothing again, as long as the provider keeps it. */
  readonly idempotencyKey: string;
  readonly instrumentId: string;
  /** The provider's id of the payment that the payer made, or the last one after it. */
  readonly previousPaymentId: string;
  readonly amountCents: number;
  readonly currency: string;
  /** What is paid for. At most 100 characters. */
  readonly description: string;
}

/** An event whose signature is good. */
export type VerifiedEvent =
  | {
      readonly kind: 'PAYMENT';
      /** Unique for ever. */
      readonly id: string;
      /** The provider's word for what happened. */
      readonly type: string;
      readonly paymentId: string;
      readonly reference: string | null;
    }
  /** One that we do not know, or that is about no payment. */
  | { readonly kind: 'UNKNOWN'; readonly id: string; readonly type: string }
  /** It is signed, and cannot be read. */
  | { readonly kind: 'MALFORMED'; readonly reason: string };

/** Whoever takes payments for us. Every question has a timeout. */
export interface PaymentProvider {
  /** Makes a page to pay on. @throws PaymentFailure */
  openPage(request: PageRequest): Promise<PaymentPage>;
  /** Charges a kept card; a refusal is an answer. @throws PaymentFailure: whether it was charged may not be known then */
  charge(request: ChargeRequest): Promise<ProviderPayment>;
  /** Null when there is none. @throws PaymentFailure */
  readPayment(id: string): Promise<ProviderPayment | null>;
  /** All payments that were given this reference, the newest first, without what is in dispute. @throws PaymentFailure */
  findPayments(reference: string): Promise<ProviderPayment[]>;
  /** Gives money back; the same key again gives nothing again. @throws PaymentFailure */
  refund(request: {
    readonly paymentId: string;
    readonly amountCents: number;
    readonly reference: string;
    readonly idempotencyKey: string;
  }): Promise<void>;
  /** The header that has an event's signature, in lower case. */
  readonly signatureHeader: string;
  /** Whether this could be a signature at all, whatever it signs: so that no body is read for one that is none. */
  looksSigned(signature: string | undefined): boolean;
  /** Reads an event from the bytes as they came, compared in constant time; null when no secret of ours has signed them. */
  readEvent(body: Buffer, signature: string | undefined): VerifiedEvent | null;
}

/** The provider could not be asked, or answered what is no answer. */
export class PaymentFailure extends Error {
  override readonly name = 'PaymentFailure';

  constructor(
    /** Whether what was asked may have been done all the same: no answer came, or one that says nothing of it. */
    readonly mayBeDone: boolean,
    /** The reason, without any secret. */
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}
