import { z } from 'zod';
import { ChatMessage, ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { holdCredits } from '../billing/index.js';
import { aiRequested, conversationUpdated, messageCreated } from '../events/assistant.js';
import { type Context, load, newId, requirePerson, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { id, paragraphs, parse, parseErrors } from '../kernel/input.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { unsafeTasksById } from '../tasks/index.js';
import { leaseMs, produceAnswer } from './produce-answer.js';
import { countRequestOnTask, type RequestsOnTask } from './requests-on-task.js';
import { addConversation } from './start-conversation.js';

/** Characters of the longest question. */
const maxQuestionLength = 4_000;
/** Characters of a title that is made from a question, as PostgreSQL counts them. */
const titleLength = 60;
/** Credits that one answer costs. */
const price = 1;

const Input = z.strictObject({
  conversationId: id.nullish(),
  content: paragraphs(1, maxQuestionLength),
  taskId: id.nullish(),
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
  readonly question: ChatMessage;
  readonly answer: ChatMessage;
  readonly creditsRemaining: number;
}

/**
 * Asks the assistant: holds a credit, stores question and empty answer, and once that is committed has the answer
 * written, whether or not anyone listens. Without a conversation it begins one; one without a title is named after the
 * question.
 */
export async function sendChatMessage(ctx: Context, input: unknown): Promise<SentChatMessage> {
  const { conversationId, content, taskId } = parse(Input, input);
  ctx.services.aiRateLimit.take(requirePerson(ctx).id);
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
    const question = message(tx, conversation, position, ChatRole.USER, content, taskId ?? null);
    const answer = message(tx, conversation, position + 1, ChatRole.ASSISTANT, '', taskId ?? null);
    const { holdId, remaining } = await holdCredits(tx, {
      amount: price,
      key: `chat:${answer.id}`,
      reason: 'Chat message',
    });
    answer.holdId = holdId;
    answer.sessionId = taskId ? requirePerson(tx).sessionId : null;
    answer.leaseOwner = tx.services.instanceId;
    answer.leaseUntil = new Date(tx.services.databaseClock.now().getTime() + leaseMs);
    tx.entities().persist([question, answer]);
    await record(tx, messageCreated(question.id, { conversationId: conversation.id }));
    await record(tx, messageCreated(answer.id, { conversationId: conversation.id }));
    await record(tx, aiRequested(answer.id, { kind: 'chat', taskId: taskId ?? null }));
    tx.unit.afterCommit((outside) => void produceAnswer(outside, answer));
    return { conversation, question, answer, creditsRemaining: remaining, ...requests };
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

function message(
  tx: Tx,
  { id: conversationId, accountId }: Conversation,
  position: number,
  role: ChatRole,
  content: string,
  taskId: string | null,
): ChatMessage {
  const state = role === ChatRole.USER ? ChatMessageState.COMPLETE : ChatMessageState.STREAMING;
  return new ChatMessage({
    id: newId(tx.clock),
    conversationId,
    accountId,
    authorId: role === ChatRole.USER ? requirePerson(tx).id : null,
    position,
    role,
    content,
    state,
    taskId,
    createdAt: tx.clock.now(),
  });
}

function titleFrom(content: string): string {
  const text = lineOf(content).replace(/\s+/g, ' ');
  if (beginningOf(text, titleLength) === text) return text;
  return `${beginningOf(text, titleLength - 1).trimEnd()}…`;
}
