import { z } from 'zod';
import { ChatRole } from '../../entities/assistant/chat-message.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { runTopic, stopRun } from '../llm/index.js';
import { loadAnswerErrors, loadMessage } from './load-message.js';
import type { ChatMessageRow } from './message-rows.js';

const Input = z.strictObject({ messageId: field.id });

export const stopChatMessageErrors: DeclaredErrors = loadAnswerErrors;

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
  const message = ctx.unit
    ? await loadMessage(ctx, messageId, ChatRole.ASSISTANT)
    : await lastRead(ctx, messageId, runId);
  const live = ctx.services.liveTexts.get(runId);
  const isBehind = live !== undefined && live.text.length > message.content.length;
  return isBehind && !message.isWritten ? { ...message, content: live.text } : message;
}

/** Answers the run that writes the answer, or has written it. */
async function stop(tx: Tx, messageId: string): Promise<string> {
  const { accountId, runId } = await loadMessage(tx, messageId, ChatRole.ASSISTANT);
  if (runId === null) throw new Error('An answer has no run.');
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
    let message = await loadMessage(ctx, messageId, ChatRole.ASSISTANT);
    while (!message.isWritten && !bell.closed) {
      await bell.wait();
      message = await loadMessage(ctx, messageId, ChatRole.ASSISTANT);
    }
    return message;
  } finally {
    bell.close();
  }
}
