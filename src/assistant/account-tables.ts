import { Action } from '../../entities/assistant/action.js';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { Suggestion } from '../../entities/assistant/suggestion.js';
import { TaskRequestCount } from '../../entities/assistant/task-request-count.js';
import { type AccountTable, accompanyingTable, accountTable } from '../kernel/account-tables.js';

const deleted = { kind: 'DELETED' } as const;

/** Conversations and proposals: what refers to something comes before that. */
export const assistantTables: readonly AccountTable[] = [
  accountTable(Suggestion, {
    name: 'ai-suggestions',
    what: 'Proposals that you asked for outside of a conversation.',
    of: 'accountId',
    order: ['runId'],
    onDeletion: deleted,
  }),
  accountTable(Action, {
    name: 'ai-actions',
    what: 'What the assistant proposed, and what became of it.',
    of: 'accountId',
    order: ['id'],
    left: {
      targetMark: 'How we see whether something has changed since.',
      call: 'The same as the model worded it.',
      undo: 'How we would take it back.',
    },
    onDeletion: deleted,
  }),
  // Older ones refer to those that took their place.
  accountTable(ChatMessage, {
    name: 'chat-messages',
    what: 'Every message of your conversations, in their order.',
    of: 'accountId',
    order: ['conversationId', 'position'],
    onDeletion: deleted,
  }),
  accountTable(Conversation, {
    name: 'conversations',
    what: 'Your conversations with the assistant.',
    of: 'accountId',
    order: ['id'],
    onDeletion: deleted,
  }),
  accompanyingTable(TaskRequestCount, {
    because: 'How often a session asked about a task, which bounds that.',
    goesWith: 'auth.session',
  }),
];
