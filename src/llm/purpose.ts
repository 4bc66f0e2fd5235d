import type { RunPurpose } from '../../entities/llm/run.js';
import type { ChatTurn, Context, Tool, Tx } from '../kernel/context.js';
import type { EndedRun, StartedRun } from './run-rows.js';

/** What a domain asks a model for: how it asks, what that costs, and what becomes of the text. */
export interface Purpose {
  readonly name: RunPurpose;
  /** What the model is told. Read once the run has been committed, in no transaction. */
  buildPrompt(ctx: Context, run: StartedRun): Promise<readonly ChatTurn[]>;
  /** What the model may call; nothing where it only writes. */
  tools?(ctx: Context): readonly Tool[];
  /** Credits that a run costs, out of those that are held for it; 0 gives them all back. */
  priceOf(run: EndedRun): number;
  /**
   * Stores the text, in the transaction in which the run ends: once, by the process that wrote it or, where that is
   * gone, by a sweeper. `credits` is what was paid.
   */
  store(tx: Tx, run: EndedRun, credits: number): Promise<void>;
}
