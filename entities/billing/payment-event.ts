import { Check, Entity, Enum, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';
import { type PaymentProviderName, paymentProviders } from './payment.js';

/** How far we have come with what a provider told us. */
export enum PaymentEventState {
  /** It is stored, and will be worked off. */
  RECEIVED = 'RECEIVED',
  /** What it tells of is in our books. */
  PROCESSED = 'PROCESSED',
  /** It is of a kind that we have no use for. */
  UNKNOWN = 'UNKNOWN',
  /** It cannot be what we have asked for: nothing was done. */
  QUARANTINED = 'QUARANTINED',
  /** It was tried in vain too often. */
  FAILED = 'FAILED',
}

/** Something that a payment provider told us of, once for ever: what it means is asked of the provider itself. */
@Entity({ schema: 'billing' })
@Unique({ properties: ['provider', 'eventId'] })
@Check({ name: 'payment_event_due_while_received', expression: `(state = 'RECEIVED') = (due_at is not null)` })
@Index({
  name: 'payment_event_due',
  expression: 'create index "payment_event_due" on "billing"."payment_event" ("due_at", "id") where due_at is not null',
})
@Index({
  name: 'payment_event_left',
  expression: `create index "payment_event_left" on "billing"."payment_event" ("received_at") where state = any (array['QUARANTINED', 'FAILED'])`,
})
@Index({
  name: 'payment_event_with_body',
  expression:
    'create index "payment_event_with_body" on "billing"."payment_event" ("received_at") where body is not null',
})
@Notes({
  kept: 'for good, so that none is worked off twice; the body of one that is in quarantine 14 days',
  indexes: {
    payment_event_due: 'Which are to be worked off.',
    payment_event_left: 'Which an operator should look at.',
    payment_event_with_body: 'Whose bodies are to be forgotten.',
  },
})
export class PaymentEvent {
  /** The UUID that we gave it. */
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** Who told us. */
  @Enum({ items: () => [...paymentProviders] })
  readonly provider!: PaymentProviderName;

  /** The provider's id of it; of what could not be read the SHA-256 of its body. */
  @Property({ type: 'text' })
  readonly eventId!: string;

  /** The provider's word for what happened; empty where it could not be read. */
  @Property({ type: 'text' })
  readonly type!: string;

  /** The payment that it is about, as the provider calls it. */
  @Property({ type: 'text', nullable: true })
  readonly paymentId!: string | null;

  /** The payment that it is about, as we call it. */
  @Property({ type: 'text', nullable: true })
  readonly reference!: string | null;

  /** How far we have come. */
  @Enum({ items: () => PaymentEventState })
  readonly state!: PaymentEventState;

  /** Why nothing was done, or not yet. */
  @Property({ type: 'text', nullable: true })
  readonly reason!: string | null;

  /** How often it was tried. */
  @Property({ type: 'integer', default: 0 })
  readonly attempts!: number;

  /** When it is tried next; null once that is over. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly dueAt!: Date | null;

  /** What was sent; null where it is not needed any more. */
  @Property({ type: 'text', nullable: true })
  readonly body!: string | null;

  /** When it came. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly receivedAt!: Date;

  /** When it was over. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly processedAt!: Date | null;
}
