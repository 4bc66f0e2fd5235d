import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What is paid for by the month; Pro is the first. */
export const products = ['PRO'] as const;
export type Product = (typeof products)[number];

/** Why a subscription is over. */
export const expiryReasons = ['UNPAID', 'CANCELLED', 'REFUNDED', 'OPERATOR', 'DELETED'] as const;
export type ExpiryReason = (typeof expiryReasons)[number];

/** Where a subscription stands. */
export enum SubscriptionState {
  ACTIVE = 'ACTIVE',
  PAST_DUE = 'PAST_DUE',
  GRACE_PERIOD = 'GRACE_PERIOD',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
}

/** The same as clients know it, who may have none. */
const BillingState = { NONE: 'NONE', ...SubscriptionState } as const;
registerEnumType(BillingState, {
  name: 'BillingState',
  description: 'Where a subscription stands.',
  valuesConfig: {
    NONE: { description: 'There never was one: no subscription has it.' },
    ACTIVE: { description: 'It is paid for, and will be renewed at the end of its period.' },
    PAST_DUE: {
      description: 'Its period is over and the renewal was not paid yet: it is tried again. Pro goes on meanwhile.',
    },
    GRACE_PERIOD: {
      description: 'No renewal was paid: Pro goes on until `graceEndsAt`, and any payment before that keeps it.',
    },
    CANCELLED: { description: 'It ends with its period, until which it can be resumed.' },
    EXPIRED: { description: 'It is over; the account is on the free plan.' },
  },
});

/** What a subscription starts with. */
export type NewSubscription = Pick<
  Subscription,
  | 'id'
  | 'accountId'
  | 'product'
  | 'state'
  | 'anchor'
  | 'periodStart'
  | 'periodEnd'
  | 'cancelledAt'
  | 'dueAt'
  | 'createdAt'
>;

/** What an account pays for by the month: its periods, and the card that renews them. */
@ObjectType('BillingSubscription', {
  simpleResolvers: true,
  description: 'What an account pays for by the month. One that has expired stays, until there is a new one.',
})
@Entity({ schema: 'billing' })
@Check({ name: 'subscription_period_order', expression: 'period_start < period_end' })
@Check({ name: 'subscription_failed_payments_positive', expression: 'failed_payments >= 0' })
@Check({ name: 'subscription_grace_has_end', expression: `(state = 'GRACE_PERIOD') = (grace_ends_at is not null)` })
@Check({
  name: 'subscription_cancelled_when_cancelled',
  expression: `(state <> 'CANCELLED' or cancelled_at is not null) and (state <> 'ACTIVE' or cancelled_at is null)`,
})
@Check({
  name: 'subscription_ended_when_expired',
  expression: `(state = 'EXPIRED') = (ended_at is not null) and (ended_at is null) = (ended_by is null)`,
})
@Check({ name: 'subscription_due_while_live', expression: `(state = 'EXPIRED') = (due_at is null)` })
@Check({
  name: 'subscription_card_whole',
  expression:
    '(instrument_id is null) = (card_last_four is null) and (instrument_id is null) = (card_scheme is null) and (instrument_id is null) = (card_good_until is null)',
})
@Index({
  name: 'subscription_live',
  expression: `create unique index "subscription_live" on "billing"."subscription" ("account_id", "product") where state <> 'EXPIRED'`,
})
@Index({
  name: 'subscription_due',
  expression: 'create index "subscription_due" on "billing"."subscription" ("due_at", "id") where due_at is not null',
})
@Notes({
  kept: 'for good, as the books are',
  indexes: {
    subscription_live: 'An account has one of a product at most.',
    subscription_due: 'On which there is something to do, for their sweeper.',
  },
})
export class Subscription {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the subscription.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  /** What is paid for. */
  @Enum({ items: () => [...products] })
  readonly product: Product;

  @Field(() => BillingState, { description: 'Where it stands now.' })
  @Enum({ items: () => SubscriptionState })
  state: SubscriptionState;

  /** The moment from which its months are counted. */
  @Property({ type: 'timestamptz', length: 3 })
  anchor: Date;

  @Field(() => DateTime, { description: 'When the period that was paid last began.' })
  @Property({ type: 'timestamptz', length: 3 })
  periodStart: Date;

  @Field(() => DateTime, {
    description:
      'When that period ends: the renewal is due then. Periods are calendar months (UTC) from the day of the first payment; where a month lacks that day, its last one.',
  })
  @Property({ type: 'timestamptz', length: 3 })
  periodEnd: Date;

  @Field(() => Int, { description: 'How often the renewal that is due was refused; 0 once it is paid.' })
  @Property({ type: 'integer', default: 0 })
  failedPayments: number = 0;

  @Field(() => DateTime, { nullable: true, description: 'When it was cancelled; null unless it was.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  cancelledAt: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When Pro ends, unless somebody pays before; null outside of the grace period.',
  })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  graceEndsAt: Date | null = null;

  @Field(() => DateTime, { nullable: true, description: 'When it expired; null until then.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  endedAt: Date | null = null;

  /** Why it expired. */
  @Enum({ items: () => [...expiryReasons], nullable: true })
  endedBy: ExpiryReason | null = null;

  /** When there is next something to do; null once it is over. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  dueAt: Date | null;

  /** The card that renews it, as the provider calls it; null where an operator gave it. */
  @Property({ type: 'text', nullable: true })
  instrumentId: string | null = null;

  /** The card's scheme, such as `VISA`. */
  @Property({ type: 'text', nullable: true })
  cardScheme: string | null = null;

  /** The last four digits of the card. */
  @Property({ type: 'text', nullable: true })
  cardLastFour: string | null = null;

  /** The first moment at which the card has expired. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  cardGoodUntil: Date | null = null;

  @Field(() => Boolean, {
    description:
      'Whether the card was refused for good: nothing is charged any more until `updatePaymentMethod`, or `startProCheckout`.',
  })
  @Property({ type: 'boolean', default: false })
  needsNewCard: boolean = false;

  /** The provider's id of the last payment, which renewals refer to. */
  @Property({ type: 'text', nullable: true })
  previousPaymentId: string | null = null;

  @Field(() => DateTime, { description: 'When it began, by a payment or a gift.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: NewSubscription) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.product = from.product;
    this.state = from.state;
    this.anchor = from.anchor;
    this.periodStart = from.periodStart;
    this.periodEnd = from.periodEnd;
    this.cancelledAt = from.cancelledAt;
    this.dueAt = from.dueAt;
    this.createdAt = from.createdAt;
  }
}
