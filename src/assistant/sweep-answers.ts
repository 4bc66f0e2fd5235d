import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { type Context, runStatement } from '../context.js';
import { sweep } from '../sweep.js';
import { endAnswer } from './end-answer.js';

interface Lapsed {
  readonly id: string;
  readonly userId: string;
  readonly leaseUntil: string;
}

/**
 * Ends the answers whose process died: what was written stays, the answer is marked failed, the credit returns. Two
 * sweepers at once end each answer once, since the lease is given up under the account's lock.
 */
export async function sweepAnswers(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await sweep<Lapsed>(ctx, {
    what: 'ending a lapsed answer',
    read: (last, limit) =>
      runStatement(
        ctx,
        `select id, user_id as "userId", lease_until::text as "leaseUntil" from assistant.chat_message
         where lease_until < $1 and ($2::timestamptz is null or (lease_until, id) > ($2::timestamptz, $3::uuid))
         order by lease_until, id limit $4`,
        [now, last?.leaseUntil ?? null, last?.id ?? null, limit],
      ),
    work: ({ id: messageId, userId }) =>
      endAnswer(ctx, { messageId, userId, state: ChatMessageState.FAILED, text: null, leaseOwner: null }),
  });
}
