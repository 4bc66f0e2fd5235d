import { z } from 'zod';
import { ChatRole } from '../../entities/assistant/chat-message.js';
import { type Context, requirePerson } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { appendQuestion, beginAnswerErrors } from './append-messages.js';
import { loadMessage, loadQuestionErrors } from './load-message.js';
import { questionContent, type SentChatMessage } from './send-chat-message.js';
import { supersedeFrom } from './supersede.js';
import { titleFrom, writeTo, writeToErrors } from './write-to-conversation.js';

const Input = z.strictObject({ messageId: field.id, content: questionContent });

export const editQuestionErrors: DeclaredErrors = {
  ...loadQuestionErrors,
  CONFLICT: `${writeToErrors['CONFLICT']}, the question is not in its current branch, or has more than 999 messages behind it there`,
  ...beginAnswerErrors,
  RATE_LIMITED: '',
};

/**
 * Asks another question in place of an earlier one, about the same task: that one and all behind it leave the current
 * branch of the conversation, and stay to be read. The model is given what stands before the question.
 */
export async function editQuestion(ctx: Context, input: unknown): Promise<SentChatMessage> {
  const { messageId, content } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    const earlier = await loadMessage(tx, messageId, ChatRole.USER);
    const { conversationId, taskId } = earlier;
    if (earlier.supersededBy !== null) {
      throw new AppError(
        'CONFLICT',
        'The question was superseded. Edit one of the current branch of its conversation.',
      );
    }
    const conversation = await writeTo(tx, conversationId, titleFrom(content));
    const asked = await appendQuestion(tx, { conversationId, taskId }, content);
    await supersedeFrom(tx, earlier, asked.question.id, [asked.question.id, asked.answer.id]);
    return { conversation, ...asked };
  });
}
