import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import type { CreditEntryKind } from '../../entities/billing/credit-entry.js';

/** One line to be written into the ledger. */
export interface NewEntry {
  readonly kind: CreditEntryKind;
  readonly bucket: CreditBucketName;
  readonly amount: number;
  /** What the history says. */
  readonly reason: string;
  /** Unique per account: writing it twice is refused by the database. */
  readonly key: string;
  readonly holdId?: string;
  /** When it fell due, where that is not the moment at which it is written. */
  readonly at?: Date;
}
