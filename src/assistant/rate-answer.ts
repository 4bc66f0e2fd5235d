import { z } from 'zod';
import { AnswerRating, ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { record } from '../activity/index.js';
import { messageRated } from '../events/assistant.js';
import { type Context, sendStatement } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { loadAnswerErrors, loadMessage } from './load-message.js';
import type { ChatMessageRow } from './message-rows.js';
import { answersRated } from './metrics.js';

const Input = z.strictObject({
  messageId: field.id,
  rating: z.enum(AnswerRating).nullish(),
  feedback: field.paragraphs(1, 2_000).nullish(),
});

export const rateAnswerErrors: DeclaredErrors = {
  ...loadAnswerErrors,
  CONFLICT: 'the answer is still being written',
};

/**
 * Says what the user thinks of an answer that has ended, be it in the current branch or not. What is not given stays as
 * it is, null clears it; with nothing to change, nothing is written.
 */
export async function rateAnswer(ctx: Context, input: unknown): Promise<ChatMessageRow> {
  const { messageId, ...given } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const answer = await loadMessage(tx, messageId, ChatRole.ASSISTANT);
    if (answer.state === ChatMessageState.STREAMING) {
      throw new AppError('CONFLICT', 'The answer is still being written. Stop it, or wait for its end.');
    }
    const { rating = answer.rating, feedback = answer.feedback } = given;
    if (rating === answer.rating && feedback === answer.feedback) return answer;
    await sendStatement(
      tx,
      'update assistant.chat_message set rating = $3, feedback = $4 where account_id = $1 and id = $2',
      [answer.accountId, messageId, rating, feedback],
    );
    await record(tx, messageRated(messageId, { rating }));
    if (rating !== null && rating !== answer.rating) count(tx, answersRated, { rating });
    return { ...answer, rating, feedback };
  });
}
