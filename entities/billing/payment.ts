import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** Who takes payments for us. */
export const paymentProviders = ['CHECKOUT'] as const;
export type PaymentProviderName = (typeof paymentProviders)[number];

/** What a payment is for. */
export enum PaymentPurpose {
  PRO = 'PRO',
  CREDITS = 'CREDITS',
  CARD = 'CARD',
}
registerEnumType(PaymentPurpose, {
  name: 'PaymentPurpose',
  description: 'What a payment is for.',
  valuesConfig: {
    PRO: { description: 'A month of the Pro plan.' },
    CREDITS: { description: 'A pack of credits.' },
    CARD: { description: 'A new card for renewals, which is verified and not charged.' },
  },
});

/** How a payment stands with us. */
export enum PaymentState {
  PENDING = 'PENDING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(PaymentState, {
  name: 'PaymentState',
  description: 'How a payment stands.',
  valuesConfig: {
    PENDING: { description: 'It is not decided: its page is open, or the provider has not said.' },
    SUCCEEDED: { description: 'The money was taken; `refundedCents` says how much of it went back.' },
    FAILED: { description: 'It was refused, and will not be paid any more.' },
    EXPIRED: { description: 'Nobody paid while its page was open.' },
  },
});

/** What a payment starts with. */
export type NewPayment = Pick<
  Payment,
  | 'id'
  | 'accountId'
  | 'provider'
  | 'purpose'
  | 'reference'
  | 'amountCents'
  | 'currency'
  | 'pack'
  | 'credits'
  | 'subscriptionId'
  | 'periodStart'
  | 'attempt'
  | 'instrumentId'
  | 'lookAt'
  | 'createdAt'
>;

/** One attempt to be paid: on a page of the provider, or by a card that the provider keeps. */
@ObjectType({ simpleResolvers: true, description: 'One payment, as a receipt has it.' })
@Entity({ schema: 'billing' })
@Unique({ properties: ['reference'] })
@Unique({ properties: ['provider', 'providerPaymentId'] })
@Check({
  name: 'payment_amount_of_purpose',
  expression: `(purpose = 'CARD') = (amount_cents = 0) and amount_cents >= 0`,
})
@Check({
  name: 'payment_credits_of_purpose',
  expression: `(purpose = 'CREDITS') = (credits is not null) and (credits is null) = (pack is null) and credits > 0`,
})
@Check({
  name: 'payment_period_of_subscription',
  expression: `(attempt is null or (purpose = 'PRO' and subscription_id is not null and period_start is not null)) and attempt > 0`,
})
@Check({
  name: 'payment_page_or_charge',
  expression: '(page_url is null) = (page_expires_at is null) and (attempt is null or page_url is null)',
})
@Check({
  name: 'payment_texts_length',
  expression:
    'char_length(reference) <= 50 and char_length(currency) = 3 and char_length(card_scheme) <= 50 and char_length(card_last_four) = 4',
})
@Check({ name: 'payment_succeeded_when', expression: `(state = 'SUCCEEDED') = (succeeded_at is not null)` })
@Check({ name: 'payment_succeeded_by', expression: `state <> 'SUCCEEDED' or provider_payment_id is not null` })
@Check({
  name: 'payment_given_back_range',
  expression: 'refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents <= amount_cents and taken_back >= 0',
})
@Check({ name: 'payment_surplus_succeeded', expression: `not is_surplus or state = 'SUCCEEDED'` })
@Index({
  name: 'payment_attempt',
  expression:
    'create unique index "payment_attempt" on "billing"."payment" ("account_id", "subscription_id", "period_start", "attempt") where attempt is not null',
})
@Index({
  name: 'payment_paid_period',
  expression: `create unique index "payment_paid_period" on "billing"."payment" ("account_id", "subscription_id", "period_start") where purpose = 'PRO' and state = 'SUCCEEDED' and not is_surplus`,
})
@Index({
  name: 'payment_open',
  expression: `create index "payment_open" on "billing"."payment" ("account_id", "purpose") where state = 'PENDING'`,
})
@Index({
  name: 'payment_look',
  expression: 'create index "payment_look" on "billing"."payment" ("look_at", "id") where look_at is not null',
})
@Index({
  name: 'payment_went_back',
  expression:
    'create index "payment_went_back" on "billing"."payment" ("account_id", "went_back_at") where went_back_at is not null',
})
@Index({ properties: ['accountId', 'createdAt', 'id'] })
@Notes({
  kept: 'for good, as the books are',
  indexes: {
    payment_attempt: 'A period is charged once an attempt.',
    payment_paid_period: 'A period is paid once; what comes beside that is surplus, and goes back.',
    payment_open: 'What an account may still pay.',
    payment_look: 'Which the provider is to be asked about next, for their sweeper.',
    payment_went_back: 'What went back to its payer, for credits that return and may have to go with it.',
    payment_account_id_created_at_id_index: 'The payments of an account, newest first.',
  },
})
export class Payment {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the payment.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  /** Who takes it. */
  @Enum({ items: () => [...paymentProviders] })
  readonly provider: PaymentProviderName;

