import { AiActionState } from '../../../entities/assistant/action.js';
import { record } from '../../activity/index.js';
import { actionProposed } from '../../events/assistant.js';
import { type ActionKind, logFailure, newId, sendStatement, type ToolCall, type Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { beginningOf } from '../../kernel/text.js';
import { transaction } from '../../kernel/transaction.js';

/** Proposals of one answer: what is beyond them is left out. */
const maxOfAnswer = 10;
const dayMs = 86_400_000;
const maxSummaryLength = 300;

/**
 * Keeps what a model proposes with an answer, to be confirmed by its user. Each call is judged like the user's own input,
 * by trying it: what would be refused is left out, and nothing of it stays done.
 */
export async function proposeActions(tx: Tx, messageId: string, calls: readonly ToolCall[]): Promise<void> {
  for (const call of calls.slice(0, maxOfAnswer)) {
    const kind = tx.services.actionKinds.find(({ tool }) => tool.name === call.name);
    if (kind) await propose(tx, messageId, kind, call);
  }
}

async function propose(tx: Tx, messageId: string, kind: ActionKind, call: ToolCall): Promise<void> {
  try {
    const proposal = kind.read(call.arguments);
    const { summary, target } = await kind.prepare(tx, proposal);
    await tryOut(tx, kind, proposal);
    const id = newId(tx.clock);
    const now = tx.clock.now();
    await sendStatement(
      tx,
      `insert into assistant.action (account_id, id, message_id, kind, state, summary, proposal, target_id, target_version,
         call, result_type, result_id, undo, created_at, expires_at, decided_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null, $11, $12, null)`,
      [
        ...[tx.unit.account.id, id, messageId, kind.kind, AiActionState.PENDING],
        ...[beginningOf(summary, maxSummaryLength), JSON.stringify(proposal)],
        ...[target?.id ?? null, target?.version ?? null, JSON.stringify(call), now, new Date(now.getTime() + dayMs)],
      ],
    );
    await record(tx, actionProposed(id, { kind: kind.kind, messageId }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tx.unit.afterCommit(({ log }) =>
      logFailure(log, error, { message: messageId, tool: call.name }, 'a proposal of the model was left out'),
    );
  }
}

/** Ends a trial. */
class Tried extends Error {}

/** Does it in a savepoint that is rolled back. @throws what the user's own mutation would be refused with */
async function tryOut(tx: Tx, kind: ActionKind, proposal: object): Promise<void> {
  try {
    await transaction(tx, async (part) => {
      await kind.execute(part, proposal);
      await part.flush();
      throw new Tried();
    });
  } catch (error) {
    if (!(error instanceof Tried)) throw error;
  }
}
