import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { userCreated } from '../events/auth.js';
import { subscribe } from '../kernel/events.js';
import { isBooked, openLedger } from './ledger.js';

/** Credits that a new account starts with. */
const kickstartCredits = 5;
/** Once per account. */
const key = 'kickstart';

/** Gives a new account its first credits, in the transaction that creates it; the ledger's key makes it once. */
export const grantKickstart = subscribe(userCreated, 'billing.grant-kickstart', async (tx) => {
  if (await isBooked(tx, key)) return;
  const [kind, bucket] = [CreditEntryKind.GRANT, CreditBucketName.KICKSTART];
  const ledger = await openLedger(tx);
  await ledger.book([{ kind, bucket, amount: kickstartCredits, reason: 'Welcome', key }]);
});
