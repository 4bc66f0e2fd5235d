import type { RunPurpose, RunState } from '../../entities/llm/run.js';
import { type Context, type Marks, type RunStatement, runStatement, type ToolCall } from '../kernel/context.js';

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

/** From where on somebody wants to have a run's text, in UTF-16 code units. */
export interface TextPlace {
  readonly run: Pick<StartedRun, 'id' | 'accountId'>;
  readonly from: number;
}

/**
 * What is stored of the text of a run that has not ended, from a position on; null once it has ended, when the whole is
 * with whoever asked for it.
 */
export async function readText(ctx: Context, run: TextPlace['run'], from: number): Promise<StoredText | null> {
  const [stored] = await readTexts((text, values) => runStatement(ctx, text, values), [{ run, from }]);
  return stored ?? null;
}

/** The same of several, in their order. */
export async function readTexts(run: RunStatement, places: readonly TextPlace[]): Promise<(StoredText | null)[]> {
  const rows = await run<{ asked: number; position: number | null; text: string | null }>(
    `select (asked.number - 1)::int as asked, min(piece.position) as position,
       string_agg(reverse(reversed_text), '' order by piece.position) as text
     from unnest($1::uuid[], $2::uuid[], $3::int[]) with ordinality as asked (account_id, run_id, "from", number)
       join llm.run on run.account_id = asked.account_id and run.id = asked.run_id and ended_at is null
       left join llm.piece on piece.account_id = asked.account_id and piece.run_id = asked.run_id
         and piece.position >= coalesce((
           select max(position) from llm.piece as before
           where before.account_id = asked.account_id and before.run_id = asked.run_id and before.position <= asked."from"
         ), 0)
     group by asked.number`,
    [
      places.map(({ run: { accountId } }) => accountId),
      places.map(({ run: { id } }) => id),
      places.map(({ from }) => from),
    ],
  );
  const found = places.map((): StoredText | null => null);
  for (const { asked, position, text } of rows) found[asked] = { position: position ?? 0, text: text ?? '' };
  return found;
}
