import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';
import { CreditBucketName } from './credit-bucket.js';

/** Where credits can be missing: in a bucket, or among those that are held. */
export const creditPlaces = [...Object.values(CreditBucketName), 'HELD'] as const;
export type CreditPlace = (typeof creditPlaces)[number];

/** A balance that the nightly reconciliation found to be another than the sum of its ledger. There should be none. */
@Entity({ schema: 'billing' })
@Check({
  name: 'credit_difference_place_known',
  expression: `place in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART', 'HELD')`,
})
@Check({ name: 'credit_difference_differs', expression: 'stored <> booked' })
@Notes({ kept: 'for good, of a deleted account without a name' })
export class CreditDifference {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** The day of the reconciliation, UTC. */
  @PrimaryKey({ type: 'date' })
  readonly day!: string;

  /** The bucket, or HELD for what is held. */
  @PrimaryKey({ type: 'text' })
  readonly place!: CreditPlace;

  /** Credits that the balance says. */
  @Property({ type: 'integer' })
  readonly stored!: number;

  /** Credits that the ledger adds up to. */
  @Property({ type: 'integer' })
  readonly booked!: number;
}
