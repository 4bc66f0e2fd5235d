export { assistantTables } from './account-tables.js';
export type { ActionRow } from './actions/action-rows.js';
export {
  actionsOfMessages,
  actionsOfTargets,
  readAction,
  readActionErrors,
  unsafeActionsById,
} from './actions/action-rows.js';
export {
  confirmAction,
  confirmActionErrors,
  type DecidedAction,
  rejectAction,
  rejectActionErrors,
  undoAction,
  undoActionErrors,
} from './actions/decide-action.js';
export { expireActions, forgetActions } from './actions/expire-actions.js';
export type { ChatActionProposed, ChatDelta, ChatFinished } from './chat-stream.js';
export { streamAnswer, streamAnswerErrors } from './chat-stream.js';
export { deleteConversation, deleteConversationErrors } from './delete-conversation.js';
export { earlierVersions, maxEarlierVersions } from './earlier-versions.js';
export { editQuestion, editQuestionErrors } from './edit-question.js';
export type { ChatMessageRow, ConversationRow } from './message-rows.js';
export {
  allConversationMessages,
  conversationMessages,
  conversationMessagesErrors,
  countConversations,
  listConversations,
  listConversationsErrors,
  readConversation,
  readConversationErrors,
  unsafeConversationsById,
  unsafeMessagesById,
} from './message-rows.js';
export { assistantPurposes } from './purposes.js';
export { rateAnswer, rateAnswerErrors } from './rate-answer.js';
export { type RegeneratedAnswer, regenerateAnswer, regenerateAnswerErrors } from './regenerate-answer.js';
export { renameConversation, renameConversationErrors } from './rename-conversation.js';
export type { SentChatMessage } from './send-chat-message.js';
export { sendChatMessage, sendChatMessageErrors } from './send-chat-message.js';
export { startConversation, startConversationErrors } from './start-conversation.js';
export { stopChatMessage, stopChatMessageErrors } from './stop-chat-message.js';
export { convertNote, convertNoteErrors } from './suggestions/suggest-conversion.js';
export { generateSubtasks, generateSubtasksErrors } from './suggestions/suggest-subtasks.js';
export { purgeSuggestions } from './suggestions/suggestion-rows.js';
