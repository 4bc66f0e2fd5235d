import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { record } from '../activity/index.js';
import { conversationUpdated } from '../events/assistant.js';
import { runStatement, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { type ConversationRow, conversationColumns } from './message-rows.js';

/** Characters of a title that is made from a question, as PostgreSQL counts them. */
const titleLength = 60;

/** What writing to a conversation is refused with. */
export const writeToErrors: DeclaredErrors = {
  CONFLICT: 'the last answer of the conversation is still being written',
};

/**
 * Writes to a conversation that is the caller's already: that moves it to the top of the list, and gives one that was
 * begun without a title this one; null, where it has questions already, leaves it as it is. @throws CONFLICT
 */
export async function writeTo(tx: Tx, id: string, title: string | null): Promise<ConversationRow> {
  await refuseWhileAnswering(tx, id);
  const [row] = await runStatement<ConversationRow & { isNamed: boolean }>(
    tx,
    `update assistant.conversation
     set updated_at = $3, title = case when untitled then coalesce($4, title) else title end,
       untitled = untitled and $4 is null
     where account_id = $1 and id = $2
     returning ${conversationColumns}, old.untitled and not new.untitled as "isNamed"`,
    [tx.unit.account.id, id, tx.clock.now(), title],
  );
  if (!row) throw new Error('The conversation was deleted under the lock of its account.');
  const { isNamed, ...conversation } = row;
  await record(tx, conversationUpdated(id, { fields: isNamed ? ['title', 'updatedAt'] : ['updatedAt'] }));
  return conversation;
}

/** The next question goes by what was answered to the last one. */
async function refuseWhileAnswering(tx: Tx, conversationId: string): Promise<void> {
  const [newest] = await runStatement<{ state: ChatMessageState }>(
    tx,
    `select state from assistant.chat_message where account_id = $1 and conversation_id = $2
     order by position desc limit 1`,
    [tx.unit.account.id, conversationId],
  );
  if (newest?.state !== ChatMessageState.STREAMING) return;
  throw new AppError('CONFLICT', 'An answer is being written in this conversation. Stop it, or wait for its end.');
}

/** The title of a conversation that begins with a question. */
export function titleFrom(content: string): string {
  const text = lineOf(content).replace(/\s+/g, ' ');
  if (beginningOf(text, titleLength) === text) return text;
  return `${beginningOf(text, titleLength - 1).trimEnd()}…`;
}
