import { z } from 'zod';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { conversationUpdated } from '../events/assistant.js';
import { type Context, load, runStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { type ConversationRow, conversationColumns, unsafeConversationsById } from './message-rows.js';
import { conversationTitle } from './start-conversation.js';

const Input = z.strictObject({ id: field.id, title: conversationTitle });

export const renameConversationErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** Gives a conversation another title, which no question changes. It keeps its place in the list. */
export async function renameConversation(ctx: Context, input: unknown): Promise<ConversationRow> {
  const { id, title } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const known = await requireMay(tx, 'write conversation', await load(tx, unsafeConversationsById, id));
    const [renamed] = await runStatement<ConversationRow>(
      tx,
      `update assistant.conversation set title = $3, untitled = false where account_id = $1 and id = $2
       returning ${conversationColumns}`,
      [known.accountId, id, title],
    );
    if (!renamed) throw new Error('The conversation was deleted under the lock of its account.');
    await record(tx, conversationUpdated(id, { fields: ['title'] }));
    return renamed;
  });
}
