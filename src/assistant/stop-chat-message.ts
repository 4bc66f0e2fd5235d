import { z } from 'zod';
import { ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { runTopic, stopRun } from '../llm/index.js';
import { type ChatMessageRow, unsafeMessagesById } from './message-rows.js';

const Input = z.strictObject({ messageId: field.id });

export const stopChatMessageErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also the id of a question',
  ...requireMayErrors,
};

/** How long a stop waits for the last piece: longer than that may come, so that what is answered is all that there will be. */
const maxWaitMs = 1_500;

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
  const live = message.runId === null ? undefined : ctx.services.liveTexts.get(message.runId);
  const isBehind = live !== undefined && live.text.length > message.content.length;
  return isBehind && !message.isWritten ? { ...message, content: live.text } : message;
}

async function stop(tx: Tx, messageId: string): Promise<void> {
  const { accountId, role, runId } = await readMessage(tx, messageId);
  if (role !== ChatRole.ASSISTANT) throw invalid([{ field: 'messageId', rule: 'must be an answer' }]);
  if (runId === null || !(await stopRun(tx, runId))) return;
  await runStatement(tx, `update assistant.chat_message set state = 'STOPPED' where account_id = $1 and id = $2`, [
    accountId,
    messageId,
  ]);
}

/** The message once its last piece is stored, or as it is stored when that takes long. */
async function lastRead(ctx: Context, messageId: string): Promise<ChatMessageRow> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(maxWaitMs)]);
  let message = await readMessage(ctx, messageId);
  if (message.isWritten || message.runId === null) return message;
  const bell = ctx.services.doorbell.bell(runTopic(message.runId), signal);
  try {
    message = await readMessage(ctx, messageId);
    while (!message.isWritten && !bell.closed) {
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
