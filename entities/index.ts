import { Account } from './accounts/account.js';
import { Allowance } from './accounts/allowance.js';
import { ActiveDay } from './achievements/active-day.js';
import { Contribution } from './achievements/contribution.js';
import { Progress } from './achievements/progress.js';
import { Unlocked } from './achievements/unlocked.js';
import { Event } from './activity/event.js';
import { IdempotencyKey } from './activity/idempotency-key.js';
import { OperatorAction } from './activity/operator-action.js';
import { Tombstone } from './activity/tombstone.js';
import { Action } from './assistant/action.js';
import { ChatMessage } from './assistant/chat-message.js';
import { Conversation } from './assistant/conversation.js';
import { Suggestion } from './assistant/suggestion.js';
import { TaskRequestCount } from './assistant/task-request-count.js';
import { RefreshToken } from './auth/refresh-token.js';
import { Session } from './auth/session.js';
import { UsedIdToken } from './auth/used-id-token.js';
import { User } from './auth/user.js';
import { CreditBucket } from './billing/credit-bucket.js';
import { CreditDifference } from './billing/credit-difference.js';
import { CreditEntry } from './billing/credit-entry.js';
import { CreditHold } from './billing/credit-hold.js';
import { CreditHoldPart } from './billing/credit-hold-part.js';
import { CreditReconciliation } from './billing/credit-reconciliation.js';
import { Payment } from './billing/payment.js';
import { PaymentEvent } from './billing/payment-event.js';
import { Subscription } from './billing/subscription.js';
import { File } from './files/file.js';
import { Storage } from './files/storage.js';
import { Piece } from './llm/piece.js';
import { Run } from './llm/run.js';
import { Note } from './notes/note.js';
import { Recording } from './notes/recording.js';
import { Notification } from './notifications/notification.js';
import { PushDelivery } from './notifications/push-delivery.js';
import { PushSubscription } from './notifications/push-subscription.js';
import { ApiProcess } from './platform/api-process.js';
import { ClockShift } from './platform/clock-shift.js';
import { RateLimit } from './platform/rate-limit.js';
import { SocketCount } from './platform/socket-count.js';
import { AccountExport } from './privacy/account-export.js';
import { FocusSession } from './tasks/focus-session.js';
import { Occurrence } from './tasks/occurrence.js';
import { Reminder } from './tasks/reminder.js';
import { Subtask } from './tasks/subtask.js';
import { Task } from './tasks/task.js';
import { TaskTemplate } from './tasks/task-template.js';
import { TemplateReminder } from './tasks/template-reminder.js';
import { TemplateSubtask } from './tasks/template-subtask.js';

/** Every table of ours, by domain. */
export const entities = [
  Account,
  Allowance,
  Event,
  IdempotencyKey,
  OperatorAction,
  Tombstone,
  ApiProcess,
  ClockShift,
  RateLimit,
  SocketCount,
  User,
  Session,
  RefreshToken,
  UsedIdToken,
  Notification,
  PushSubscription,
  PushDelivery,
  CreditBucket,
  CreditDifference,
  CreditEntry,
  CreditHold,
  CreditHoldPart,
  CreditReconciliation,
  Subscription,
  Payment,
  PaymentEvent,
  File,
  Storage,
  Run,
  Piece,
  Contribution,
  ActiveDay,
  Progress,
  Unlocked,
  Task,
  Subtask,
  TaskTemplate,
  TemplateSubtask,
  TemplateReminder,
  Occurrence,
  Reminder,
  FocusSession,
  Note,
  Recording,
  Conversation,
  ChatMessage,
  Action,
  Suggestion,
  TaskRequestCount,
  AccountExport,
];
