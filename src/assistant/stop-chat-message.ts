import { z } from 'zod';
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
 * Stops an answer: what was written stays and is paid; one that the model had not even begun to think about costs nothing. The
 * process that writes it hears of it, adds what its readers have already seen, and settles its price, which is waited for
 * a moment. An answer that has ended stays as it is.
 */
export async function stopChatMessage(ctx: Context, input: unknown): Promise<ChatMessageRow> {
  const { messageId } = parse(Input, input);
  const runId = await transaction(ctx, (tx) => stop(tx, messageId));
  // Within a transaction the account is locked, and the last piece cannot be stored before it commits.
  const message = ctx.unit ? await readMessage(ctx, messageId) : await lastRead(ctx, messageId, runId);
  const live = ctx.services.liveTexts.get(runId);
  const isBehind = live !== undefined && live.text.length > message.content.length;
  return isBehind && !message.isWritten ? { ...message, content: live.text } : message;
}

/** Answers the run that writes the answer, or has written it. */
async function stop(tx: Tx, messageId: string): Promise<string> {
  const { accountId, runId } = await readMessage(tx, messageId);
  if (runId === null) throw invalid([{ field: 'messageId', rule: 'must be an answer' }]);
  if (await stopRun(tx, runId)) {
    await runStatement(tx, `update assistant.chat_message set state = 'STOPPED' where account_id = $1 and id = $2`, [
      accountId,
      messageId,
    ]);
  }
  return runId;
}

/** The message once its last piece is stored, or as it is stored when that takes long. */
async function lastRead(ctx: Context, messageId: string, runId: string): Promise<ChatMessageRow> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(maxWaitMs)]);
  const bell = ctx.services.doorbell.bell(runTopic(runId), signal);
  try {
    let message = await readMessage(ctx, messageId);
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
