import { AiActionState } from '../../../entities/assistant/action.js';
import { record } from '../../activity/index.js';
import { actionProposed } from '../../events/assistant.js';
import { type ActionKind, type Marks, newId, sendStatement, type ToolCall, type Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { AppError } from '../../kernel/errors.js';
import { beginningOf } from '../../kernel/text.js';
import { tryOut } from './action-kinds.js';

const maxSummaryLength = 300;

/** A summary as it is kept. */
export function summaryOf(summary: string): string {
  return beginningOf(summary, maxSummaryLength);
}

/** Where a proposal comes from. */
export interface ProposalOrigin {
  /** The answer that it came with, and the call that it is; null where it was asked for by itself. */
  readonly called: { readonly messageId: string; readonly call: ToolCall } | null;
  /** How things were that the model was told of: a proposal goes by that, and not by what became of them meanwhile. */
  readonly seen: Marks;
}

/**
 * Keeps what a model proposes, to be confirmed by its user, and answers its id. It is judged like the user's own input, by
 * trying it: nothing of it stays done. @throws what the user's own mutation would be refused with; CONFLICT for one that was
 * asked for by itself, about what has changed meanwhile
 */
export async function keepProposal(
  tx: Tx,
  kind: ActionKind,
  given: unknown,
  { called, seen }: ProposalOrigin,
): Promise<string> {
  const proposal = kind.read(given);
  const { summary, target } = await kind.prepare(tx, proposal);
  // An answer stands without it; by itself it is paid for, which nobody wants of what cannot be confirmed.
  if (called === null && target && !kind.isSame(seen.get(target.id) ?? '', target.mark))
    throw new AppError('CONFLICT', 'It has changed since the model was told of it.');
  await tryOut(tx, kind, proposal);
  const id = newId(tx.clock);
  const now = tx.clock.now();
  const messageId = called?.messageId ?? null;
  await sendStatement(
    tx,
    `insert into assistant.action (account_id, id, message_id, kind, state, summary, proposal, target_id, target_mark,
       call, result_type, result_id, undo, created_at, expires_at, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null, $11, $12, null)`,
    [
      ...[tx.unit.account.id, id, messageId, kind.kind, AiActionState.PENDING],
      ...[summaryOf(summary), JSON.stringify(proposal), target?.id ?? null],
      ...[target && (seen.get(target.id) ?? target.mark), called && JSON.stringify(called.call)],
      ...[now, new Date(now.getTime() + dayMs)],
    ],
  );
  await record(tx, actionProposed(id, { kind: kind.kind, messageId }));
  return id;
}
