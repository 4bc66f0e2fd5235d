import { z } from 'zod';
import { Conversation } from '../../entities/assistant/conversation.js';
import { requireCapacityForOneMore } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { conversationCreated } from '../events/assistant.js';
import { type Context, newId, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';

const Input = z.strictObject({ title: field.line(1, 200).nullish() }).nullish();

export const startConversationErrors: DeclaredErrors = {
  ...parseErrors,
  LIMIT_REACHED: '`conversations`',
};

/** The title of a conversation that has none yet. */
const placeholder = 'New conversation';

/** Begins a conversation. */
export async function startConversation(ctx: Context, input: unknown): Promise<Conversation> {
  const title = parse(Input, input)?.title ?? null;
  return transaction(ctx, (tx) => addConversation(tx, title));
}

/** What beginning a conversation comes to; without a title it waits for its first question. @throws LIMIT_REACHED */
export async function addConversation(tx: Tx, title: string | null): Promise<Conversation> {
  await requireCapacityForOneMore(
    tx,
    'conversations',
    await tx.entities().count(Conversation, { accountId: tx.unit.account.id }),
  );
  const conversation = new Conversation({
    id: newId(tx.clock),
    accountId: tx.unit.account.id,
    title: title ?? placeholder,
    untitled: title === null,
    createdAt: tx.clock.now(),
  });
  tx.entities().persist(conversation);
  await record(tx, conversationCreated(conversation.id, {}));
  return conversation;
}
