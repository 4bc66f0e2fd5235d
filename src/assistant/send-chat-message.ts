import { z } from 'zod';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, load, requirePerson } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { unsafeTasksById } from '../tasks/index.js';
import { appendQuestion, type BegunAnswer, beginAnswerErrors } from './append-messages.js';
import { type ChatMessageRow, type ConversationRow, unsafeConversationsById } from './message-rows.js';
import { addConversation } from './start-conversation.js';
import { titleFrom, writeTo, writeToErrors } from './write-to-conversation.js';

/** What a question says. */
export const questionContent = field.paragraphs(1, 4_000);

const Input = z.strictObject({
  conversationId: field.id.nullish(),
  content: questionContent,
  taskId: field.id.nullish(),
});

export const sendChatMessageErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  ...writeToErrors,
  ...beginAnswerErrors,
  LIMIT_REACHED: '`conversations`, where it begins one',
  RATE_LIMITED: '',
};

/** A question and the answer that has begun. */
export interface SentChatMessage extends BegunAnswer {
  readonly conversation: ConversationRow;
  readonly question: ChatMessageRow;
}

/**
 * Asks the assistant: holds a credit, stores question and empty answer, and once that is committed has the answer
 * written, whether or not anyone listens. Without a conversation it begins one; one without a title is named after the
 * question. In a conversation one answer is written at a time.
 */
export async function sendChatMessage(ctx: Context, input: unknown): Promise<SentChatMessage> {
  const { conversationId, content, taskId } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    if (taskId) await requireMay(tx, 'read task', await load(tx, unsafeTasksById, taskId));
    const known = conversationId ? await load(tx, unsafeConversationsById, conversationId) : null;
    const conversation = conversationId
      ? await writeTo(tx, (await requireMay(tx, 'write conversation', known)).id, titleFrom(content))
      : await addConversation(tx, titleFrom(content));
    const asked = await appendQuestion(tx, { conversationId: conversation.id, taskId: taskId ?? null }, content);
    return { conversation, ...asked };
  });
}
