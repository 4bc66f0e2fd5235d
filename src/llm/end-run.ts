import { RunState } from '../../entities/llm/run.js';
import { settleHold } from '../billing/index.js';
import {
  asAccount,
  type Context,
  type Marks,
  runStatement,
  type TokenUsage,
  type ToolCall,
  type Tx,
} from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { costs, runsEnded, tokensUsed } from './metrics.js';
import type { Purpose } from './purpose.js';
import { type EndedRun, runTopic } from './run-rows.js';
import { costOf, estimateTokens, type RunUsage, usageOf } from './usage.js';

/** How a run ended, as the process that wrote it or a sweeper sees it. */
export interface Ending {
  readonly runId: string;
  readonly accountId: string;
  readonly state: RunState.COMPLETE | RunState.FAILED;
  /** The whole text; null keeps what is stored. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** The JSON value that was asked for; undefined where there is none. */
  readonly value: unknown;
  readonly seen: Marks;
  readonly isCut: boolean;
  /** Null when it is not known. */
  readonly usage: RunUsage | null;
  /** When the model's first text came; null when none did, or when it is not known. */
  readonly firstTextAt: Date | null;
  /** Who holds the lease; null stands for a lease that has lapsed. */
  readonly leaseOwner: string | null;
}

/**
 * Stores a run's end, once: the state, the whole text, what it took, what of the hold is paid. A run that the user has
 * stopped meanwhile stays stopped; what comes later than the stop allows for is left out. When the lease is not the
 * caller's any more, nothing changes.
 */
export async function endRun(ctx: Context, purpose: Purpose, ending: Ending): Promise<void> {
  await transaction(asAccount(ctx, ending.accountId), async (tx) => {
    const ended = await giveUpLease(tx, ending);
    if (!ended) return;
    const stored = await takePieces(tx, ending);
    const text = ended.isLate || ending.text === null ? stored : ending.text;
    const usage = ending.usage ?? usageOf(null, { ...ended, outputTokens: estimateTokens(text) });
    const run: EndedRun = {
      id: ending.runId,
      accountId: ending.accountId,
      purpose: purpose.name,
      model: ended.model,
      state: ended.state,
      text,
      toolCalls: ending.toolCalls,
      value: ending.value,
      seen: ending.seen,
      isCut: ending.isCut,
      outputTokens: usage.outputTokens,
    };
    await storeUsage(tx, run, usage);
    const credits = await purpose.store(tx, run);
    if (ended.holdId) await settleHold(tx, ended.holdId, credits);
    tx.unit.ring(runTopic(run.id));
    count(tx, runsEnded, { purpose: run.purpose, state: run.state });
  });
}

interface EndedRow extends Pick<TokenUsage, 'inputTokens'> {
  readonly state: EndedRun['state'];
  readonly model: string;
  readonly holdId: string | null;
  /** It was stopped, and the time is over in which the last piece may come. */
  readonly isLate: boolean;
}

async function giveUpLease(
  tx: Tx,
  { runId, state, leaseOwner, accountId, firstTextAt }: Ending,
): Promise<EndedRow | undefined> {
  const [row] = await runStatement<EndedRow>(
    tx,
    `update llm.run set state = case state when 'RUNNING' then $3 else state end,
       lease_owner = null, lease_until = null, ended_at = $5, first_text_at = coalesce(first_text_at, $6)
     where account_id = $1 and id = $2 and ended_at is null
       and case when $4::uuid is null then lease_until < now() else lease_owner = $4 end
     returning new.state, model, hold_id as "holdId", input_tokens as "inputTokens",
       old.state = 'STOPPED' and old.lease_until < now() as "isLate"`,
    [accountId, runId, state, leaseOwner, tx.clock.now(), firstTextAt],
  );
  return row;
}

/** Takes the pieces of a text away, and answers it. */
async function takePieces(tx: Tx, { accountId, runId }: Ending): Promise<string> {
  const pieces = await runStatement<{ position: number; text: string }>(
    tx,
    'delete from llm.piece where account_id = $1 and run_id = $2 returning position, reverse(reversed_text) as text',
    [accountId, runId],
  );
  return pieces
    .sort((a, b) => a.position - b.position)
    .map(({ text }) => text)
    .join('');
}

async function storeUsage(tx: Tx, { id, accountId, model }: EndedRun, usage: RunUsage): Promise<void> {
  const cost = costOf(usage, tx.providers.languageModel.prices.get(model));
  await runStatement(
    tx,
    `update llm.run set input_tokens = $3, output_tokens = $4, usage_estimated = $5, cost_micro_dollars = $6
     where account_id = $1 and id = $2`,
    [accountId, id, usage.inputTokens, usage.outputTokens, usage.isEstimated, cost],
  );
  count(tx, tokensUsed, { model, direction: 'input' }, usage.inputTokens);
  count(tx, tokensUsed, { model, direction: 'output' }, usage.outputTokens);
  if (cost !== null) count(tx, costs, { model }, cost);
}
