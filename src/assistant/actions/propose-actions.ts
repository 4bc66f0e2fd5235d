import { logFailure, type ToolCall, type Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import type { EndedRun } from '../../llm/index.js';
import { keepProposal, type ProposalOrigin } from './keep-proposal.js';

/** Proposals of one answer: what is beyond them is left out. */
const maxOfAnswer = 10;

/**
 * Keeps what a model proposes with an answer, to be confirmed by its user, and answers how much that is. What would be
 * refused of the user's own input is left out.
 */
export async function proposeActions(
  tx: Tx,
  messageId: string,
  { toolCalls, seen }: Pick<EndedRun, 'toolCalls' | 'seen'>,
): Promise<number> {
  let kept = 0;
  for (const call of toolCalls.slice(0, maxOfAnswer)) {
    if (await isKept(tx, { called: { messageId, call }, seen }, call)) kept += 1;
  }
  return kept;
}

async function isKept(tx: Tx, origin: ProposalOrigin, call: ToolCall): Promise<boolean> {
  const kind = tx.services.actionKinds.find(({ tool }) => tool.name === call.name);
  if (!kind) return false;
  try {
    await keepProposal(tx, kind, call.arguments, origin);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tx.unit.afterCommit(({ log }) =>
      logFailure(
        log,
        error,
        { message: origin.called?.messageId ?? null, tool: call.name },
        'a proposal of the model was left out',
      ),
    );
    return false;
  }
}
