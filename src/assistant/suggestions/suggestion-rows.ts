import { Suggestion, suggestionDaysKept } from '../../../entities/assistant/suggestion.js';
import {
  type Context,
  requireAccount,
  requirePerson,
  runStatement,
  sendStatement,
  type Tx,
} from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { type RowIn, rowsWithout } from '../../kernel/rows.js';

const suggestionRows = rowsWithout(Suggestion, []);

/** That a user has asked for a proposal, and what came of it. */
type SuggestionRow = RowIn<typeof suggestionRows>;

/** The suggestion that a run of the context's account is for. */
export async function readSuggestion(ctx: Context, runId: string): Promise<SuggestionRow> {
  const [row] = await runStatement<SuggestionRow>(
    ctx,
    `select ${suggestionRows.columns} from assistant.suggestion where account_id = $1 and run_id = $2`,
    [requireAccount(ctx), runId],
  );
  if (!row) throw new Error('A run is for no suggestion of its account.');
  return row;
}

/** Keeps that the caller has asked for a proposal. */
export async function insertSuggestion(
  tx: Tx,
  { runId, kind, subjectId, requestsOnTask }: Pick<SuggestionRow, 'runId' | 'kind' | 'subjectId' | 'requestsOnTask'>,
): Promise<void> {
  await sendStatement(
    tx,
    `insert into assistant.suggestion (account_id, run_id, kind, subject_id, session_id, requests_on_task, action_id, created_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, null, $7, null)`,
    [tx.unit.account.id, runId, kind, subjectId, requirePerson(tx).sessionId, requestsOnTask, tx.clock.now()],
  );
}

/** Keeps what came of it: a proposal, or nothing of use. */
export async function endSuggestion(tx: Tx, runId: string, actionId: string | null): Promise<void> {
  await sendStatement(
    tx,
    'update assistant.suggestion set action_id = $3, ended_at = $4 where account_id = $1 and run_id = $2',
    [tx.unit.account.id, runId, actionId, tx.clock.now()],
  );
}

/** Forgets what was asked for some days ago; what was proposed stays. */
export async function purgeSuggestions(ctx: Context): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - suggestionDaysKept * dayMs);
  await runStatement(ctx, 'delete from assistant.suggestion where ended_at <= $1', [before]);
}
