import { z } from 'zod';
import { ChatMessage, ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { id, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { answerTopic } from './end-answer.js';
import { type ChatMessageRow, hasEnded, unsafeMessagesById } from './message-rows.js';

const Input = z.strictObject({ messageId: id });

export const stopChatMessageErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also the id of a question',
  ...requireMayErrors,
};

/**
 * How long after a stop the last piece may be stored, by the database's clock; and how long the answer to it waits for
 * that, longer, so that what it answers is all that there will be.
 */
const [graceMs, maxWaitMs] = [1_000, 1_500];

/**
 * Stops an answer: what was written stays and is paid; an answer of which nothing was written yet costs nothing. The
 * process that writes it learns of it within some 100 ms, adds what its readers have already seen, and settles its
 * price, which is waited for a moment. An answer that has ended stays as it is.
 */
export async function stopChatMessage(ctx: Context, input: unknown): Promise<ChatMessageRow> {
  const { messageId } = parse(Input, input);
  await transaction(ctx, (tx) => stop(tx, messageId));
  // Within a transaction the account is locked, and the last piece cannot be stored before it commits.
  const message = ctx.unit ? await readMessage(ctx, messageId) : await lastRead(ctx, messageId);
  const live = ctx.services.liveTexts.get(messageId);
  const isBehind = live !== undefined && live.text.length > message.content.length;
  return isBehind && !hasEnded(message) ? { ...message, content: live.text } : message;
}

async function stop(tx: Tx, messageId: string): Promise<void> {
  const message = await requireMay(tx, 'write message', await tx.entities().findOne(ChatMessage, { id: messageId }));
  if (message.role !== ChatRole.ASSISTANT) throw invalid([{ field: 'messageId', rule: 'must be an answer' }]);
  if (message.state !== ChatMessageState.STREAMING) return;
  // From the moment at which it is stopped: the transaction may have waited for its account.
  await runStatement(
    tx,
    `update assistant.chat_message
     set state = 'STOPPED', lease_until = least(lease_until, clock_timestamp() + $2 * interval '1 ms')
     where account_id = $3 and id = $1`,
    [messageId, graceMs, message.accountId],
  );
  tx.unit.ring(answerTopic(messageId));
  const live = tx.services.liveTexts.get(messageId);
  tx.unit.afterCommit(() => live?.stop.abort(new Error('The user stopped the answer.')));
}

/** The message once its last piece is stored, or as it is stored when that takes long. */
async function lastRead(ctx: Context, messageId: string): Promise<ChatMessageRow> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(maxWaitMs)]);
  const bell = ctx.services.doorbell.bell(answerTopic(messageId), signal);
  try {
    let message = await readMessage(ctx, messageId);
    while (!hasEnded(message) && !bell.closed) {
      await bell.wait();
      message = await readMessage(ctx, messageId);
    }
    return message;
  } finally {
    bell.close();
  }
}

async function readMessage(ctx: Context, messageId: string): Promise<ChatMessageRow> {
  const [message] = await unsafeMessagesById(ctx, [messageId]);
  return requireMay(ctx, 'write message', message);
}