  @Field(() => PaymentPurpose, { description: 'What it is for.' })
  @Enum({ items: () => PaymentPurpose })
  readonly purpose: PaymentPurpose;

  @Field(() => ID, { description: 'What the payment provider knows it by: name it when asking about a payment.' })
  @Property({ type: 'text' })
  readonly reference: string;

  /** The provider's own id; null until it has one. */
  @Property({ type: 'text', nullable: true })
  providerPaymentId: string | null = null;

  @Field(() => PaymentState, { description: 'How it stands now.' })
  @Enum({ items: () => PaymentState, default: PaymentState.PENDING })
  state: PaymentState = PaymentState.PENDING;

  @Field(() => Int, { description: 'What is paid, in hundredths of the currency.' })
  @Property({ type: 'integer' })
  readonly amountCents: number;

  @Field(() => String, { description: 'ISO 4217, such as `USD`.' })
  @Property({ type: 'text' })
  readonly currency: string;

  /** The pack that is bought; null where it is none. */
  @Property({ type: 'text', nullable: true })
  readonly pack: string | null;

  @Field(() => Int, { nullable: true, description: 'The credits that were bought; null where none are.' })
  @Property({ type: 'integer', nullable: true })
  readonly credits: number | null;

  /** The subscription that it pays for; null before the first payment of one. */
  @Property({ type: 'uuid', nullable: true })
  subscriptionId: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The beginning of the month of Pro that it pays for; null where it pays for none, or is not paid yet.',
  })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  periodStart: Date | null;

  /** Which charge of a kept card it is for this period, from 1; null on a page. */
  @Property({ type: 'integer', nullable: true })
  readonly attempt: number | null;

  /** The card that is charged, as the provider calls it; null on a page. */
  @Property({ type: 'text', nullable: true })
  instrumentId: string | null;

  /** The page on which it can be paid. */
  @Property({ type: 'text', nullable: true })
  pageUrl: string | null = null;

  /** From when on nobody can pay on it. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  pageExpiresAt: Date | null = null;

  @Field(() => String, { nullable: true, description: 'The scheme of the card that paid, such as `VISA`.' })
  @Property({ type: 'text', nullable: true })
  cardScheme: string | null = null;

  @Field(() => String, { nullable: true, description: 'The last four digits of the card that paid.' })
  @Property({ type: 'text', nullable: true })
  cardLastFour: string | null = null;

  /** Why it was refused, as the provider calls it. */
  @Property({ type: 'text', nullable: true })
  declineCode: string | null = null;

  /** When the provider tries again by itself. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  retryAt: Date | null = null;

  @Field(() => Int, { description: 'How much of it went back to the payer.' })
  @Property({ type: 'integer', default: 0 })
  refundedCents: number = 0;

  @Field(() => Int, { description: "How much of it the payer's bank has taken back, or asks back." })
  @Property({ type: 'integer', default: 0 })
  disputedCents: number = 0;

  /** When that changed last; null while nothing went back. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  wentBackAt: Date | null = null;

  /** Credits of it that were taken back. */
  @Property({ type: 'integer', default: 0 })
  takenBack: number = 0;

  @Field(() => Boolean, {
    description: 'Whether something else had paid for the same already: then it goes back to the payer by itself.',
  })
  @Property({ type: 'boolean', default: false })
  isSurplus: boolean = false;

  /** How often what the provider says was noted: what was asked before that is out of date. */
  @Property({ type: 'integer', default: 0 })
  looks: number = 0;

  /** When the provider is to be asked next; null when there is no need to. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  lookAt: Date | null;

  @Field(() => DateTime, { description: 'When it was begun.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was paid; null unless it was.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  succeededAt: Date | null = null;

  constructor(from: NewPayment) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.provider = from.provider;
    this.purpose = from.purpose;
    this.reference = from.reference;
    this.amountCents = from.amountCents;
    this.currency = from.currency;
    this.pack = from.pack;
    this.credits = from.credits;
    this.subscriptionId = from.subscriptionId;
    this.periodStart = from.periodStart;
    this.attempt = from.attempt;
    this.instrumentId = from.instrumentId;
    this.lookAt = from.lookAt;
    this.createdAt = from.createdAt;
  }
}
