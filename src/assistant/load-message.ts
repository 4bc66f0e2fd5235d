import { ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import type { Context } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { type ChatMessageRow, unsafeMessagesById } from './message-rows.js';

const kinds = { [ChatRole.USER]: 'a question', [ChatRole.ASSISTANT]: 'an answer' } as const;

/** What loading a question is refused with. */
export const loadQuestionErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also the id of an answer',
  ...requireMayErrors,
};

/** What loading an answer is refused with. */
export const loadAnswerErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also the id of a question',
  ...requireMayErrors,
};

/** The caller's message that speaks in this role, as it is now. @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN */
export async function loadMessage(
  ctx: Context,
  messageId: string,
  role: ChatRole,
  may: 'read message' | 'write message' = 'write message',
): Promise<ChatMessageRow> {
  const [found] = await unsafeMessagesById(ctx, [messageId]);
  const message = await requireMay(ctx, may, found);
  if (message.role !== role) throw invalid([{ field: 'messageId', rule: `must be ${kinds[role]}` }]);
  return message;
}
