import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { CreditBucketName } from './credit-bucket.js';

/** How much of a hold came from which bucket: what is released falls back there. */
@Entity({ schema: 'billing' })
@Check({
  name: 'credit_hold_part_bucket_known',
  expression: `bucket in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART')`,
})
@Check({ name: 'credit_hold_part_amount_positive', expression: 'amount > 0' })
export class CreditHoldPart {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string;

  @PrimaryKey({ type: 'uuid' })
  readonly holdId!: string;

  @PrimaryKey({ type: 'text' })
  readonly bucket!: CreditBucketName;

  @Property({ type: 'integer' })
  readonly amount!: number;

  /** When the held credits would have expired; what returns later than that expires at once. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly expiresAt!: Date | null;
}
