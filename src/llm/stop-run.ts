import { type RowTx, runStatement } from '../kernel/context.js';
import { runTopic, stopTopic } from './run-rows.js';

/** How long after a stop the last piece may be stored, by the database's clock. */
const graceMs = 1_000;

/**
 * Stops a run: what was written stays. The process that writes it hears of it at once, adds what its readers have
 * already seen, and settles the price. A run that has ended, or was stopped before, stays as it is; the answer is
 * whether it was running.
 */
export async function stopRun(tx: RowTx, runId: string): Promise<boolean> {
  // From the moment at which it is stopped: the transaction may have waited for its account.
  const rows = await runStatement(
    tx,
    `update llm.run
     set state = 'STOPPED', lease_until = least(lease_until, clock_timestamp() + $3 * interval '1 ms')
     where account_id = $1 and id = $2 and state = 'RUNNING' returning id`,
    [tx.unit.account.id, runId, graceMs],
  );
  if (rows.length === 0) return false;
  tx.unit.ring(runTopic(runId), stopTopic(runId));
  const live = tx.services.liveTexts.get(runId);
  tx.unit.afterCommit(() => live?.stop.abort(new Error('The user stopped it.')));
  return true;
}
