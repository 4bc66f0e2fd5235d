import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** Where a hold stands. */
export enum CreditHoldState {
  HELD = 'HELD',
  SETTLED = 'SETTLED',
  RELEASED = 'RELEASED',
  /** What had been paid was given back. */
  REFUNDED = 'REFUNDED',
}

/** Credits set aside before an AI operation starts; settled or released once, after it. */
@Entity({ schema: 'billing' })
@Unique({ properties: ['accountId', 'key'] })
@Check({ name: 'credit_hold_amount_positive', expression: 'amount > 0' })
@Check({ name: 'credit_hold_leased_while_held', expression: `state = 'HELD' or lease_until is null` })
@Index({
  name: 'credit_hold_held',
  expression: `create index "credit_hold_held" on "billing"."credit_hold" ("account_id") where state = 'HELD'`,
})
@Index({
  name: 'credit_hold_leased',
  expression:
    'create index "credit_hold_leased" on "billing"."credit_hold" ("lease_until", "id") where lease_until is not null',
})
@Notes({
  kept: 'for good, of a deleted account without a name',
  indexes: {
    credit_hold_held: 'What an account has set aside, among all that it ever had.',
    credit_hold_leased: 'Holds that nobody looks after any more, for their sweeper.',
  },
})
export class CreditHold {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** The UUID of the hold. */
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** Credits set aside, of all buckets together. */
  @Property({ type: 'integer' })
  readonly amount!: number;

  /** Whether it is still held, or how it ended. */
  @Enum({ items: () => CreditHoldState })
  readonly state!: CreditHoldState;

  /** What it is held for (`chat:<message id>`): asking twice holds once. */
  @Property({ type: 'text' })
  readonly key!: string;

  /** What the history says of it. */
  @Property({ type: 'text' })
  readonly reason!: string;

  /** When the credits were set aside. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  /** Until when somebody looks after it; null where a run does, and once it has ended. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly leaseUntil!: Date | null;
}
