import type { RunPurpose, RunState } from '../../entities/llm/run.js';
import { type Context, type Marks, runStatement, type ToolCall } from '../kernel/context.js';

/** Rings whenever more of a run's text is there, and when it ends. */
export function runTopic(runId: string): string {
  return `run:${runId}`;
}

/** Rings when a run is stopped, for the process that writes it. */
export function stopTopic(runId: string): string {
  return `stop:${runId}`;
}

/** A run that has begun. */
export interface StartedRun {
  readonly id: string;
  readonly accountId: string;
  readonly model: string;
}

/** A run that has ended, as whoever asked for it is told. */
export interface EndedRun extends StartedRun {
  readonly purpose: RunPurpose;
  readonly state: Exclude<RunState, RunState.RUNNING>;
  /** The whole text. */
  readonly text: string;
  /** What the model called, in its order; none of a run whose process died. */
  readonly toolCalls: readonly ToolCall[];
  /** The JSON value that was asked for; undefined where none was, or none came. */
  readonly value: unknown;
  /** How things were that the model was told of; none of a run whose process died. */
  readonly seen: Marks;
  /** Whether there would have been more of it: it is as long as it may be. */
  readonly isCut: boolean;
  /** What the model has written and thought, as far as it is known. */
  readonly outputTokens: number;
}

/** What is stored of a text from a position on. */
export interface StoredText {
  /** Where `text` begins, in UTF-16 code units of the whole; at most the position that was asked for. */
  readonly position: number;
  readonly text: string;
}

/**
 * What is stored of the text of a run that has not ended, from a position on; null once it has ended, when the whole is
 * with whoever asked for it.
 */
export async function readText(
  ctx: Context,
  { id, accountId }: Pick<StartedRun, 'id' | 'accountId'>,
  from: number,
): Promise<StoredText | null> {
  const [run] = await runStatement<{ position: number | null; text: string | null }>(
    ctx,
    `select min(position) as position, string_agg(reverse(reversed_text), '' order by position) as text
     from llm.run left join llm.piece on piece.account_id = run.account_id and run_id = id and position >= coalesce((
       select max(position) from llm.piece as before where before.account_id = $1 and before.run_id = $2 and position <= $3
     ), 0)
     where run.account_id = $1 and id = $2 and ended_at is null group by id`,
    [accountId, id, from],
  );
  return run ? { position: run.position ?? 0, text: run.text ?? '' } : null;
}
