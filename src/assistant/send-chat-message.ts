import { z } from 'zod';
import { ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { aiRequested, conversationUpdated, messageCreated } from '../events/assistant.js';
import { type Context, load, newId, requirePerson, runStatement, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { startRun } from '../llm/index.js';
import { unsafeTasksById } from '../tasks/index.js';
import { answerPrice, chatAnswer } from './answer.js';
import {
  type ChatMessageRow,
  type ConversationRow,
  conversationColumns,
  unsafeConversationsById,
} from './message-rows.js';
import { countRequestOnTask, type RequestsOnTask } from './requests-on-task.js';
import { addConversation } from './start-conversation.js';

/** Characters of the longest question. */
const maxQuestionLength = 4_000;
/** Characters of a title that is made from a question, as PostgreSQL counts them. */
const titleLength = 60;

const Input = z.strictObject({
  conversationId: field.id.nullish(),
  content: field.paragraphs(1, maxQuestionLength),
  taskId: field.id.nullish(),
});

export const sendChatMessageErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'the last answer of the conversation is still being written',
  INSUFFICIENT_CREDITS: '',
  CREDIT_LIMIT_REACHED: '',
  LIMIT_REACHED: '`conversations`, where it begins one',
  RATE_LIMITED: '',
};

/** A question and the answer that has begun. */
export interface SentChatMessage extends RequestsOnTask {
  readonly conversation: ConversationRow;
  readonly question: ChatMessageRow;
  readonly answer: ChatMessageRow;
  readonly creditsRemaining: number;
}

/**
 * Asks the assistant: holds a credit, stores question and empty answer, and once that is committed has the answer
 * written, whether or not anyone listens. Without a conversation it begins one; one without a title is named after the
 * question. In a conversation one answer is written at a time.
 */
export async function sendChatMessage(ctx: Context, input: unknown): Promise<SentChatMessage> {
  const { conversationId, content, taskId } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    if (taskId) await requireMay(tx, 'read task', await load(tx, unsafeTasksById, taskId));
    const requests = await countRequestOnTask(tx, taskId ?? null);
    const conversation = conversationId
      ? await writeTo(tx, conversationId, content)
      : await addConversation(tx, titleFrom(content));
    const [questionId, answerId] = [newId(tx.clock), newId(tx.clock)];
    const { run, creditsRemaining } = await startRun(tx, chatAnswer, {
      amount: answerPrice,
      key: `chat:${answerId}`,
      reason: 'Chat message',
    });
    const about = { conversationId: conversation.id, taskId: taskId ?? null };
    const question = messageRow(tx, {
      ...about,
      id: questionId,
      role: ChatRole.USER,
      content,
      state: ChatMessageState.COMPLETE,
      isWritten: true,
      runId: null,
    });
    const answer = messageRow(tx, {
      ...about,
      id: answerId,
      role: ChatRole.ASSISTANT,
      content: '',
      state: ChatMessageState.STREAMING,
      isWritten: false,
      runId: run.id,
    });
    await insertMessages(tx, question, answer);
    await record(tx, messageCreated(question.id, { conversationId: conversation.id }));
    await record(tx, messageCreated(answer.id, { conversationId: conversation.id }));
    await record(tx, aiRequested(answer.id, { kind: 'chat', taskId: taskId ?? null }));
    return {
      conversation,
      question,
      answer,
      creditsRemaining,
      ...requests,
    };
  });
}

/** Takes a question: that moves the conversation to the top of the list, and names one without a title. */
async function writeTo(tx: Tx, conversationId: string, question: string): Promise<ConversationRow> {
  const found = await load(tx, unsafeConversationsById, conversationId);
  const { id, accountId } = await requireMay(tx, 'write conversation', found);
  await refuseWhileAnswering(tx, id);
  const [row] = await runStatement<ConversationRow & { wasUntitled: boolean }>(
    tx,
    `update assistant.conversation
     set updated_at = $3, title = case when untitled then $4 else title end, untitled = false
     where account_id = $1 and id = $2
     returning ${conversationColumns}, old.untitled as "wasUntitled"`,
    [accountId, id, tx.clock.now(), titleFrom(question)],
  );
  if (!row) throw new Error('The conversation was deleted under the lock of its account.');
  const { wasUntitled, ...conversation } = row;
  const fields = wasUntitled ? ['title', 'updatedAt'] : ['updatedAt'];
  await record(tx, conversationUpdated(id, { fields }));
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

function messageRow(
  tx: Tx,
  given: Omit<ChatMessageRow, 'accountId' | 'error' | 'truncated' | 'createdAt'>,
): ChatMessageRow {
  return { ...given, accountId: tx.unit.account.id, error: null, truncated: false, createdAt: tx.clock.now() };
}

/** At the end of their conversation. */
async function insertMessages(tx: Tx, question: ChatMessageRow, answer: ChatMessageRow): Promise<void> {
  const { id: authorId, sessionId } = requirePerson(tx);
  await runStatement(
    tx,
    `with place as (
       select coalesce(max(position) + 1, 0) as next from assistant.chat_message
       where account_id = $1 and conversation_id = $2
     )
     insert into assistant.chat_message
       (account_id, id, conversation_id, author_id, position, role, content, state, task_id, session_id, run_id, error, truncated, created_at)
     select $1, $3::uuid, $2::uuid, $4::uuid, next, 'USER', $5, 'COMPLETE', $6::uuid, null::uuid, null::uuid, null, false, $7::timestamptz
     from place
     union all
     select $1, $8, $2, null, next + 1, 'ASSISTANT', null, 'STREAMING', $6, $9::uuid, $10::uuid, null, false, $7
     from place`,
    [
      question.accountId,
      question.conversationId,
      question.id,
      authorId,
      question.content,
      question.taskId,
      question.createdAt,
      answer.id,
      answer.taskId === null ? null : sessionId,
      answer.runId,
    ],
  );
}

function titleFrom(content: string): string {
  const text = lineOf(content).replace(/\s+/g, ' ');
  if (beginningOf(text, titleLength) === text) return text;
  return `${beginningOf(text, titleLength - 1).trimEnd()}…`;
}
