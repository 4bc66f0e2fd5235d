import { RunState } from '../../entities/llm/run.js';
import { type HoldRequest, holdCredits } from '../billing/index.js';
import { newId, runStatement, type Tx } from '../kernel/context.js';
import { leaseMs } from './lease.js';
import type { Purpose } from './purpose.js';
import type { StartedRun } from './run-rows.js';
import { writeRun } from './write-run.js';

/**
 * Asks the model: holds credits, and once the transaction has committed has the text written, whether or not anyone
 * listens. Answers the run and what is left to spend.
 * @throws INSUFFICIENT_CREDITS with `required` and `available`
 */
export async function startRun(
  tx: Tx,
  purpose: Purpose,
  hold: HoldRequest,
): Promise<{ run: StartedRun; creditsRemaining: number }> {
  const { holdId, remaining } = await holdCredits(tx, hold);
  const model = tx.providers.languageModel.standardModel;
  const run: StartedRun = { id: newId(tx.clock), accountId: tx.unit.account.id, model };
  const { instanceId, databaseClock } = tx.services;
  await runStatement(
    tx,
    `insert into llm.run (account_id, id, purpose, model, state, hold_id, lease_owner, lease_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      run.accountId,
      run.id,
      purpose.name,
      model,
      RunState.RUNNING,
      holdId,
      instanceId,
      new Date(databaseClock.now().getTime() + leaseMs),
      tx.clock.now(),
    ],
  );
  tx.unit.afterCommit((outside) => void writeRun(outside, purpose, run));
  return { run, creditsRemaining: remaining };
}
