import { z } from 'zod';
import { ChatMessage, ChatMessageState, ChatRole, type NewChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { aiRequested, conversationUpdated, messageCreated } from '../events/assistant.js';
import { type Context, load, newId, requirePerson, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { startRun } from '../llm/index.js';
import { unsafeTasksById } from '../tasks/index.js';
import { answerPrice, chatAnswer } from './answer.js';
import { type ChatMessageRow, rowOfMessage } from './message-rows.js';
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
  INSUFFICIENT_CREDITS: '',
  CREDIT_LIMIT_REACHED: '',
  LIMIT_REACHED: '`conversations`, where it begins one',
  RATE_LIMITED: '',
};

/** A question and the answer that has begun. */
export interface SentChatMessage extends RequestsOnTask {
  readonly conversation: Conversation;
  readonly question: ChatMessageRow;
  readonly answer: ChatMessageRow;
  readonly creditsRemaining: number;
}

/**
 * Asks the assistant: holds a credit, stores question and empty answer, and once that is committed has the answer
 * written, whether or not anyone listens. Without a conversation it begins one; one without a title is named after the
 * question.
 */
export async function sendChatMessage(ctx: Context, input: unknown): Promise<SentChatMessage> {
  const { conversationId, content, taskId } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    if (taskId) await requireMay(tx, 'read task', await load(tx, unsafeTasksById, taskId));
    const requests = await countRequestOnTask(tx, taskId ?? null);
    const conversation = conversationId
      ? await requireMay(tx, 'write conversation', await tx.entities().findOne(Conversation, { id: conversationId }))
      : await addConversation(tx, titleFrom(content));
    // One that was just begun has said so itself.
    if (conversationId) await writeTo(tx, conversation, content);
    const position = await tx.entities().count(ChatMessage, {
      accountId: conversation.accountId,
      conversationId: conversation.id,
    });
    const about = { conversationId: conversation.id, taskId: taskId ?? null };
    const question = newMessage(tx, {
      ...about,
      position,
      role: ChatRole.USER,
      authorId: requirePerson(tx).id,
      content,
      state: ChatMessageState.COMPLETE,
      sessionId: null,
      runId: null,
    });
    const answerId = newId(tx.clock);
    const { run, creditsRemaining } = await startRun(tx, chatAnswer, {
      amount: answerPrice,
      key: `chat:${answerId}`,
      reason: 'Chat message',
    });
    const answer = newMessage(tx, {
      ...about,
      id: answerId,
      position: position + 1,
      role: ChatRole.ASSISTANT,
      authorId: null,
      content: null,
      state: ChatMessageState.STREAMING,
      sessionId: taskId ? requirePerson(tx).sessionId : null,
      runId: run.id,
    });
    tx.entities().persist([question, answer]);
    await record(tx, messageCreated(question.id, { conversationId: conversation.id }));
    await record(tx, messageCreated(answer.id, { conversationId: conversation.id }));
    await record(tx, aiRequested(answer.id, { kind: 'chat', taskId: taskId ?? null }));
    return {
      conversation,
      question: rowOfMessage(question),
      answer: rowOfMessage(answer),
      creditsRemaining,
      ...requests,
    };
  });
}

/** Takes a question: that moves it to the top of the list, and names one without a title. */
async function writeTo(tx: Tx, conversation: Conversation, question: string): Promise<void> {
  const fields = conversation.untitled ? ['title', 'updatedAt'] : ['updatedAt'];
  if (conversation.untitled) {
    conversation.title = titleFrom(question);
    conversation.untitled = false;
  }
  conversation.updatedAt = tx.clock.now();
  await record(tx, conversationUpdated(conversation.id, { fields }));
}

type Message = Omit<NewChatMessage, 'id' | 'accountId' | 'createdAt'> & { readonly id?: string };

function newMessage(tx: Tx, given: Message): ChatMessage {
  return new ChatMessage({
    id: newId(tx.clock),
    accountId: tx.unit.account.id,
    createdAt: tx.clock.now(),
    ...given,
  });
}

function titleFrom(content: string): string {
  const text = lineOf(content).replace(/\s+/g, ' ');
  if (beginningOf(text, titleLength) === text) return text;
  return `${beginningOf(text, titleLength - 1).trimEnd()}…`;
}
