import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { RunPurpose, RunState } from '../../entities/llm/run.js';
import { record } from '../activity/index.js';
import { type RowTx, runStatement } from '../kernel/context.js';
import { isVisible } from '../kernel/text.js';
import type { EndedRun, Purpose } from '../llm/index.js';
import { proposeActions } from './actions/propose-actions.js';
import { answerEnded } from './events.js';
import { buildPrompt } from './prompt.js';
import { giveBackRequest } from './requests-on-task.js';

/** Credits that one answer costs. */
export const answerPrice = 1;

const states = {
  [RunState.COMPLETE]: ChatMessageState.COMPLETE,
  [RunState.STOPPED]: ChatMessageState.STOPPED,
  [RunState.FAILED]: ChatMessageState.FAILED,
} as const;

/**
 * Answers of the assistant. A complete one is paid, and one that the user has stopped once the model had begun to think or
 * to write; one that costs nothing counts for nothing: its request about a task returns with the credit. One that says
 * nothing, and proposes nothing that could be kept, has failed.
 */
export const chatAnswer: Purpose = {
  name: RunPurpose.CHAT,
  buildPrompt,
  tools: ({ services }) => services.actionKinds.map(({ tool }) => tool),
  store: async (tx, run) => {
    const answer = await storeText(tx, run);
    if (!answer) return isPaid(run) ? answerPrice : 0;
    const proposed = run.state === RunState.COMPLETE ? await proposeActions(tx, answer.id, run) : 0;
    const isEmpty = run.state === RunState.COMPLETE && !isVisible(run.text) && proposed === 0;
    const ended: EndedRun = isEmpty ? { ...run, state: RunState.FAILED } : run;
    if (isEmpty) await storeText(tx, ended);
    const { id, sessionId, taskId } = answer;
    const price = isPaid(ended) ? answerPrice : 0;
    if (price === 0 && sessionId && taskId) await giveBackRequest(tx, sessionId, taskId);
    await record(tx, answerEnded(id, states[ended.state]));
    return price;
  },
};

function isPaid({ state, outputTokens }: EndedRun): boolean {
  return state === RunState.STOPPED ? outputTokens > 0 : state === RunState.COMPLETE;
}

interface StoredAnswer {
  readonly id: string;
  readonly sessionId: string | null;
  readonly taskId: string | null;
}

/** Undefined when it was deleted. */
async function storeText(
  tx: RowTx,
  { id, accountId, state, text, isCut }: EndedRun,
): Promise<StoredAnswer | undefined> {
  const [row] = await runStatement<StoredAnswer>(
    tx,
    `update assistant.chat_message set state = $3, content = $4, error = $5, truncated = $6
     where account_id = $1 and run_id = $2
     returning id, session_id as "sessionId", task_id as "taskId"`,
    [accountId, id, states[state], text, state === RunState.FAILED ? 'AI_SERVICE_UNAVAILABLE' : null, isCut],
  );
  return row;
}
