import { ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import type { Tx } from '../kernel/context.js';
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

/** The caller's message, to be written to, that speaks in this role. @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN */
export async function loadMessage(tx: Tx, messageId: string, role: ChatRole): Promise<ChatMessageRow> {
  const [found] = await unsafeMessagesById(tx, [messageId]);
  const message = await requireMay(tx, 'write message', found);
  if (message.role !== role) throw invalid([{ field: 'messageId', rule: `must be ${kinds[role]}` }]);
  return message;
}
