import { logFailure, type ToolCall, type Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { keepProposal } from './keep-proposal.js';

/** Proposals of one answer: what is beyond them is left out. */
const maxOfAnswer = 10;

/**
 * Keeps what a model proposes with an answer, to be confirmed by its user. What would be refused of the user's own input is
 * left out.
 */
export async function proposeActions(tx: Tx, messageId: string, calls: readonly ToolCall[]): Promise<void> {
  for (const call of calls.slice(0, maxOfAnswer)) await propose(tx, messageId, call);
}

async function propose(tx: Tx, messageId: string, call: ToolCall): Promise<void> {
  const kind = tx.services.actionKinds.find(({ tool }) => tool.name === call.name);
  if (!kind) return;
  try {
    await keepProposal(tx, kind, call.arguments, { messageId, call });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tx.unit.afterCommit(({ log }) =>
      logFailure(log, error, { message: messageId, tool: call.name }, 'a proposal of the model was left out'),
    );
  }
}
