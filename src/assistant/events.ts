import { Source } from '../../entities/activity/event.js';
import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import type { DomainEvent } from '../activity/index.js';

/** A conversation was begun. */
export function conversationStarted(conversationId: string): DomainEvent {
  return { type: 'conversation.created', entityType: 'conversation', entityId: conversationId };
}

/** A conversation was written to, which may have given it its title. */
export function conversationUpdated(conversationId: string, fields: readonly string[]): DomainEvent {
  const metadata = { fields };
  return { type: 'conversation.updated', entityType: 'conversation', entityId: conversationId, metadata };
}

/** A question was sent, or its answer begun. */
export function messageCreated(messageId: string, conversationId: string): DomainEvent {
  return {
    type: 'chat_message.created',
    entityType: 'chat_message',
    entityId: messageId,
    metadata: { conversationId },
  };
}

/** The assistant was asked; `kind` says for what. */
export function aiRequested(messageId: string, kind: string, taskId: string | null): DomainEvent {
  return { type: 'ai.request', entityType: 'chat_message', entityId: messageId, metadata: { kind, taskId } };
}

const endings = {
  [ChatMessageState.COMPLETE]: 'chat_message.completed',
  [ChatMessageState.STOPPED]: 'chat_message.stopped',
  [ChatMessageState.FAILED]: 'chat_message.failed',
} as const;

/** An answer got its last piece. */
export function answerEnded(messageId: string, state: keyof typeof endings): DomainEvent {
  return { type: endings[state], entityType: 'chat_message', entityId: messageId, source: Source.SYSTEM };
}
