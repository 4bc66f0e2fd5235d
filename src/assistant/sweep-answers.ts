import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { type Context, runStatement } from '../context.js';
import { endAnswer } from './end-answer.js';

/** Answers that one run ends at most; the next run goes on. */
const batch = 500;

/**
 * Ends the answers whose process died: what was written stays, the answer is marked failed, the credit returns. Two
 * sweepers at once end each answer once, since the lease is given up under the account's lock.
 */
export async function sweepAnswers(ctx: Context): Promise<void> {
  const lapsed = await runStatement<{ id: string; userId: string }>(
    ctx,
    `select id, user_id as "userId" from assistant.chat_message where lease_until < $1 order by lease_until limit $2`,
    [ctx.clock.now(), batch],
  );
  for (const { id: messageId, userId } of lapsed) {
    try {
      await endAnswer(ctx, { messageId, userId, state: ChatMessageState.FAILED, text: null, leaseOwner: null });
    } catch (error) {
      // One that cannot be ended must not keep those behind it waiting.
      ctx.log.error({ error, messageId }, 'a lapsed answer could not be ended yet');
    }
  }
}
