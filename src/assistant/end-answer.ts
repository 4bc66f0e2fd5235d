import { type ChatMessage, ChatMessageState } from '../../entities/assistant/chat-message.js';
import { record } from '../activity/index.js';
import { releaseHold, settleHold } from '../billing/index.js';
import { asAccount, type Context, runStatement, type Tx } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { answerEnded } from './events.js';
import { answersEnded } from './metrics.js';
import { giveBackRequest } from './requests-on-task.js';

/** Rings whenever more of an answer is stored, and when it ends. */
export function answerTopic(messageId: string): string {
  return `answer:${messageId}`;
}

/** How an answer ended, as its producer or the sweeper sees it. */
export interface Ending {
  readonly messageId: string;
  readonly accountId: string;
  readonly state: ChatMessageState.COMPLETE | ChatMessageState.FAILED;
  /** The whole text; null keeps what is stored. */
  readonly text: string | null;
  /** Who holds the lease; null stands for a lease that has lapsed. */
  readonly leaseOwner: string | null;
}

/**
 * Stores an answer's end, once: the state, the last piece, the credit paid or given back, the event. An answer that the
 * user has stopped meanwhile stays stopped, and is paid if anything of it was written; what comes later than the stop
 * allows for is left out. When the lease is not the caller's any more, nothing changes.
 */
export async function endAnswer(ctx: Context, ending: Ending): Promise<void> {
  await transaction(asAccount(ctx, ending.accountId), async (tx) => {
    const ended =
      (await giveUpLease(tx, ending, ChatMessageState.STREAMING)) ??
      (await giveUpLease(tx, ending, ChatMessageState.STOPPED));
    if (!ended) return;
    const isPaid =
      ended.state === ChatMessageState.STOPPED ? ended.isWritten : ended.state === ChatMessageState.COMPLETE;
    await (isPaid ? payFor : giveBack)(tx, ended);
    await record(tx, answerEnded(ending.messageId, ended.state));
    tx.unit.ring(answerTopic(ending.messageId));
    count(tx, answersEnded, { state: ended.state });
  });
}

/** What an answer has taken of its user. */
type Taken = Pick<ChatMessage, 'holdId' | 'sessionId' | 'taskId'>;

async function payFor(tx: Tx, { holdId }: Taken): Promise<void> {
  if (holdId) await settleHold(tx, holdId);
}

/** An answer that costs nothing counts for nothing: its request about a task returns with the credit, once. */
async function giveBack(tx: Tx, { holdId, sessionId, taskId }: Taken): Promise<void> {
  if (!holdId || !(await releaseHold(tx, holdId))) return;
  if (sessionId && taskId) await giveBackRequest(tx, sessionId, taskId);
}

interface Ended extends Taken {
  readonly state: Ending['state'] | ChatMessageState.STOPPED;
  readonly isWritten: boolean;
}

async function giveUpLease(
  tx: Tx,
  { messageId, state, text, leaseOwner }: Ending,
  from: ChatMessageState.STREAMING | ChatMessageState.STOPPED,
): Promise<Ended | undefined> {
  const to = from === ChatMessageState.STOPPED ? ChatMessageState.STOPPED : state;
  const [row] = await runStatement<Ended>(
    tx,
    `update assistant.chat_message
     set state = $2, error = $4, lease_owner = null, lease_until = null,
       content = case when state = 'STOPPED' and lease_until < now() then content else coalesce($3, content) end
     where account_id = $7 and id = $1 and state = $5 and lease_until is not null
       and case when $6::uuid is null then lease_until < now() else lease_owner = $6 end
     returning state, content <> '' as "isWritten",
       hold_id as "holdId", session_id as "sessionId", task_id as "taskId"`,
    [
      messageId,
      to,
      text,
      to === ChatMessageState.FAILED ? 'AI_SERVICE_UNAVAILABLE' : null,
      from,
      leaseOwner,
      tx.unit.account.id,
    ],
  );
  return row;
}
