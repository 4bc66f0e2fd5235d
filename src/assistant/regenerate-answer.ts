import { z } from 'zod';
import { ChatRole } from '../../entities/assistant/chat-message.js';
import { type Context, requirePerson, runStatement, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { appendAnswer, type BegunAnswer, beginAnswerErrors } from './append-messages.js';
import { loadAnswerErrors, loadMessage } from './load-message.js';
import type { ChatMessageRow, ConversationRow } from './message-rows.js';
import { supersedeFrom } from './supersede.js';
import { writeTo } from './write-to-conversation.js';

const Input = z.strictObject({ messageId: field.id });

export const regenerateAnswerErrors: DeclaredErrors = {
  ...loadAnswerErrors,
  CONFLICT: 'the answer is still being written, or is not the last message of the current branch',
  ...beginAnswerErrors,
  RATE_LIMITED: '',
};

/** An answer that has begun in place of another one. */
export interface RegeneratedAnswer extends BegunAnswer {
  readonly conversation: ConversationRow;
}

/**
 * Asks the last question of a conversation anew: another answer takes the place of the one that there is, which stays to
 * be read. It costs what a question costs, and counts as a request about its task.
 */
export async function regenerateAnswer(ctx: Context, input: unknown): Promise<RegeneratedAnswer> {
  const { messageId } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    const earlier = await loadMessage(tx, messageId, ChatRole.ASSISTANT);
    const { conversationId, taskId } = earlier;
    await requireLast(tx, earlier);
    const conversation = await writeTo(tx, conversationId, null);
    const begun = await appendAnswer(tx, { conversationId, taskId });
    await supersedeFrom(tx, earlier, begun.answer.id, [begun.answer.id]);
    return { conversation, ...begun };
  });
}

/** @throws CONFLICT when there is something behind the answer, or in its place */
async function requireLast(tx: Tx, { id, accountId, conversationId }: ChatMessageRow): Promise<void> {
  const [last] = await runStatement<{ id: string }>(
    tx,
    `select id from assistant.chat_message
     where account_id = $1 and conversation_id = $2 and superseded_by is null order by position desc limit 1`,
    [accountId, conversationId],
  );
  if (last?.id === id) return;
  throw new AppError(
    'CONFLICT',
    'Only the last answer of a conversation can be regenerated. Read the conversation again.',
  );
}
