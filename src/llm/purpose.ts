import type { RunPurpose } from '../../entities/llm/run.js';
import type { ChatTurn, Context, JsonShape, Marks, Tool, Tx } from '../kernel/context.js';
import type { EndedRun, StartedRun } from './run-rows.js';

/** What a model is told. */
export interface Prompt {
  readonly turns: readonly ChatTurn[];
  /** How the things were that it is told of, and others of the account, before it was told. */
  readonly seen: Marks;
}

/** What a domain asks a model for: how it asks, what becomes of the answer, and what that costs. */
export interface Purpose {
  readonly name: RunPurpose;
  /** What the model is told. Read once the run has been committed, in no transaction. */
  buildPrompt(ctx: Context, run: StartedRun): Promise<Prompt>;
  /** What the model may call; nothing where it only writes. */
  tools?(ctx: Context): readonly Tool[];
  /** What the model answers, where that is a JSON value and no text. */
  readonly shape?: JsonShape;
  /**
   * Stores the answer, in the transaction in which the run ends: once, by the process that had it written or, where that
   * is gone, by a sweeper. Answers the credits that it costs, out of those that are held for it; 0 gives them all back.
   */
  store(tx: Tx, run: EndedRun): Promise<number>;
}
