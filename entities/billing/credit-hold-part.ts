import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';
import type { CreditBucketName } from './credit-bucket.js';

/** How much of a hold came from which bucket: what is released falls back there. */
@Entity({ schema: 'billing' })
@Check({
  name: 'credit_hold_part_bucket_known',
  expression: `bucket in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART')`,
})
@Check({ name: 'credit_hold_part_amount_positive', expression: 'amount > 0' })
@Notes({ kept: 'as long as its hold' })
export class CreditHoldPart {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string;

  @PrimaryKey({ type: 'uuid' })
  readonly holdId!: string;

  /** The bucket that the credits came from. */
  @PrimaryKey({ type: 'text' })
  readonly bucket!: CreditBucketName;

  /** How many credits, at least 1. */
  @Property({ type: 'integer' })
  readonly amount!: number;

  /** When the held credits would have expired; what returns later than that expires at once. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly expiresAt!: Date | null;

  /** Of SUBSCRIPTION, the paid period in which they were taken: what returns later is taken over as far as there is room. */
  @Property({ type: 'integer', default: 0 })
  readonly period!: number;
}
