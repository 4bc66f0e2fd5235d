import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import type { Context } from '../context.js';
import { sweep } from '../sweep.js';
import { endAnswer } from './end-answer.js';

/**
 * Ends the answers whose process died: what was written stays, the answer is marked failed, the credit returns. Two
 * sweepers at once end each answer once, since the lease is given up under the account's lock.
 */
export async function sweepAnswers(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'ending a lapsed answer',
    from: 'assistant.chat_message',
    where: 'lease_until < now()',
    values: [],
    since: 'lease_until',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id: messageId, userId }) =>
      endAnswer(ctx, { messageId, userId, state: ChatMessageState.FAILED, text: null, leaseOwner: null }),
  });
}
