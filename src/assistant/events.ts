import { Source } from '../../entities/activity/event.js';
import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { messageCompleted, messageFailed, messageStopped } from '../events/assistant.js';
import type { DomainEvent } from '../kernel/events.js';

const endings = {
  [ChatMessageState.COMPLETE]: messageCompleted,
  [ChatMessageState.STOPPED]: messageStopped,
  [ChatMessageState.FAILED]: messageFailed,
} as const;

/** An answer got its last piece. */
export function answerEnded(messageId: string, state: keyof typeof endings): DomainEvent {
  return endings[state](messageId, {}, Source.SYSTEM);
}
