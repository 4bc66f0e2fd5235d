import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { type Context, runStatement } from '../kernel/context.js';
import { sweep } from '../kernel/sweep.js';
import { endAnswer } from './end-answer.js';

/**
 * Makes the job that ends the answers whose process died: what was written stays, the answer is marked failed, the credit
 * returns. Two sweepers at once end each answer once, since the lease is given up under the account's lock.
 *
 * A lease must have lapsed by the time of an earlier look: when the database was away for all, whoever holds an answer has
 * had as long as lies between two looks to store it, or to renew its lease, before it is taken for dead.
 */
export function answerSweeper(): (ctx: Context) => Promise<void> {
  let lookedAt: string | null = null;
  return async (ctx) => {
    const [look] = await runStatement<{ at: string }>(ctx, 'select now()::text as at', []);
    if (lookedAt !== null) await endLapsed(ctx, lookedAt);
    lookedAt = look?.at ?? null;
  };
}

function endLapsed(ctx: Context, before: string): Promise<void> {
  return sweep(ctx, {
    what: 'ending a lapsed answer',
    from: 'assistant.chat_message',
    account: 'account_id',
    where: 'lease_until < $1',
    values: [before],
    since: 'lease_until',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id: messageId, accountId }) =>
      endAnswer(ctx, { messageId, accountId, state: ChatMessageState.FAILED, text: null, leaseOwner: null }),
  });
}
