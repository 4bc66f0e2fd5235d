import { z } from 'zod';
import { AiActionKind } from '../../entities/assistant/action.js';
import { AnswerRating } from '../../entities/assistant/chat-message.js';
import { defineEvent } from '../kernel/events.js';
import { fields, nothing } from './shapes.js';

export const conversationCreated = defineEvent(
  'conversation.created',
  'conversation',
  'A conversation was begun.',
  nothing,
);

export const conversationUpdated = defineEvent(
  'conversation.updated',
  'conversation',
  'A conversation was written to, which may have given it its title, or has another title.',
  fields,
);

export const conversationDeleted = defineEvent(
  'conversation.deleted',
  'conversation',
  'A conversation was deleted with its messages, for good.',
  nothing,
);

export const messageCreated = defineEvent(
  'chat_message.created',
  'chat_message',
  'A question was sent, or its answer begun.',
  z.object({ conversationId: z.uuid() }),
);

export const messageCompleted = defineEvent(
  'chat_message.completed',
  'chat_message',
  'An answer is complete.',
  nothing,
);

export const messageStopped = defineEvent(
  'chat_message.stopped',
  'chat_message',
  'An answer was stopped by its user, and has its last piece.',
  nothing,
);

export const messageFailed = defineEvent(
  'chat_message.failed',
  'chat_message',
  'An answer failed before its end.',
  nothing,
);

export const messageSuperseded = defineEvent(
  'chat_message.superseded',
  'chat_message',
  'Another message took the place of a message, which has left the current branch of its conversation.',
  z.object({ supersededBy: z.uuid() }),
);

export const messageRated = defineEvent(
  'chat_message.rated',
  'chat_message',
  'The user has said what they think of an answer, or takes it back; their own words are with the answer.',
  z.object({ rating: z.enum(AnswerRating).nullable() }),
);

export const aiRequested = defineEvent(
  'ai.request',
  'chat_message',
  'The assistant was asked for something.',
  z.object({ kind: z.enum(['chat']), taskId: z.uuid().nullable() }),
);

export const suggestionRequested = defineEvent(
  'ai.suggestion_request',
  'ai_run',
  'The assistant was asked for a proposal outside of a conversation.',
  z.object({ kind: z.enum(AiActionKind), subjectId: z.uuid() }),
);

export const actionProposed = defineEvent(
  'ai_action.proposed',
  'ai_action',
  'The assistant proposed to do something, and waits for its user.',
  z.object({ kind: z.enum(AiActionKind), messageId: z.uuid().nullable() }),
);

export const actionConfirmed = defineEvent(
  'ai_action.confirmed',
  'ai_action',
  'What the assistant had proposed was confirmed and done.',
  z.object({ resultType: z.enum(['task', 'note']), resultId: z.uuid() }),
);

export const actionRejected = defineEvent(
  'ai_action.rejected',
  'ai_action',
  'What the assistant had proposed is not wanted.',
  nothing,
);

export const actionExpired = defineEvent(
  'ai_action.expired',
  'ai_action',
  'Nobody decided in time what the assistant had proposed.',
  nothing,
);

export const actionUndone = defineEvent(
  'ai_action.undone',
  'ai_action',
  'What the assistant had proposed, and was done, was taken back.',
  nothing,
);
