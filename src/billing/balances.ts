import { CreditBucketName } from '../../entities/billing/credit-bucket.js';

/** What an account has to spend, by bucket; what is held is in none of them. */
export interface Balances {
  readonly total: number;
  readonly daily: number;
  readonly subscription: number;
  readonly purchased: number;
  readonly kickstart: number;
  readonly held: number;
}

/** The balances of all buckets, with their sum. */
export function balancesOf(buckets: ReadonlyMap<CreditBucketName, number>, held: number): Balances {
  const of = (bucket: CreditBucketName) => buckets.get(bucket) ?? 0;
  return {
    total: [...buckets.values()].reduce((sum, balance) => sum + balance, 0),
    daily: of(CreditBucketName.DAILY),
    subscription: of(CreditBucketName.SUBSCRIPTION),
    purchased: of(CreditBucketName.PURCHASED),
    kickstart: of(CreditBucketName.KICKSTART),
    held,
  };
}
