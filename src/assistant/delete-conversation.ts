import { z } from 'zod';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { conversationDeleted } from '../events/assistant.js';
import { type Context, load, runStatement, sendStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { stopRun } from '../llm/index.js';
import { unsafeConversationsById } from './message-rows.js';

const Input = z.strictObject({ id: field.id });

export const deleteConversationErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/**
 * Deletes a conversation with its messages, for good, and what it proposes; what was confirmed stays as long as it can be
 * taken back. An answer that is being written is stopped, and paid as one that its
 * user stops. Deleting it again is NOT_FOUND.
 */
export async function deleteConversation(ctx: Context, input: unknown): Promise<string> {
  const { id } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const { accountId } = await requireMay(tx, 'write conversation', await load(tx, unsafeConversationsById, id));
    const running = await runStatement<{ runId: string }>(
      tx,
      `select run_id as "runId" from assistant.chat_message
       where account_id = $1 and conversation_id = $2 and state = 'STREAMING'`,
      [accountId, id],
    );
    for (const { runId } of running) await stopRun(tx, runId);
    // What was done can still be taken back.
    await sendStatement(
      tx,
      `update assistant.action set message_id = null, call = null
       where account_id = $1 and state = 'CONFIRMED' and message_id in (
         select id from assistant.chat_message where account_id = $1 and conversation_id = $2)`,
      [accountId, id],
    );
    await sendStatement(tx, 'delete from assistant.conversation where account_id = $1 and id = $2', [accountId, id]);
    await record(tx, conversationDeleted(id, {}));
    return id;
  });
}
