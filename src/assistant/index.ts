export { chatAnswer } from './answer.js';
export type { ChatDelta, ChatFinished } from './chat-stream.js';
export { streamAnswer } from './chat-stream.js';
export type { ChatMessageRow, ConversationRow } from './message-rows.js';
export {
  conversationMessages,
  countConversations,
  listConversations,
  readConversation,
  unsafeConversationsById,
  unsafeMessagesById,
} from './message-rows.js';
export type { SentChatMessage } from './send-chat-message.js';
export { sendChatMessage } from './send-chat-message.js';
export { startConversation } from './start-conversation.js';
export { stopChatMessage } from './stop-chat-message.js';
