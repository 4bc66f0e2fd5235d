import type { Tier } from '../../entities/accounts/account.js';
import { readPlan, setPlan } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { userUpdated } from '../events/auth.js';
import type { Tx } from '../kernel/context.js';
import { openLedger } from './ledger.js';

/** Puts the account on a plan; what it was granted by the day until now is booked first, as the plan before has it. */
export async function changePlan(tx: Tx, plan: Tier): Promise<void> {
  if ((await readPlan(tx)) === plan) return;
  await openLedger(tx);
  await setPlan(tx, plan);
  await record(tx, userUpdated(tx.unit.account.id, { fields: ['tier'] }));
}
