import { z } from 'zod';
import { requireCapacityForOneMore } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { conversationCreated } from '../events/assistant.js';
import { type Context, countRows, newId, runStatement, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import type { ConversationRow } from './message-rows.js';

/** What a conversation is called. */
export const conversationTitle = field.line(1, 200);

const Input = z.strictObject({ title: conversationTitle.nullish() }).nullish();

export const startConversationErrors: DeclaredErrors = {
  ...parseErrors,
  LIMIT_REACHED: '`conversations`',
};

/** The title of a conversation that has none yet. */
const placeholder = 'New conversation';

/** Begins a conversation. */
export async function startConversation(ctx: Context, input: unknown): Promise<ConversationRow> {
  const title = parse(Input, input)?.title ?? null;
  return transaction(ctx, (tx) => addConversation(tx, title));
}

/** What beginning a conversation comes to; without a title it waits for its first question. @throws LIMIT_REACHED */
export async function addConversation(tx: Tx, title: string | null): Promise<ConversationRow> {
  const accountId = tx.unit.account.id;
  await requireCapacityForOneMore(tx, 'conversations', await countRows(tx, 'assistant.conversation'));
  const now = tx.clock.now();
  const conversation = { id: newId(tx.clock), accountId, title: title ?? placeholder, createdAt: now, updatedAt: now };
  await runStatement(
    tx,
    `insert into assistant.conversation (account_id, id, title, untitled, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5)`,
    [accountId, conversation.id, conversation.title, title === null, now],
  );
  await record(tx, conversationCreated(conversation.id, {}));
  return conversation;
}
