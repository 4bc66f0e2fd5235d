import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { registerEnumType } from 'type-graphql';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** Where credits lie, in the order in which they are spent. */
export enum CreditBucketName {
  DAILY = 'DAILY',
  SUBSCRIPTION = 'SUBSCRIPTION',
  PURCHASED = 'PURCHASED',
  KICKSTART = 'KICKSTART',
}
registerEnumType(CreditBucketName, {
  name: 'CreditBucket',
  description: 'Where credits lie, in the order in which they are spent.',
  valuesConfig: {
    DAILY: { description: 'Granted at 00:00 UTC, gone at the next.' },
    SUBSCRIPTION: { description: 'Granted with each paid period; 50 at most carry over.' },
    PURCHASED: { description: 'Bought; they never expire.' },
    KICKSTART: { description: 'The gift to a new account; they never expire.' },
  },
});

/**
 * What is left in one bucket of one account. Only the insertion of a ledger entry changes `balance`: a trigger on
 * `billing.credit_entry` moves it, and the CHECK below refuses to go under zero.
 */
@Entity({ schema: 'billing' })
@Check({ name: 'credit_bucket_never_negative', expression: 'balance >= 0' })
@Check({ name: 'credit_bucket_known', expression: `bucket in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART')` })
@Check({ name: 'credit_bucket_only_daily_expires', expression: `bucket = 'DAILY' or expires_at is null` })
@Check({ name: 'credit_bucket_carried_range', expression: 'carried >= 0 and carried <= 50' })
@Index({
  name: 'credit_bucket_due',
  expression: `create index "credit_bucket_due" on "billing"."credit_bucket" ("expires_at", "account_id") where bucket = 'DAILY'`,
})
@Notes({
  kept: 'for good, of a deleted account without a name',
  indexes: { credit_bucket_due: 'Accounts on which daily credits are due, for the job that books them.' },
})
export class CreditBucket {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** Which bucket it is, such as DAILY. */
  @PrimaryKey({ type: 'text' })
  readonly bucket!: CreditBucketName;

  /** Credits that can be spent; what is held is not among them. */
  @Property({ type: 'integer', default: 0 })
  readonly balance!: number;

  /**
   * Of DAILY the first 00:00 UTC that is not booked yet: what is left in it expires then, and the next credits are granted.
   * Null for the others, which time does not empty.
   */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly expiresAt!: Date | null;

  /** Of SUBSCRIPTION, the paid period, counted from 1; 0 before the first. */
  @Property({ type: 'integer', default: 0 })
  readonly period!: number;

  /** Of SUBSCRIPTION, credits that the paid period took over from the one before. */
  @Property({ type: 'integer', default: 0 })
  readonly carried!: number;
}
