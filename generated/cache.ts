import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Which types a union stands for. */
export const possibleTypes = {
  AiActionResult: ['Note', 'Task'],
  ChangedEntity: ['AccountExport', 'AiAction', 'BillingSubscription', 'ChatMessage', 'Conversation', 'Note', 'Notification', 'Payment', 'Reminder', 'Subtask', 'Task', 'TaskTemplate'],
  ChatStreamEvent: ['ChatActionProposed', 'ChatDelta', 'ChatFinished'],
  RestoredItem: ['Note', 'Task'],
};

/** Pages of one list are joined; what has no id belongs to what it hangs on, and is merged there. */
export const typePolicies: TypePolicies = {
  AchievementState: { merge: true },
  Billing: { fields: { payments: relayStylePagination(false) } },
  Conversation: { fields: { messages: relayStylePagination(['superseded']) } },
  CreditBalance: { merge: true },
  CreditStatement: { fields: { entries: relayStylePagination(false) } },
  Limits: { merge: true },
  PaymentCard: { merge: true },
  Perk: { merge: true },
  Query: { fields: { activity: relayStylePagination(['filter']), changes: relayStylePagination(false), conversations: relayStylePagination(['search']), creditHistory: relayStylePagination(false), notes: relayStylePagination(['filter']), notifications: relayStylePagination(['filter']), taskTemplates: relayStylePagination(false), tasks: relayStylePagination(['filter', 'orderBy']) } },
  RecurrencePreview: { merge: true },
  TaskTemplate: { fields: { instances: relayStylePagination(false) } },
  UpcomingPayment: { merge: true },
  VoiceRecording: { merge: true },
};
