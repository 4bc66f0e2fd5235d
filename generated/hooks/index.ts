/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { gql } from '@apollo/client';
import type * as ApolloReactCommon from '@apollo/client/react';
import * as ApolloReactHooks from '@apollo/client/react';
const defaultOptions = {} as const;
/** Which entries; what is omitted does not matter. */
export type ActivityFilter = {
  /** Before then. */
  before?: string | null | undefined;
  /** About this thing. */
  entityId?: string | null | undefined;
  /** About this kind of thing. */
  entityType?: string | null | undefined;
  /** Then or later. */
  from?: string | null | undefined;
  /** Caused by them. */
  source?: Source | null | undefined;
  /** Any of these types; at most 50. */
  types?: Array<string> | null | undefined;
};

/** A reminder to add to a task. */
export type AddReminderInput = {
  /** The moment of an absolute one, in the future. */
  at?: string | null | undefined;
  /** PUSH when not given. */
  method?: ReminderMethod | null | undefined;
  /** Minutes before or after the due date, 0–43,200; not if absolute. */
  offsetMinutes?: number | null | undefined;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
  /** To which task. */
  taskId: string;
  /** What its time is reckoned from. */
  type: ReminderType;
};

/** A subtask to add at the end. */
export type AddSubtaskInput = {
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
  /** To which task. */
  taskId: string;
  /** 1–75 characters. */
  title: string;
};

/** Where a message stands. */
export type ChatMessageState =
  /** Whole. */
  | 'COMPLETE'
  /** The provider or the server failed; the text so far stays, the credit is back. */
  | 'FAILED'
  /** The user stopped it; what was written stays. */
  | 'STOPPED'
  /** The answer is still being written. */
  | 'STREAMING';

/** Who speaks. */
export type ChatRole =
  /** The assistant. */
  | 'ASSISTANT'
  /** The user. */
  | 'USER';

/** Which task to complete. */
export type CompleteTaskInput = {
  /** Also completes its open subtasks. */
  force?: boolean;
  /** Which task. */
  id: string;
  /** The version that the caller saw. */
  version: number;
};

/** How a task came to be completed. */
export type CompletedBy =
  /** Its last open subtask was completed. */
  | 'AUTO'
  /** The user completed it together with its open subtasks. */
  | 'FORCE'
  /** The user completed it with no subtask open. */
  | 'MANUAL';

/** A new task. */
export type CreateTaskInput = {
  /** Up to 1,000 characters on the free plan, 2,000 on Pro. */
  description?: string | null | undefined;
  /** At most 30 days from now, unless it recurs; then where its rule begins. */
  dueDate?: string | null | undefined;
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** MEDIUM when not given. */
  priority?: Priority | null | undefined;
  /** Makes it the first of a series, with a template. */
  recurrence?: RecurrenceInput | null | undefined;
  /** At most 5. */
  reminders?: Array<NewReminderInput> | null | undefined;
  /** In their order. */
  subtasks?: Array<NewSubtaskInput> | null | undefined;
  /** At most 20, each 1–30 characters. */
  tags?: Array<string> | null | undefined;
  /** 1–200 characters. */
  title: string;
};

/** A new template. */
export type CreateTaskTemplateInput = {
  /** Up to 1,000 characters on the free plan, 2,000 on Pro. */
  description?: string | null | undefined;
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** When the first task is due, and where the rule begins; the rule's first date from now when not given. */
  firstDueDate?: string | null | undefined;
  /** Null is MEDIUM. */
  priority?: Priority | null | undefined;
  /** What each new task starts with, all of them: BEFORE or AFTER, at most 5. */
  reminders?: Array<NewReminderInput> | null | undefined;
  /** RFC 5545 RRULE: DAILY, WEEKLY, MONTHLY or YEARLY. */
  rule: string;
  /** What each new task starts with, in order; all of them. */
  subtasks?: Array<NewSubtaskInput> | null | undefined;
  /** At most 20, each 1–30 characters. */
  tags?: Array<string> | null | undefined;
  /** IANA time zone; null is the user's own. */
  timeZone?: string | null | undefined;
  /** 1–200 characters. */
  title: string;
};

/** Where credits lie, in the order in which they are spent. */
export type CreditBucket =
  /** Granted at 00:00 UTC, gone at the next. */
  | 'DAILY'
  /** The gift to a new account; they never expire. */
  | 'KICKSTART'
  /** Bought; they never expire. */
  | 'PURCHASED'
  /** Granted with each paid period; 50 at most carry over. */
  | 'SUBSCRIPTION';

/** What an entry of the ledger records. */
export type CreditEntryKind =
  /** Corrected by hand. */
  | 'ADJUST'
  /** Credits that a new period took over. */
  | 'CARRY_OVER'
  /** Credits ran out of time. */
  | 'EXPIRE'
  /** Credits came in. */
  | 'GRANT'
  /** Set aside before an operation starts. */
  | 'HOLD'
  /** A payment was taken back by the provider. */
  | 'REFUND'
  /** A hold ended; its credits are back, to be spent or kept. */
  | 'RELEASE'
  /** An operation was paid. */
  | 'SPEND';

/** Which task to delete. An open one of a series is skipped so: the next one comes. */
export type DeleteTaskInput = {
  /** Also ends its series: the template becomes inactive, and no next task comes. Others that are open stay. */
  endSeries?: boolean;
  /** Which task. */
  id: string;
  /** The version that the caller saw. */
  version: number;
};

/** Which template to delete. */
export type DeleteTaskTemplateInput = {
  /** Which template. */
  id: string;
  /** Also deletes its tasks that are still open. */
  withOpenInstances?: boolean;
};

/** What can be restored. */
export type DeletedItemType =
  /** A note. */
  | 'NOTE'
  /** A task with its subtasks and reminders. */
  | 'TASK';

/** Which session to end. */
export type EndSessionInput = {
  /** One of `mySessions`. */
  id: string;
};

/** One notification. */
export type MarkNotificationReadInput = {
  /** Its id. */
  id: string;
};

/** A reminder of a new task. */
export type NewReminderInput = {
  /** The moment of an absolute one, in the future. */
  at?: string | null | undefined;
  /** PUSH when not given. */
  method?: ReminderMethod | null | undefined;
  /** Minutes before or after the due date, 0–43,200; not if absolute. */
  offsetMinutes?: number | null | undefined;
  /** What its time is reckoned from. */
  type: ReminderType;
};

/** A subtask of a new task. */
export type NewSubtaskInput = {
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** 1–75 characters. */
  title: string;
};

/** Which notifications; an empty filter says all. */
export type NotificationFilter = {
  /** Only those of these types. */
  type?: Array<NotificationType> | null | undefined;
  /** Only those that were not marked read. */
  unreadOnly?: boolean | null | undefined;
};

/** What a notification is about. */
export type NotificationType =
  /** An achievement was unlocked. */
  | 'ACHIEVEMENT'
  /** A task reminds of itself. */
  | 'REMINDER'
  /** Something happened to the Pro plan. */
  | 'SUBSCRIPTION'
  /** Anything else that the server has to say. */
  | 'SYSTEM'
  /** A task was completed. */
  | 'TASK_COMPLETED';

/** Which limit a perk raises. */
export type PerkKind =
  /** How many credits the account is granted each day. */
  | 'DAILY_CREDITS'
  /** How many notes the account may have. */
  | 'NOTES'
  /** How many subtasks one task may have. */
  | 'SUBTASKS_PER_TASK'
  /** How many tasks the account may have. */
  | 'TASKS';

/** How much a task matters. */
export type Priority =
  /** First of all. */
  | 'HIGH'
  /** Can wait. */
  | 'LOW'
  /** The default. */
  | 'MEDIUM';

/** How a task recurs. */
export type RecurrenceInput = {
  /** RFC 5545 RRULE: DAILY, WEEKLY, MONTHLY or YEARLY. */
  rule: string;
  /** IANA time zone; when not given the series' own, and the user's own for a new one. */
  timeZone?: string | null | undefined;
};

/** What an edit of a task of a series reaches: of its recurrence, its subtasks or its reminders. */
export type RecurrenceScope =
  /** Those to come; this task stays as it is. */
  | 'TEMPLATE_ONLY'
  /** This task and those to come; with a new recurrence it moves to the next date of the rule. */
  | 'THIS_AND_FUTURE'
  /** This task alone. Not for the recurrence. */
  | 'THIS_ONLY';

/** A browser's push subscription, as `PushSubscription.toJSON()` has it. */
export type RegisterPushSubscriptionInput = {
  /** Its authentication secret: 16 bytes, base64url. */
  auth: string;
  /** Its address at its push service: public, https, at most 2,000 characters. */
  endpoint: string;
  /** Its public key: an uncompressed P-256 point (65 bytes), base64url. */
  p256dh: string;
};

/** How a reminder reaches its user. */
export type ReminderMethod =
  /** A notification in the app. */
  | 'IN_APP'
  /** A notification in the app, and a push to each registered browser. */
  | 'PUSH';

/** How far a reminder has got. */
export type ReminderState =
  /** Does not fire: the task is done, has no due date, or the time passed meanwhile. */
  | 'CANCELLED'
  /** Has fired, but no browser could be reached; the notification is in the app. */
  | 'FAILED'
  /** Waits for its time. */
  | 'SCHEDULED'
  /** Has fired; a new due date that gives a relative one a time to come schedules it again. */
  | 'SENT';

/** What a reminder's time is reckoned from. */
export type ReminderType =
  /** A moment of its own. */
  | 'ABSOLUTE'
  /** So many minutes after the due date; moves with it. */
  | 'AFTER'
  /** So many minutes before the due date; moves with it. */
  | 'BEFORE';

/** The browser that is to get no more pushes. */
export type RemovePushSubscriptionInput = {
  /** Its address at its push service. */
  endpoint: string;
};

/** Which reminder to remove. */
export type RemoveReminderInput = {
  /** Which reminder. */
  id: string;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
};

/** Which subtask to remove. */
export type RemoveSubtaskInput = {
  /** Which subtask. */
  id: string;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
};

/** Which task to open again. */
export type ReopenTaskInput = {
  /** Which task. */
  id: string;
  /** The version that the caller saw. */
  version: number;
};

/** A new order of a task's subtasks. */
export type ReorderSubtasksInput = {
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
  /** All of its subtasks, each once, in their new order. */
  subtaskIds: Array<string>;
  /** Of which task. */
  taskId: string;
};

/** Which deleted thing to restore. */
export type RestoreDeletedInput = {
  /** Its id among `deletedItems`, not the id that it had. */
  id: string;
};

/** A question to the assistant. */
export type SendChatMessageInput = {
  /** 1–4,000 characters. */
  content: string;
  /** Where to ask; a new conversation when not given. */
  conversationId?: string | null | undefined;
  /** The task that it is about. */
  taskId?: string | null | undefined;
};

/** Which way a list runs. */
export type SortDirection =
  /** Smallest first. */
  | 'ASC'
  /** Largest first. */
  | 'DESC';

/** Who caused it. */
export type Source =
  /** The assistant proposed it and the user confirmed. */
  | 'AI'
  /** A rule or a job did it. */
  | 'SYSTEM'
  /** The user asked for it. */
  | 'USER';

/** A new conversation. */
export type StartConversationInput = {
  /** 1–200 characters; "New conversation" when not given. */
  title?: string | null | undefined;
};

/** What to focus on. */
export type StartFocusInput = {
  /** Which task. */
  taskId: string;
};

/** Which answer to stop. */
export type StopChatMessageInput = {
  /** The answer. */
  messageId: string;
};

/** Which tasks; what is omitted does not matter. */
export type TaskFilter = {
  /** True lists the archived ones; otherwise they are left out. */
  archived?: boolean | null | undefined;
  /** Done, or open. */
  completed?: boolean | null | undefined;
  /** Due before then. */
  dueBefore?: string | null | undefined;
  /** Due then or later. */
  dueFrom?: string | null | undefined;
  /** True lists the hidden ones; otherwise they are left out. */
  hidden?: boolean | null | undefined;
  /** Any of these. */
  priority?: Array<Priority> | null | undefined;
  /** Part of title or description, up to 200 characters; case is ignored, accents are not. */
  search?: string | null | undefined;
  /** Having all of these tags. */
  tags?: Array<string> | null | undefined;
  /** Made from this template. */
  templateId?: string | null | undefined;
};

/** How a list of tasks runs. */
export type TaskOrder = {
  /** Which way. */
  direction?: SortDirection;
  /** By what. */
  field: TaskOrderField;
};

/** By what a list of tasks is sorted. */
export type TaskOrderField =
  /** When it was created. */
  | 'CREATED_AT'
  /** Tasks without a due date come last either way. */
  | 'DUE_DATE'
  /** LOW before MEDIUM before HIGH. */
  | 'PRIORITY'
  /** Alphabetical, ignoring case. */
  | 'TITLE'
  /** When it was last written. */
  | 'UPDATED_AT';

/** What an account pays for; it decides the base limits. */
export type Tier =
  /** The free plan. */
  | 'FREE'
  /** The Pro plan. */
  | 'PRO';

/** What to change: an omitted field stays, null clears. */
export type UpdateProfileInput = {
  /** 1–100 characters; cannot be cleared. */
  name?: string | null | undefined;
  /** At most 16 KB of JSON; null is {}. */
  preferences?: Record<string, unknown> | null | undefined;
  /** IANA time zone; null is UTC. */
  timeZone?: string | null | undefined;
};

/** What to change: an omitted field stays. */
export type UpdateReminderInput = {
  /** The moment of an absolute one, in the future. */
  at?: string | null | undefined;
  /** Which reminder. */
  id: string;
  /** Null is PUSH. */
  method?: ReminderMethod | null | undefined;
  /** Minutes before or after the due date, 0–43,200; not if absolute. */
  offsetMinutes?: number | null | undefined;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
};

/** What to change: an omitted field stays, null clears. */
export type UpdateSubtaskInput = {
  /** Done, or open again; cannot be cleared. */
  completed?: boolean | null | undefined;
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** Which subtask. */
  id: string;
  /** Of a task of a series: what the edit reaches. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone. */
  recurrenceScope?: RecurrenceScope | null | undefined;
  /** 1–75 characters; cannot be cleared. */
  title?: string | null | undefined;
};

/** What to change: an omitted field stays, null clears. */
export type UpdateTaskInput = {
  /** Put away, its focus session ended, or back; cannot be cleared. */
  archived?: boolean | null | undefined;
  /** Up to 1,000 characters on the free plan, 2,000 on Pro. */
  description?: string | null | undefined;
  /** At most 30 days after the task's creation. */
  dueDate?: string | null | undefined;
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** Out of the lists, its focus session ended, or back; cannot be cleared. */
  hidden?: boolean | null | undefined;
  /** Which task. */
  id: string;
  /** Null is MEDIUM. */
  priority?: Priority | null | undefined;
  /** Makes it recur, or changes how it does; null ends the series. Needs a scope when it recurs already. */
  recurrence?: RecurrenceInput | null | undefined;
  /** What the new recurrence reaches. */
  recurrenceScope?: RecurrenceScope | null | undefined;
  /** At most 20, each 1–30 characters. */
  tags?: Array<string> | null | undefined;
  /** 1–200 characters; cannot be cleared. */
  title?: string | null | undefined;
  /** The version that the caller saw. */
  version: number;
};

/** What to change: an omitted field stays, null clears. */
export type UpdateTaskTemplateInput = {
  /** False pauses it, true resumes it; cannot be cleared. */
  active?: boolean | null | undefined;
  /** Up to 1,000 characters on the free plan, 2,000 on Pro. */
  description?: string | null | undefined;
  /** Minutes, 1–720. */
  estimatedMinutes?: number | null | undefined;
  /** Which template. */
  id: string;
  /** Null is MEDIUM. */
  priority?: Priority | null | undefined;
  /** What each new task starts with, all of them: BEFORE or AFTER, at most 5. */
  reminders?: Array<NewReminderInput> | null | undefined;
  /** RFC 5545 RRULE; cannot be cleared. */
  rule?: string | null | undefined;
  /** What each new task starts with, in order; all of them. */
  subtasks?: Array<NewSubtaskInput> | null | undefined;
  /** At most 20, each 1–30 characters. */
  tags?: Array<string> | null | undefined;
  /** IANA time zone; null is the user's own. */
  timeZone?: string | null | undefined;
  /** 1–200 characters; cannot be cleared. */
  title?: string | null | undefined;
};

export type AchievementFieldsFragment = { id: string, name: string, description: string, unlockedAt: string | null, progress: number, threshold: number, perk: { kind: PerkKind, amount: number } | null };

export type AchievementsQueryVariables = Exact<{ [key: string]: never; }>;


export type AchievementsQuery = { achievements: { currentStreak: number, longestStreak: number, tasksCompleted: number, focusCompletions: number, notesConverted: number, voiceMinutes: number, achievements: Array<{ id: string, name: string, description: string, unlockedAt: string | null, progress: number, threshold: number, perk: { kind: PerkKind, amount: number } | null }>, limits: { tasks: number, subtasksPerTask: number, notes: number, dailyCredits: number } } };

export type ChangeFieldsFragment = { type: string, source: Source, entityType: string, entityId: string, at: string, entity:
    | { __typename: 'ChatMessage', id: string, state: ChatMessageState }
    | { __typename: 'Conversation', id: string, title: string }
    | { __typename: 'Notification', id: string, read: boolean }
    | { __typename: 'Reminder', id: string, scheduledFor: string | null }
    | { __typename: 'Subtask', id: string, title: string }
    | { __typename: 'Task', id: string, title: string, version: number }
    | { __typename: 'TaskTemplate', id: string, title: string }
   | null };

export type ChangesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ChangesQuery = { changes: { edges: Array<{ cursor: string, node: { type: string, source: Source, entityType: string, entityId: string, at: string, entity:
          | { __typename: 'ChatMessage', id: string, state: ChatMessageState }
          | { __typename: 'Conversation', id: string, title: string }
          | { __typename: 'Notification', id: string, read: boolean }
          | { __typename: 'Reminder', id: string, scheduledFor: string | null }
          | { __typename: 'Subtask', id: string, title: string }
          | { __typename: 'Task', id: string, title: string, version: number }
          | { __typename: 'TaskTemplate', id: string, title: string }
         | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, endCursor: string | null } } };

export type FollowChangesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FollowChangesSubscription = { changes: { cursor: string, node: { type: string, source: Source, entityType: string, entityId: string, at: string, entity:
        | { __typename: 'ChatMessage', id: string, state: ChatMessageState }
        | { __typename: 'Conversation', id: string, title: string }
        | { __typename: 'Notification', id: string, read: boolean }
        | { __typename: 'Reminder', id: string, scheduledFor: string | null }
        | { __typename: 'Subtask', id: string, title: string }
        | { __typename: 'Task', id: string, title: string, version: number }
        | { __typename: 'TaskTemplate', id: string, title: string }
       | null } } };

export type ActivityQueryVariables = Exact<{
  filter?: ActivityFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ActivityQuery = { activity: { totalCount: number, nodes: Array<{ id: string, type: string, source: Source, entityType: string, entityId: string, metadata: Record<string, unknown>, createdAt: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, endCursor: string | null } } };

export type ChatMessageFieldsFragment = { id: string, role: ChatRole, content: string, state: ChatMessageState, createdAt: string, task: { id: string, title: string } | null };

export type ConversationQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  last?: number | null | undefined;
}>;


export type ConversationQuery = { conversation: { id: string, title: string, createdAt: string, updatedAt: string, messages: { totalCount: number, nodes: Array<{ id: string, role: ChatRole, content: string, state: ChatMessageState, createdAt: string, task: { id: string, title: string } | null }> } } };

export type ConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConversationsQuery = { conversations: { totalCount: number, nodes: Array<{ id: string, title: string, createdAt: string, updatedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type StartConversationMutationVariables = Exact<{
  input?: StartConversationInput | null | undefined;
}>;


export type StartConversationMutation = { startConversation: { conversation: { id: string, title: string } } };

export type SendChatMessageMutationVariables = Exact<{
  input: SendChatMessageInput;
}>;


export type SendChatMessageMutation = { sendChatMessage: { creditsRemaining: number, requestsOnTask: number | null, warning: string | null, conversation: { id: string, title: string }, question: { id: string, role: ChatRole, content: string, state: ChatMessageState, createdAt: string, task: { id: string, title: string } | null }, answer: { id: string, role: ChatRole, content: string, state: ChatMessageState, createdAt: string, task: { id: string, title: string } | null } } };

export type StopChatMessageMutationVariables = Exact<{
  input: StopChatMessageInput;
}>;


export type StopChatMessageMutation = { stopChatMessage: { message: { id: string, role: ChatRole, content: string, state: ChatMessageState, createdAt: string, task: { id: string, title: string } | null } } };

export type ChatStreamSubscriptionVariables = Exact<{
  messageId: string;
  after?: number;
}>;


export type ChatStreamSubscription = { chatStream:
    | { __typename: 'ChatDelta', position: number, text: string }
    | { __typename: 'ChatFinished', position: number, creditsRemaining: number, error: string | null, message: { id: string, state: ChatMessageState, content: string } }
   };

export type CreditsQueryVariables = Exact<{ [key: string]: never; }>;


export type CreditsQuery = { credits: { total: number, daily: number, subscription: number, purchased: number, kickstart: number, held: number, dailyResetAt: string } };

export type CreditHistoryQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type CreditHistoryQuery = { creditHistory: { totalCount: number, nodes: Array<{ id: string, kind: CreditEntryKind, bucket: CreditBucket, amount: number, balanceAfter: number, reason: string, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FocusSessionFieldsFragment = { id: string, startedAt: string, endedAt: string | null, seconds: number, task: { id: string, title: string, focusSeconds: number } };

export type FocusSessionQueryVariables = Exact<{ [key: string]: never; }>;


export type FocusSessionQuery = { focusSession: { id: string, startedAt: string, endedAt: string | null, seconds: number, task: { id: string, title: string, focusSeconds: number } } | null };

export type StartFocusMutationVariables = Exact<{
  input: StartFocusInput;
}>;


export type StartFocusMutation = { startFocus: { session: { id: string, startedAt: string, endedAt: string | null, seconds: number, task: { id: string, title: string, focusSeconds: number } } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type EndFocusMutationVariables = Exact<{ [key: string]: never; }>;


export type EndFocusMutation = { endFocus: { session: { id: string, startedAt: string, endedAt: string | null, seconds: number, task: { id: string, title: string, focusSeconds: number } } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, email: string, name: string, avatarUrl: string | null, timeZone: string, preferences: Record<string, unknown>, tier: Tier, createdAt: string, limits: { tasks: number, subtasksPerTask: number, notes: number, remindersPerTask: number, descriptionLength: number, dailyCredits: number, voiceSeconds: number } } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { id: string, name: string, timeZone: string, preferences: Record<string, unknown> } } };

export type SessionFieldsFragment = { id: string, device: string | null, address: string | null, createdAt: string, lastUsedAt: string, expiresAt: string, current: boolean };

export type MySessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type MySessionsQuery = { mySessions: Array<{ id: string, device: string | null, address: string | null, createdAt: string, lastUsedAt: string, expiresAt: string, current: boolean }> };

export type EndSessionMutationVariables = Exact<{
  input: EndSessionInput;
}>;


export type EndSessionMutation = { endSession: { session: { id: string, device: string | null, address: string | null, createdAt: string, lastUsedAt: string, expiresAt: string, current: boolean } } };

export type SignOutEverywhereMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutEverywhereMutation = { signOutEverywhere: { revokedSessions: number } };

export type ReauthenticateMutationVariables = Exact<{
  accessToken: string;
}>;


export type ReauthenticateMutation = { reauthenticate: { expiresAt: string } };

export type NotificationFieldsFragment = { id: string, type: NotificationType, title: string, body: string, actionUrl: string | null, read: boolean, readAt: string | null, createdAt: string };

export type NotificationsQueryVariables = Exact<{
  filter?: NotificationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NotificationsQuery = { notifications: { totalCount: number, unreadCount: number, edges: Array<{ cursor: string, node: { id: string, type: NotificationType, title: string, body: string, actionUrl: string | null, read: boolean, readAt: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, endCursor: string | null } } };

export type MarkNotificationReadMutationVariables = Exact<{
  input: MarkNotificationReadInput;
}>;


export type MarkNotificationReadMutation = { markNotificationRead: { unreadCount: number, notification: { id: string, type: NotificationType, title: string, body: string, actionUrl: string | null, read: boolean, readAt: string | null, createdAt: string } } };

export type MarkAllNotificationsReadMutationVariables = Exact<{ [key: string]: never; }>;


export type MarkAllNotificationsReadMutation = { markAllNotificationsRead: { marked: number, unreadCount: number } };

export type RegisterPushSubscriptionMutationVariables = Exact<{
  input: RegisterPushSubscriptionInput;
}>;


export type RegisterPushSubscriptionMutation = { registerPushSubscription: { endpoint: string, vapidPublicKey: string } };

export type RemovePushSubscriptionMutationVariables = Exact<{
  input: RemovePushSubscriptionInput;
}>;


export type RemovePushSubscriptionMutation = { removePushSubscription: { endpoint: string, vapidPublicKey: string } };

export type NotificationAddedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NotificationAddedSubscription = { notificationAdded: { cursor: string, node: { id: string, type: NotificationType, title: string, body: string, actionUrl: string | null, read: boolean, readAt: string | null, createdAt: string } } };

export type AddReminderMutationVariables = Exact<{
  input: AddReminderInput;
}>;


export type AddReminderMutation = { addReminder: { reminder: { id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type UpdateReminderMutationVariables = Exact<{
  input: UpdateReminderInput;
}>;


export type UpdateReminderMutation = { updateReminder: { reminder: { id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type RemoveReminderMutationVariables = Exact<{
  input: RemoveReminderInput;
}>;


export type RemoveReminderMutation = { removeReminder: { reminder: { id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type SubtaskFieldsFragment = { id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string };

export type TaskFieldsFragment = { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null };

export type ReminderFieldsFragment = { id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState };

export type TaskQueryVariables = Exact<{
  id: string;
}>;


export type TaskQuery = { task: { subtaskCount: number, completedSubtaskCount: number, id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } };

export type TasksQueryVariables = Exact<{
  filter?: TaskFilter | null | undefined;
  orderBy?: TaskOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type TasksQuery = { tasks: { totalCount: number, nodes: Array<{ id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null }>, edges: Array<{ cursor: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type CreateTaskMutationVariables = Exact<{
  input: CreateTaskInput;
}>;


export type CreateTaskMutation = { createTask: { task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type UpdateTaskMutationVariables = Exact<{
  input: UpdateTaskInput;
}>;


export type UpdateTaskMutation = { updateTask: { task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type CompleteTaskMutationVariables = Exact<{
  input: CompleteTaskInput;
}>;


export type CompleteTaskMutation = { completeTask: { nextInstanceWaiting: string | null, streak: number, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null }, nextInstance: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null, unlockedAchievements: Array<{ id: string }> } };

export type ReopenTaskMutationVariables = Exact<{
  input: ReopenTaskInput;
}>;


export type ReopenTaskMutation = { reopenTask: { task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type DeleteTaskMutationVariables = Exact<{
  input: DeleteTaskInput;
}>;


export type DeleteTaskMutation = { deleteTask: { deletedId: string, nextInstanceWaiting: string | null, deletedItem: { id: string, type: DeletedItemType, entityId: string, title: string, deletedAt: string } | null, nextInstance: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type DeletedItemFieldsFragment = { id: string, type: DeletedItemType, entityId: string, title: string, deletedAt: string };

export type DeletedItemsQueryVariables = Exact<{ [key: string]: never; }>;


export type DeletedItemsQuery = { deletedItems: Array<{ id: string, type: DeletedItemType, entityId: string, title: string, deletedAt: string }> };

export type RestoreDeletedMutationVariables = Exact<{
  input: RestoreDeletedInput;
}>;


export type RestoreDeletedMutation = { restoreDeleted: { item: { __typename: 'Task', id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type AddSubtaskMutationVariables = Exact<{
  input: AddSubtaskInput;
}>;


export type AddSubtaskMutation = { addSubtask: { subtask: { id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string } | null, task: { id: string, version: number, completed: boolean } } };

export type UpdateSubtaskMutationVariables = Exact<{
  input: UpdateSubtaskInput;
}>;


export type UpdateSubtaskMutation = { updateSubtask: { nextInstanceWaiting: string | null, subtask: { id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string } | null, task: { id: string, version: number, completed: boolean, completedBy: CompletedBy | null }, unlockedAchievements: Array<{ id: string }>, nextInstance: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type RemoveSubtaskMutationVariables = Exact<{
  input: RemoveSubtaskInput;
}>;


export type RemoveSubtaskMutation = { removeSubtask: { subtask: { id: string } | null, task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type ReorderSubtasksMutationVariables = Exact<{
  input: ReorderSubtasksInput;
}>;


export type ReorderSubtasksMutation = { reorderSubtasks: { task: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } } };

export type TaskTemplateFieldsFragment = { id: string, title: string, description: string, priority: Priority, estimatedMinutes: number | null, tags: Array<string>, rule: string, ruleText: string, timeZone: string, nextOccurrences: Array<string>, active: boolean, createdAt: string, subtasks: Array<{ title: string, estimatedMinutes: number | null, order: number }>, reminders: Array<{ type: ReminderType, offsetMinutes: number, method: ReminderMethod }> };

export type TaskTemplateQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TaskTemplateQuery = { taskTemplate: { id: string, title: string, description: string, priority: Priority, estimatedMinutes: number | null, tags: Array<string>, rule: string, ruleText: string, timeZone: string, nextOccurrences: Array<string>, active: boolean, createdAt: string, instances: { totalCount: number, nodes: Array<{ id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, subtasks: Array<{ title: string, estimatedMinutes: number | null, order: number }>, reminders: Array<{ type: ReminderType, offsetMinutes: number, method: ReminderMethod }> } };

export type TaskTemplatesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TaskTemplatesQuery = { taskTemplates: { totalCount: number, nodes: Array<{ id: string, title: string, description: string, priority: Priority, estimatedMinutes: number | null, tags: Array<string>, rule: string, ruleText: string, timeZone: string, nextOccurrences: Array<string>, active: boolean, createdAt: string, subtasks: Array<{ title: string, estimatedMinutes: number | null, order: number }>, reminders: Array<{ type: ReminderType, offsetMinutes: number, method: ReminderMethod }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PreviewRecurrenceQueryVariables = Exact<{
  rule: string;
  timeZone?: string | null | undefined;
  from?: string | null | undefined;
}>;


export type PreviewRecurrenceQuery = { previewRecurrence: { text: string, occurrences: Array<string> } };

export type CreateTaskTemplateMutationVariables = Exact<{
  input: CreateTaskTemplateInput;
}>;


export type CreateTaskTemplateMutation = { createTaskTemplate: { template: { id: string, title: string, description: string, priority: Priority, estimatedMinutes: number | null, tags: Array<string>, rule: string, ruleText: string, timeZone: string, nextOccurrences: Array<string>, active: boolean, createdAt: string, subtasks: Array<{ title: string, estimatedMinutes: number | null, order: number }>, reminders: Array<{ type: ReminderType, offsetMinutes: number, method: ReminderMethod }> }, instance: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type UpdateTaskTemplateMutationVariables = Exact<{
  input: UpdateTaskTemplateInput;
}>;


export type UpdateTaskTemplateMutation = { updateTaskTemplate: { nextInstanceWaiting: string | null, template: { id: string, title: string, description: string, priority: Priority, estimatedMinutes: number | null, tags: Array<string>, rule: string, ruleText: string, timeZone: string, nextOccurrences: Array<string>, active: boolean, createdAt: string, subtasks: Array<{ title: string, estimatedMinutes: number | null, order: number }>, reminders: Array<{ type: ReminderType, offsetMinutes: number, method: ReminderMethod }> }, instance: { id: string, title: string, description: string, priority: Priority, dueDate: string | null, tags: Array<string>, estimatedMinutes: number | null, focusSeconds: number, completed: boolean, completedAt: string | null, completedBy: CompletedBy | null, hidden: boolean, archived: boolean, version: number, createdAt: string, updatedAt: string, subtasks: Array<{ id: string, title: string, completed: boolean, completedAt: string | null, order: number, estimatedMinutes: number | null, source: Source, createdAt: string }>, reminders: Array<{ id: string, type: ReminderType, offsetMinutes: number | null, method: ReminderMethod, scheduledFor: string | null, state: ReminderState }>, template: { id: string, active: boolean, rule: string } | null } | null } };

export type DeleteTaskTemplateMutationVariables = Exact<{
  input: DeleteTaskTemplateInput;
}>;


export type DeleteTaskTemplateMutation = { deleteTaskTemplate: { deletedId: string } };

export const AchievementFieldsFragmentDoc = gql`
    fragment AchievementFields on Achievement {
  id
  name
  description
  perk {
    kind
    amount
  }
  unlockedAt
  progress
  threshold
}
    `;
export const ChangeFieldsFragmentDoc = gql`
    fragment ChangeFields on Change {
  type
  source
  entityType
  entityId
  at
  entity {
    __typename
    ... on Task {
      id
      title
      version
    }
    ... on Subtask {
      id
      title
    }
    ... on TaskTemplate {
      id
      title
    }
    ... on Reminder {
      id
      scheduledFor
    }
    ... on Conversation {
      id
      title
    }
    ... on ChatMessage {
      id
      state
    }
    ... on Notification {
      id
      read
    }
  }
}
    `;
export const ChatMessageFieldsFragmentDoc = gql`
    fragment ChatMessageFields on ChatMessage {
  id
  role
  content
  state
  createdAt
  task {
    id
    title
  }
}
    `;
export const FocusSessionFieldsFragmentDoc = gql`
    fragment FocusSessionFields on FocusSession {
  id
  startedAt
  endedAt
  seconds
  task {
    id
    title
    focusSeconds
  }
}
    `;
export const SessionFieldsFragmentDoc = gql`
    fragment SessionFields on Session {
  id
  device
  address
  createdAt
  lastUsedAt
  expiresAt
  current
}
    `;
export const NotificationFieldsFragmentDoc = gql`
    fragment NotificationFields on Notification {
  id
  type
  title
  body
  actionUrl
  read
  readAt
  createdAt
}
    `;
export const SubtaskFieldsFragmentDoc = gql`
    fragment SubtaskFields on Subtask {
  id
  title
  completed
  completedAt
  order
  estimatedMinutes
  source
  createdAt
}
    `;
export const ReminderFieldsFragmentDoc = gql`
    fragment ReminderFields on Reminder {
  id
  type
  offsetMinutes
  method
  scheduledFor
  state
}
    `;
export const TaskFieldsFragmentDoc = gql`
    fragment TaskFields on Task {
  id
  title
  description
  priority
  dueDate
  tags
  estimatedMinutes
  focusSeconds
  completed
  completedAt
  completedBy
  hidden
  archived
  version
  createdAt
  updatedAt
  subtasks {
    ...SubtaskFields
  }
  reminders {
    ...ReminderFields
  }
  template {
    id
    active
    rule
  }
}
    `;
export const DeletedItemFieldsFragmentDoc = gql`
    fragment DeletedItemFields on DeletedItem {
  id
  type
  entityId
  title
  deletedAt
}
    `;
export const TaskTemplateFieldsFragmentDoc = gql`
    fragment TaskTemplateFields on TaskTemplate {
  id
  title
  description
  priority
  estimatedMinutes
  tags
  rule
  ruleText
  timeZone
  nextOccurrences
  active
  createdAt
  subtasks {
    title
    estimatedMinutes
    order
  }
  reminders {
    type
    offsetMinutes
    method
  }
}
    `;
export const AchievementsDocument = gql`
    query Achievements {
  achievements {
    currentStreak
    longestStreak
    tasksCompleted
    focusCompletions
    notesConverted
    voiceMinutes
    achievements {
      ...AchievementFields
    }
    limits {
      tasks
      subtasksPerTask
      notes
      dailyCredits
    }
  }
}
    ${AchievementFieldsFragmentDoc}`;

/**
 * __useAchievementsQuery__
 *
 * To run a query within a React component, call `useAchievementsQuery` and pass it any options that fit your needs.
 * When your component renders, `useAchievementsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useAchievementsQuery({
 *   variables: {
 *   },
 * });
 */
export function useAchievementsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<AchievementsQuery, AchievementsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<AchievementsQuery, AchievementsQueryVariables>(AchievementsDocument, options);
      }
export function useAchievementsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<AchievementsQuery, AchievementsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<AchievementsQuery, AchievementsQueryVariables>(AchievementsDocument, options);
        }
// @ts-ignore
export function useAchievementsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<AchievementsQuery, AchievementsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<AchievementsQuery, AchievementsQueryVariables>;
export function useAchievementsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<AchievementsQuery, AchievementsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<AchievementsQuery | undefined, AchievementsQueryVariables>;
export function useAchievementsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<AchievementsQuery, AchievementsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<AchievementsQuery, AchievementsQueryVariables>(AchievementsDocument, options);
        }
export type AchievementsQueryHookResult = ReturnType<typeof useAchievementsQuery>;
export type AchievementsLazyQueryHookResult = ReturnType<typeof useAchievementsLazyQuery>;
export type AchievementsSuspenseQueryHookResult = ReturnType<typeof useAchievementsSuspenseQuery>;
export type AchievementsQueryResult = ApolloReactCommon.QueryResult<AchievementsQuery, AchievementsQueryVariables>;
export const ChangesDocument = gql`
    query Changes($first: Int, $after: String) {
  changes(first: $first, after: $after) {
    edges {
      cursor
      node {
        ...ChangeFields
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      endCursor
    }
  }
}
    ${ChangeFieldsFragmentDoc}`;

/**
 * __useChangesQuery__
 *
 * To run a query within a React component, call `useChangesQuery` and pass it any options that fit your needs.
 * When your component renders, `useChangesQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useChangesQuery({
 *   variables: {
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useChangesQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<ChangesQuery, ChangesQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<ChangesQuery, ChangesQueryVariables>(ChangesDocument, options);
      }
export function useChangesLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<ChangesQuery, ChangesQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<ChangesQuery, ChangesQueryVariables>(ChangesDocument, options);
        }
// @ts-ignore
export function useChangesSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<ChangesQuery, ChangesQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ChangesQuery, ChangesQueryVariables>;
export function useChangesSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ChangesQuery, ChangesQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ChangesQuery | undefined, ChangesQueryVariables>;
export function useChangesSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ChangesQuery, ChangesQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<ChangesQuery, ChangesQueryVariables>(ChangesDocument, options);
        }
export type ChangesQueryHookResult = ReturnType<typeof useChangesQuery>;
export type ChangesLazyQueryHookResult = ReturnType<typeof useChangesLazyQuery>;
export type ChangesSuspenseQueryHookResult = ReturnType<typeof useChangesSuspenseQuery>;
export type ChangesQueryResult = ApolloReactCommon.QueryResult<ChangesQuery, ChangesQueryVariables>;
export const FollowChangesDocument = gql`
    subscription FollowChanges($after: String) {
  changes(after: $after) {
    cursor
    node {
      ...ChangeFields
    }
  }
}
    ${ChangeFieldsFragmentDoc}`;

/**
 * __useFollowChangesSubscription__
 *
 * To run a query within a React component, call `useFollowChangesSubscription` and pass it any options that fit your needs.
 * When your component renders, `useFollowChangesSubscription` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the subscription, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useFollowChangesSubscription({
 *   variables: {
 *      after: // value for 'after'
 *   },
 * });
 */
export function useFollowChangesSubscription(baseOptions?: ApolloReactHooks.SubscriptionHookOptions<FollowChangesSubscription, FollowChangesSubscriptionVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useSubscription<FollowChangesSubscription, FollowChangesSubscriptionVariables>(FollowChangesDocument, options);
      }
export type FollowChangesSubscriptionHookResult = ReturnType<typeof useFollowChangesSubscription>;
export type FollowChangesSubscriptionResult = ApolloReactCommon.SubscriptionResult<FollowChangesSubscription>;
export const ActivityDocument = gql`
    query Activity($filter: ActivityFilter, $first: Int, $after: String) {
  activity(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      id
      type
      source
      entityType
      entityId
      metadata
      createdAt
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      endCursor
    }
  }
}
    `;

/**
 * __useActivityQuery__
 *
 * To run a query within a React component, call `useActivityQuery` and pass it any options that fit your needs.
 * When your component renders, `useActivityQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useActivityQuery({
 *   variables: {
 *      filter: // value for 'filter'
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useActivityQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<ActivityQuery, ActivityQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<ActivityQuery, ActivityQueryVariables>(ActivityDocument, options);
      }
export function useActivityLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<ActivityQuery, ActivityQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<ActivityQuery, ActivityQueryVariables>(ActivityDocument, options);
        }
// @ts-ignore
export function useActivitySuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<ActivityQuery, ActivityQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ActivityQuery, ActivityQueryVariables>;
export function useActivitySuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ActivityQuery, ActivityQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ActivityQuery | undefined, ActivityQueryVariables>;
export function useActivitySuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ActivityQuery, ActivityQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<ActivityQuery, ActivityQueryVariables>(ActivityDocument, options);
        }
export type ActivityQueryHookResult = ReturnType<typeof useActivityQuery>;
export type ActivityLazyQueryHookResult = ReturnType<typeof useActivityLazyQuery>;
export type ActivitySuspenseQueryHookResult = ReturnType<typeof useActivitySuspenseQuery>;
export type ActivityQueryResult = ApolloReactCommon.QueryResult<ActivityQuery, ActivityQueryVariables>;
export const ConversationDocument = gql`
    query Conversation($id: ID!, $first: Int, $last: Int) {
  conversation(id: $id) {
    id
    title
    createdAt
    updatedAt
    messages(first: $first, last: $last) {
      totalCount
      nodes {
        ...ChatMessageFields
      }
    }
  }
}
    ${ChatMessageFieldsFragmentDoc}`;

/**
 * __useConversationQuery__
 *
 * To run a query within a React component, call `useConversationQuery` and pass it any options that fit your needs.
 * When your component renders, `useConversationQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useConversationQuery({
 *   variables: {
 *      id: // value for 'id'
 *      first: // value for 'first'
 *      last: // value for 'last'
 *   },
 * });
 */
export function useConversationQuery(baseOptions: ApolloReactHooks.QueryHookOptions<ConversationQuery, ConversationQueryVariables> & ({ variables: ConversationQueryVariables; skip?: boolean; } | { skip: boolean; }) ) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<ConversationQuery, ConversationQueryVariables>(ConversationDocument, options);
      }
export function useConversationLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<ConversationQuery, ConversationQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<ConversationQuery, ConversationQueryVariables>(ConversationDocument, options);
        }
// @ts-ignore
export function useConversationSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<ConversationQuery, ConversationQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ConversationQuery, ConversationQueryVariables>;
export function useConversationSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ConversationQuery, ConversationQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ConversationQuery | undefined, ConversationQueryVariables>;
export function useConversationSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ConversationQuery, ConversationQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<ConversationQuery, ConversationQueryVariables>(ConversationDocument, options);
        }
export type ConversationQueryHookResult = ReturnType<typeof useConversationQuery>;
export type ConversationLazyQueryHookResult = ReturnType<typeof useConversationLazyQuery>;
export type ConversationSuspenseQueryHookResult = ReturnType<typeof useConversationSuspenseQuery>;
export type ConversationQueryResult = ApolloReactCommon.QueryResult<ConversationQuery, ConversationQueryVariables>;
export const ConversationsDocument = gql`
    query Conversations($first: Int, $after: String) {
  conversations(first: $first, after: $after) {
    totalCount
    nodes {
      id
      title
      createdAt
      updatedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `;

/**
 * __useConversationsQuery__
 *
 * To run a query within a React component, call `useConversationsQuery` and pass it any options that fit your needs.
 * When your component renders, `useConversationsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useConversationsQuery({
 *   variables: {
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useConversationsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<ConversationsQuery, ConversationsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<ConversationsQuery, ConversationsQueryVariables>(ConversationsDocument, options);
      }
export function useConversationsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<ConversationsQuery, ConversationsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<ConversationsQuery, ConversationsQueryVariables>(ConversationsDocument, options);
        }
// @ts-ignore
export function useConversationsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<ConversationsQuery, ConversationsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ConversationsQuery, ConversationsQueryVariables>;
export function useConversationsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ConversationsQuery, ConversationsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<ConversationsQuery | undefined, ConversationsQueryVariables>;
export function useConversationsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<ConversationsQuery, ConversationsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<ConversationsQuery, ConversationsQueryVariables>(ConversationsDocument, options);
        }
export type ConversationsQueryHookResult = ReturnType<typeof useConversationsQuery>;
export type ConversationsLazyQueryHookResult = ReturnType<typeof useConversationsLazyQuery>;
export type ConversationsSuspenseQueryHookResult = ReturnType<typeof useConversationsSuspenseQuery>;
export type ConversationsQueryResult = ApolloReactCommon.QueryResult<ConversationsQuery, ConversationsQueryVariables>;
export const StartConversationDocument = gql`
    mutation StartConversation($input: StartConversationInput) {
  startConversation(input: $input) {
    conversation {
      id
      title
    }
  }
}
    `;

/**
 * __useStartConversationMutation__
 *
 * To run a mutation, you first call `useStartConversationMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useStartConversationMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [startConversationMutation, { data, loading, error }] = useStartConversationMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useStartConversationMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<StartConversationMutation, StartConversationMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<StartConversationMutation, StartConversationMutationVariables>(StartConversationDocument, options);
      }
export type StartConversationMutationHookResult = ReturnType<typeof useStartConversationMutation>;
export type StartConversationMutationResult = ApolloReactCommon.MutationResult<StartConversationMutation>;
export const SendChatMessageDocument = gql`
    mutation SendChatMessage($input: SendChatMessageInput!) {
  sendChatMessage(input: $input) {
    conversation {
      id
      title
    }
    question {
      ...ChatMessageFields
    }
    answer {
      ...ChatMessageFields
    }
    creditsRemaining
    requestsOnTask
    warning
  }
}
    ${ChatMessageFieldsFragmentDoc}`;

/**
 * __useSendChatMessageMutation__
 *
 * To run a mutation, you first call `useSendChatMessageMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useSendChatMessageMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [sendChatMessageMutation, { data, loading, error }] = useSendChatMessageMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useSendChatMessageMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<SendChatMessageMutation, SendChatMessageMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<SendChatMessageMutation, SendChatMessageMutationVariables>(SendChatMessageDocument, options);
      }
export type SendChatMessageMutationHookResult = ReturnType<typeof useSendChatMessageMutation>;
export type SendChatMessageMutationResult = ApolloReactCommon.MutationResult<SendChatMessageMutation>;
export const StopChatMessageDocument = gql`
    mutation StopChatMessage($input: StopChatMessageInput!) {
  stopChatMessage(input: $input) {
    message {
      ...ChatMessageFields
    }
  }
}
    ${ChatMessageFieldsFragmentDoc}`;

/**
 * __useStopChatMessageMutation__
 *
 * To run a mutation, you first call `useStopChatMessageMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useStopChatMessageMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [stopChatMessageMutation, { data, loading, error }] = useStopChatMessageMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useStopChatMessageMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<StopChatMessageMutation, StopChatMessageMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<StopChatMessageMutation, StopChatMessageMutationVariables>(StopChatMessageDocument, options);
      }
export type StopChatMessageMutationHookResult = ReturnType<typeof useStopChatMessageMutation>;
export type StopChatMessageMutationResult = ApolloReactCommon.MutationResult<StopChatMessageMutation>;
export const ChatStreamDocument = gql`
    subscription ChatStream($messageId: ID!, $after: Int! = 0) {
  chatStream(messageId: $messageId, after: $after) {
    __typename
    ... on ChatDelta {
      position
      text
    }
    ... on ChatFinished {
      position
      creditsRemaining
      error
      message {
        id
        state
        content
      }
    }
  }
}
    `;

/**
 * __useChatStreamSubscription__
 *
 * To run a query within a React component, call `useChatStreamSubscription` and pass it any options that fit your needs.
 * When your component renders, `useChatStreamSubscription` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the subscription, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useChatStreamSubscription({
 *   variables: {
 *      messageId: // value for 'messageId'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useChatStreamSubscription(baseOptions: ApolloReactHooks.SubscriptionHookOptions<ChatStreamSubscription, ChatStreamSubscriptionVariables> & ({ variables: ChatStreamSubscriptionVariables; skip?: boolean; } | { skip: boolean; }) ) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useSubscription<ChatStreamSubscription, ChatStreamSubscriptionVariables>(ChatStreamDocument, options);
      }
export type ChatStreamSubscriptionHookResult = ReturnType<typeof useChatStreamSubscription>;
export type ChatStreamSubscriptionResult = ApolloReactCommon.SubscriptionResult<ChatStreamSubscription>;
export const CreditsDocument = gql`
    query Credits {
  credits {
    total
    daily
    subscription
    purchased
    kickstart
    held
    dailyResetAt
  }
}
    `;

/**
 * __useCreditsQuery__
 *
 * To run a query within a React component, call `useCreditsQuery` and pass it any options that fit your needs.
 * When your component renders, `useCreditsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useCreditsQuery({
 *   variables: {
 *   },
 * });
 */
export function useCreditsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<CreditsQuery, CreditsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<CreditsQuery, CreditsQueryVariables>(CreditsDocument, options);
      }
export function useCreditsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<CreditsQuery, CreditsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<CreditsQuery, CreditsQueryVariables>(CreditsDocument, options);
        }
// @ts-ignore
export function useCreditsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<CreditsQuery, CreditsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<CreditsQuery, CreditsQueryVariables>;
export function useCreditsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<CreditsQuery, CreditsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<CreditsQuery | undefined, CreditsQueryVariables>;
export function useCreditsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<CreditsQuery, CreditsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<CreditsQuery, CreditsQueryVariables>(CreditsDocument, options);
        }
export type CreditsQueryHookResult = ReturnType<typeof useCreditsQuery>;
export type CreditsLazyQueryHookResult = ReturnType<typeof useCreditsLazyQuery>;
export type CreditsSuspenseQueryHookResult = ReturnType<typeof useCreditsSuspenseQuery>;
export type CreditsQueryResult = ApolloReactCommon.QueryResult<CreditsQuery, CreditsQueryVariables>;
export const CreditHistoryDocument = gql`
    query CreditHistory($first: Int, $after: String) {
  creditHistory(first: $first, after: $after) {
    totalCount
    nodes {
      id
      kind
      bucket
      amount
      balanceAfter
      reason
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `;

/**
 * __useCreditHistoryQuery__
 *
 * To run a query within a React component, call `useCreditHistoryQuery` and pass it any options that fit your needs.
 * When your component renders, `useCreditHistoryQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useCreditHistoryQuery({
 *   variables: {
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useCreditHistoryQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<CreditHistoryQuery, CreditHistoryQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<CreditHistoryQuery, CreditHistoryQueryVariables>(CreditHistoryDocument, options);
      }
export function useCreditHistoryLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<CreditHistoryQuery, CreditHistoryQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<CreditHistoryQuery, CreditHistoryQueryVariables>(CreditHistoryDocument, options);
        }
// @ts-ignore
export function useCreditHistorySuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<CreditHistoryQuery, CreditHistoryQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<CreditHistoryQuery, CreditHistoryQueryVariables>;
export function useCreditHistorySuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<CreditHistoryQuery, CreditHistoryQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<CreditHistoryQuery | undefined, CreditHistoryQueryVariables>;
export function useCreditHistorySuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<CreditHistoryQuery, CreditHistoryQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<CreditHistoryQuery, CreditHistoryQueryVariables>(CreditHistoryDocument, options);
        }
export type CreditHistoryQueryHookResult = ReturnType<typeof useCreditHistoryQuery>;
export type CreditHistoryLazyQueryHookResult = ReturnType<typeof useCreditHistoryLazyQuery>;
export type CreditHistorySuspenseQueryHookResult = ReturnType<typeof useCreditHistorySuspenseQuery>;
export type CreditHistoryQueryResult = ApolloReactCommon.QueryResult<CreditHistoryQuery, CreditHistoryQueryVariables>;
export const FocusSessionDocument = gql`
    query FocusSession {
  focusSession {
    ...FocusSessionFields
  }
}
    ${FocusSessionFieldsFragmentDoc}`;

/**
 * __useFocusSessionQuery__
 *
 * To run a query within a React component, call `useFocusSessionQuery` and pass it any options that fit your needs.
 * When your component renders, `useFocusSessionQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useFocusSessionQuery({
 *   variables: {
 *   },
 * });
 */
export function useFocusSessionQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<FocusSessionQuery, FocusSessionQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<FocusSessionQuery, FocusSessionQueryVariables>(FocusSessionDocument, options);
      }
export function useFocusSessionLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<FocusSessionQuery, FocusSessionQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<FocusSessionQuery, FocusSessionQueryVariables>(FocusSessionDocument, options);
        }
// @ts-ignore
export function useFocusSessionSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<FocusSessionQuery, FocusSessionQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<FocusSessionQuery, FocusSessionQueryVariables>;
export function useFocusSessionSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<FocusSessionQuery, FocusSessionQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<FocusSessionQuery | undefined, FocusSessionQueryVariables>;
export function useFocusSessionSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<FocusSessionQuery, FocusSessionQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<FocusSessionQuery, FocusSessionQueryVariables>(FocusSessionDocument, options);
        }
export type FocusSessionQueryHookResult = ReturnType<typeof useFocusSessionQuery>;
export type FocusSessionLazyQueryHookResult = ReturnType<typeof useFocusSessionLazyQuery>;
export type FocusSessionSuspenseQueryHookResult = ReturnType<typeof useFocusSessionSuspenseQuery>;
export type FocusSessionQueryResult = ApolloReactCommon.QueryResult<FocusSessionQuery, FocusSessionQueryVariables>;
export const StartFocusDocument = gql`
    mutation StartFocus($input: StartFocusInput!) {
  startFocus(input: $input) {
    session {
      ...FocusSessionFields
    }
    task {
      ...TaskFields
    }
  }
}
    ${FocusSessionFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useStartFocusMutation__
 *
 * To run a mutation, you first call `useStartFocusMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useStartFocusMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [startFocusMutation, { data, loading, error }] = useStartFocusMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useStartFocusMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<StartFocusMutation, StartFocusMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<StartFocusMutation, StartFocusMutationVariables>(StartFocusDocument, options);
      }
export type StartFocusMutationHookResult = ReturnType<typeof useStartFocusMutation>;
export type StartFocusMutationResult = ApolloReactCommon.MutationResult<StartFocusMutation>;
export const EndFocusDocument = gql`
    mutation EndFocus {
  endFocus {
    session {
      ...FocusSessionFields
    }
    task {
      ...TaskFields
    }
  }
}
    ${FocusSessionFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useEndFocusMutation__
 *
 * To run a mutation, you first call `useEndFocusMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useEndFocusMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [endFocusMutation, { data, loading, error }] = useEndFocusMutation({
 *   variables: {
 *   },
 * });
 */
export function useEndFocusMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<EndFocusMutation, EndFocusMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<EndFocusMutation, EndFocusMutationVariables>(EndFocusDocument, options);
      }
export type EndFocusMutationHookResult = ReturnType<typeof useEndFocusMutation>;
export type EndFocusMutationResult = ApolloReactCommon.MutationResult<EndFocusMutation>;
export const MeDocument = gql`
    query Me {
  me {
    id
    email
    name
    avatarUrl
    timeZone
    preferences
    tier
    createdAt
    limits {
      tasks
      subtasksPerTask
      notes
      remindersPerTask
      descriptionLength
      dailyCredits
      voiceSeconds
    }
  }
}
    `;

/**
 * __useMeQuery__
 *
 * To run a query within a React component, call `useMeQuery` and pass it any options that fit your needs.
 * When your component renders, `useMeQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useMeQuery({
 *   variables: {
 *   },
 * });
 */
export function useMeQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<MeQuery, MeQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<MeQuery, MeQueryVariables>(MeDocument, options);
      }
export function useMeLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<MeQuery, MeQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<MeQuery, MeQueryVariables>(MeDocument, options);
        }
// @ts-ignore
export function useMeSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<MeQuery, MeQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<MeQuery, MeQueryVariables>;
export function useMeSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<MeQuery, MeQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<MeQuery | undefined, MeQueryVariables>;
export function useMeSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<MeQuery, MeQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<MeQuery, MeQueryVariables>(MeDocument, options);
        }
export type MeQueryHookResult = ReturnType<typeof useMeQuery>;
export type MeLazyQueryHookResult = ReturnType<typeof useMeLazyQuery>;
export type MeSuspenseQueryHookResult = ReturnType<typeof useMeSuspenseQuery>;
export type MeQueryResult = ApolloReactCommon.QueryResult<MeQuery, MeQueryVariables>;
export const UpdateProfileDocument = gql`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    user {
      id
      name
      timeZone
      preferences
    }
  }
}
    `;

/**
 * __useUpdateProfileMutation__
 *
 * To run a mutation, you first call `useUpdateProfileMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useUpdateProfileMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [updateProfileMutation, { data, loading, error }] = useUpdateProfileMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useUpdateProfileMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<UpdateProfileMutation, UpdateProfileMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<UpdateProfileMutation, UpdateProfileMutationVariables>(UpdateProfileDocument, options);
      }
export type UpdateProfileMutationHookResult = ReturnType<typeof useUpdateProfileMutation>;
export type UpdateProfileMutationResult = ApolloReactCommon.MutationResult<UpdateProfileMutation>;
export const MySessionsDocument = gql`
    query MySessions {
  mySessions {
    ...SessionFields
  }
}
    ${SessionFieldsFragmentDoc}`;

/**
 * __useMySessionsQuery__
 *
 * To run a query within a React component, call `useMySessionsQuery` and pass it any options that fit your needs.
 * When your component renders, `useMySessionsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useMySessionsQuery({
 *   variables: {
 *   },
 * });
 */
export function useMySessionsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<MySessionsQuery, MySessionsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<MySessionsQuery, MySessionsQueryVariables>(MySessionsDocument, options);
      }
export function useMySessionsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<MySessionsQuery, MySessionsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<MySessionsQuery, MySessionsQueryVariables>(MySessionsDocument, options);
        }
// @ts-ignore
export function useMySessionsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<MySessionsQuery, MySessionsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<MySessionsQuery, MySessionsQueryVariables>;
export function useMySessionsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<MySessionsQuery, MySessionsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<MySessionsQuery | undefined, MySessionsQueryVariables>;
export function useMySessionsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<MySessionsQuery, MySessionsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<MySessionsQuery, MySessionsQueryVariables>(MySessionsDocument, options);
        }
export type MySessionsQueryHookResult = ReturnType<typeof useMySessionsQuery>;
export type MySessionsLazyQueryHookResult = ReturnType<typeof useMySessionsLazyQuery>;
export type MySessionsSuspenseQueryHookResult = ReturnType<typeof useMySessionsSuspenseQuery>;
export type MySessionsQueryResult = ApolloReactCommon.QueryResult<MySessionsQuery, MySessionsQueryVariables>;
export const EndSessionDocument = gql`
    mutation EndSession($input: EndSessionInput!) {
  endSession(input: $input) {
    session {
      ...SessionFields
    }
  }
}
    ${SessionFieldsFragmentDoc}`;

/**
 * __useEndSessionMutation__
 *
 * To run a mutation, you first call `useEndSessionMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useEndSessionMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [endSessionMutation, { data, loading, error }] = useEndSessionMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useEndSessionMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<EndSessionMutation, EndSessionMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<EndSessionMutation, EndSessionMutationVariables>(EndSessionDocument, options);
      }
export type EndSessionMutationHookResult = ReturnType<typeof useEndSessionMutation>;
export type EndSessionMutationResult = ApolloReactCommon.MutationResult<EndSessionMutation>;
export const SignOutEverywhereDocument = gql`
    mutation SignOutEverywhere {
  signOutEverywhere {
    revokedSessions
  }
}
    `;

/**
 * __useSignOutEverywhereMutation__
 *
 * To run a mutation, you first call `useSignOutEverywhereMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useSignOutEverywhereMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [signOutEverywhereMutation, { data, loading, error }] = useSignOutEverywhereMutation({
 *   variables: {
 *   },
 * });
 */
export function useSignOutEverywhereMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<SignOutEverywhereMutation, SignOutEverywhereMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<SignOutEverywhereMutation, SignOutEverywhereMutationVariables>(SignOutEverywhereDocument, options);
      }
export type SignOutEverywhereMutationHookResult = ReturnType<typeof useSignOutEverywhereMutation>;
export type SignOutEverywhereMutationResult = ApolloReactCommon.MutationResult<SignOutEverywhereMutation>;
export const ReauthenticateDocument = gql`
    mutation Reauthenticate($accessToken: String!) {
  reauthenticate(accessToken: $accessToken) {
    expiresAt
  }
}
    `;

/**
 * __useReauthenticateMutation__
 *
 * To run a mutation, you first call `useReauthenticateMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useReauthenticateMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [reauthenticateMutation, { data, loading, error }] = useReauthenticateMutation({
 *   variables: {
 *      accessToken: // value for 'accessToken'
 *   },
 * });
 */
export function useReauthenticateMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<ReauthenticateMutation, ReauthenticateMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<ReauthenticateMutation, ReauthenticateMutationVariables>(ReauthenticateDocument, options);
      }
export type ReauthenticateMutationHookResult = ReturnType<typeof useReauthenticateMutation>;
export type ReauthenticateMutationResult = ApolloReactCommon.MutationResult<ReauthenticateMutation>;
export const NotificationsDocument = gql`
    query Notifications($filter: NotificationFilter, $first: Int, $after: String) {
  notifications(filter: $filter, first: $first, after: $after) {
    totalCount
    unreadCount
    edges {
      cursor
      node {
        ...NotificationFields
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      endCursor
    }
  }
}
    ${NotificationFieldsFragmentDoc}`;

/**
 * __useNotificationsQuery__
 *
 * To run a query within a React component, call `useNotificationsQuery` and pass it any options that fit your needs.
 * When your component renders, `useNotificationsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useNotificationsQuery({
 *   variables: {
 *      filter: // value for 'filter'
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useNotificationsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<NotificationsQuery, NotificationsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<NotificationsQuery, NotificationsQueryVariables>(NotificationsDocument, options);
      }
export function useNotificationsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<NotificationsQuery, NotificationsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<NotificationsQuery, NotificationsQueryVariables>(NotificationsDocument, options);
        }
// @ts-ignore
export function useNotificationsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<NotificationsQuery, NotificationsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<NotificationsQuery, NotificationsQueryVariables>;
export function useNotificationsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<NotificationsQuery, NotificationsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<NotificationsQuery | undefined, NotificationsQueryVariables>;
export function useNotificationsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<NotificationsQuery, NotificationsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<NotificationsQuery, NotificationsQueryVariables>(NotificationsDocument, options);
        }
export type NotificationsQueryHookResult = ReturnType<typeof useNotificationsQuery>;
export type NotificationsLazyQueryHookResult = ReturnType<typeof useNotificationsLazyQuery>;
export type NotificationsSuspenseQueryHookResult = ReturnType<typeof useNotificationsSuspenseQuery>;
export type NotificationsQueryResult = ApolloReactCommon.QueryResult<NotificationsQuery, NotificationsQueryVariables>;
export const MarkNotificationReadDocument = gql`
    mutation MarkNotificationRead($input: MarkNotificationReadInput!) {
  markNotificationRead(input: $input) {
    notification {
      ...NotificationFields
    }
    unreadCount
  }
}
    ${NotificationFieldsFragmentDoc}`;

/**
 * __useMarkNotificationReadMutation__
 *
 * To run a mutation, you first call `useMarkNotificationReadMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useMarkNotificationReadMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [markNotificationReadMutation, { data, loading, error }] = useMarkNotificationReadMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useMarkNotificationReadMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<MarkNotificationReadMutation, MarkNotificationReadMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<MarkNotificationReadMutation, MarkNotificationReadMutationVariables>(MarkNotificationReadDocument, options);
      }
export type MarkNotificationReadMutationHookResult = ReturnType<typeof useMarkNotificationReadMutation>;
export type MarkNotificationReadMutationResult = ApolloReactCommon.MutationResult<MarkNotificationReadMutation>;
export const MarkAllNotificationsReadDocument = gql`
    mutation MarkAllNotificationsRead {
  markAllNotificationsRead {
    marked
    unreadCount
  }
}
    `;

/**
 * __useMarkAllNotificationsReadMutation__
 *
 * To run a mutation, you first call `useMarkAllNotificationsReadMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useMarkAllNotificationsReadMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [markAllNotificationsReadMutation, { data, loading, error }] = useMarkAllNotificationsReadMutation({
 *   variables: {
 *   },
 * });
 */
export function useMarkAllNotificationsReadMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables>(MarkAllNotificationsReadDocument, options);
      }
export type MarkAllNotificationsReadMutationHookResult = ReturnType<typeof useMarkAllNotificationsReadMutation>;
export type MarkAllNotificationsReadMutationResult = ApolloReactCommon.MutationResult<MarkAllNotificationsReadMutation>;
export const RegisterPushSubscriptionDocument = gql`
    mutation RegisterPushSubscription($input: RegisterPushSubscriptionInput!) {
  registerPushSubscription(input: $input) {
    endpoint
    vapidPublicKey
  }
}
    `;

/**
 * __useRegisterPushSubscriptionMutation__
 *
 * To run a mutation, you first call `useRegisterPushSubscriptionMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useRegisterPushSubscriptionMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [registerPushSubscriptionMutation, { data, loading, error }] = useRegisterPushSubscriptionMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useRegisterPushSubscriptionMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<RegisterPushSubscriptionMutation, RegisterPushSubscriptionMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<RegisterPushSubscriptionMutation, RegisterPushSubscriptionMutationVariables>(RegisterPushSubscriptionDocument, options);
      }
export type RegisterPushSubscriptionMutationHookResult = ReturnType<typeof useRegisterPushSubscriptionMutation>;
export type RegisterPushSubscriptionMutationResult = ApolloReactCommon.MutationResult<RegisterPushSubscriptionMutation>;
export const RemovePushSubscriptionDocument = gql`
    mutation RemovePushSubscription($input: RemovePushSubscriptionInput!) {
  removePushSubscription(input: $input) {
    endpoint
    vapidPublicKey
  }
}
    `;

/**
 * __useRemovePushSubscriptionMutation__
 *
 * To run a mutation, you first call `useRemovePushSubscriptionMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useRemovePushSubscriptionMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [removePushSubscriptionMutation, { data, loading, error }] = useRemovePushSubscriptionMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useRemovePushSubscriptionMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<RemovePushSubscriptionMutation, RemovePushSubscriptionMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<RemovePushSubscriptionMutation, RemovePushSubscriptionMutationVariables>(RemovePushSubscriptionDocument, options);
      }
export type RemovePushSubscriptionMutationHookResult = ReturnType<typeof useRemovePushSubscriptionMutation>;
export type RemovePushSubscriptionMutationResult = ApolloReactCommon.MutationResult<RemovePushSubscriptionMutation>;
export const NotificationAddedDocument = gql`
    subscription NotificationAdded($after: String) {
  notificationAdded(after: $after) {
    cursor
    node {
      ...NotificationFields
    }
  }
}
    ${NotificationFieldsFragmentDoc}`;

/**
 * __useNotificationAddedSubscription__
 *
 * To run a query within a React component, call `useNotificationAddedSubscription` and pass it any options that fit your needs.
 * When your component renders, `useNotificationAddedSubscription` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the subscription, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useNotificationAddedSubscription({
 *   variables: {
 *      after: // value for 'after'
 *   },
 * });
 */
export function useNotificationAddedSubscription(baseOptions?: ApolloReactHooks.SubscriptionHookOptions<NotificationAddedSubscription, NotificationAddedSubscriptionVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useSubscription<NotificationAddedSubscription, NotificationAddedSubscriptionVariables>(NotificationAddedDocument, options);
      }
export type NotificationAddedSubscriptionHookResult = ReturnType<typeof useNotificationAddedSubscription>;
export type NotificationAddedSubscriptionResult = ApolloReactCommon.SubscriptionResult<NotificationAddedSubscription>;
export const AddReminderDocument = gql`
    mutation AddReminder($input: AddReminderInput!) {
  addReminder(input: $input) {
    reminder {
      ...ReminderFields
    }
    task {
      ...TaskFields
    }
  }
}
    ${ReminderFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}`;

/**
 * __useAddReminderMutation__
 *
 * To run a mutation, you first call `useAddReminderMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useAddReminderMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [addReminderMutation, { data, loading, error }] = useAddReminderMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useAddReminderMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<AddReminderMutation, AddReminderMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<AddReminderMutation, AddReminderMutationVariables>(AddReminderDocument, options);
      }
export type AddReminderMutationHookResult = ReturnType<typeof useAddReminderMutation>;
export type AddReminderMutationResult = ApolloReactCommon.MutationResult<AddReminderMutation>;
export const UpdateReminderDocument = gql`
    mutation UpdateReminder($input: UpdateReminderInput!) {
  updateReminder(input: $input) {
    reminder {
      ...ReminderFields
    }
    task {
      ...TaskFields
    }
  }
}
    ${ReminderFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}`;

/**
 * __useUpdateReminderMutation__
 *
 * To run a mutation, you first call `useUpdateReminderMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useUpdateReminderMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [updateReminderMutation, { data, loading, error }] = useUpdateReminderMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useUpdateReminderMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<UpdateReminderMutation, UpdateReminderMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<UpdateReminderMutation, UpdateReminderMutationVariables>(UpdateReminderDocument, options);
      }
export type UpdateReminderMutationHookResult = ReturnType<typeof useUpdateReminderMutation>;
export type UpdateReminderMutationResult = ApolloReactCommon.MutationResult<UpdateReminderMutation>;
export const RemoveReminderDocument = gql`
    mutation RemoveReminder($input: RemoveReminderInput!) {
  removeReminder(input: $input) {
    reminder {
      ...ReminderFields
    }
    task {
      ...TaskFields
    }
  }
}
    ${ReminderFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}`;

/**
 * __useRemoveReminderMutation__
 *
 * To run a mutation, you first call `useRemoveReminderMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useRemoveReminderMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [removeReminderMutation, { data, loading, error }] = useRemoveReminderMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useRemoveReminderMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<RemoveReminderMutation, RemoveReminderMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<RemoveReminderMutation, RemoveReminderMutationVariables>(RemoveReminderDocument, options);
      }
export type RemoveReminderMutationHookResult = ReturnType<typeof useRemoveReminderMutation>;
export type RemoveReminderMutationResult = ApolloReactCommon.MutationResult<RemoveReminderMutation>;
export const TaskDocument = gql`
    query Task($id: ID!) {
  task(id: $id) {
    ...TaskFields
    subtaskCount
    completedSubtaskCount
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useTaskQuery__
 *
 * To run a query within a React component, call `useTaskQuery` and pass it any options that fit your needs.
 * When your component renders, `useTaskQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useTaskQuery({
 *   variables: {
 *      id: // value for 'id'
 *   },
 * });
 */
export function useTaskQuery(baseOptions: ApolloReactHooks.QueryHookOptions<TaskQuery, TaskQueryVariables> & ({ variables: TaskQueryVariables; skip?: boolean; } | { skip: boolean; }) ) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<TaskQuery, TaskQueryVariables>(TaskDocument, options);
      }
export function useTaskLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<TaskQuery, TaskQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<TaskQuery, TaskQueryVariables>(TaskDocument, options);
        }
// @ts-ignore
export function useTaskSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<TaskQuery, TaskQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskQuery, TaskQueryVariables>;
export function useTaskSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskQuery, TaskQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskQuery | undefined, TaskQueryVariables>;
export function useTaskSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskQuery, TaskQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<TaskQuery, TaskQueryVariables>(TaskDocument, options);
        }
export type TaskQueryHookResult = ReturnType<typeof useTaskQuery>;
export type TaskLazyQueryHookResult = ReturnType<typeof useTaskLazyQuery>;
export type TaskSuspenseQueryHookResult = ReturnType<typeof useTaskSuspenseQuery>;
export type TaskQueryResult = ApolloReactCommon.QueryResult<TaskQuery, TaskQueryVariables>;
export const TasksDocument = gql`
    query Tasks($filter: TaskFilter, $orderBy: TaskOrder, $first: Int, $after: String, $last: Int, $before: String) {
  tasks(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      ...TaskFields
    }
    edges {
      cursor
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useTasksQuery__
 *
 * To run a query within a React component, call `useTasksQuery` and pass it any options that fit your needs.
 * When your component renders, `useTasksQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useTasksQuery({
 *   variables: {
 *      filter: // value for 'filter'
 *      orderBy: // value for 'orderBy'
 *      first: // value for 'first'
 *      after: // value for 'after'
 *      last: // value for 'last'
 *      before: // value for 'before'
 *   },
 * });
 */
export function useTasksQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<TasksQuery, TasksQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<TasksQuery, TasksQueryVariables>(TasksDocument, options);
      }
export function useTasksLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<TasksQuery, TasksQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<TasksQuery, TasksQueryVariables>(TasksDocument, options);
        }
// @ts-ignore
export function useTasksSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<TasksQuery, TasksQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TasksQuery, TasksQueryVariables>;
export function useTasksSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TasksQuery, TasksQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TasksQuery | undefined, TasksQueryVariables>;
export function useTasksSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TasksQuery, TasksQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<TasksQuery, TasksQueryVariables>(TasksDocument, options);
        }
export type TasksQueryHookResult = ReturnType<typeof useTasksQuery>;
export type TasksLazyQueryHookResult = ReturnType<typeof useTasksLazyQuery>;
export type TasksSuspenseQueryHookResult = ReturnType<typeof useTasksSuspenseQuery>;
export type TasksQueryResult = ApolloReactCommon.QueryResult<TasksQuery, TasksQueryVariables>;
export const CreateTaskDocument = gql`
    mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    task {
      ...TaskFields
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useCreateTaskMutation__
 *
 * To run a mutation, you first call `useCreateTaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useCreateTaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [createTaskMutation, { data, loading, error }] = useCreateTaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useCreateTaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<CreateTaskMutation, CreateTaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<CreateTaskMutation, CreateTaskMutationVariables>(CreateTaskDocument, options);
      }
export type CreateTaskMutationHookResult = ReturnType<typeof useCreateTaskMutation>;
export type CreateTaskMutationResult = ApolloReactCommon.MutationResult<CreateTaskMutation>;
export const UpdateTaskDocument = gql`
    mutation UpdateTask($input: UpdateTaskInput!) {
  updateTask(input: $input) {
    task {
      ...TaskFields
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useUpdateTaskMutation__
 *
 * To run a mutation, you first call `useUpdateTaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useUpdateTaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [updateTaskMutation, { data, loading, error }] = useUpdateTaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useUpdateTaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<UpdateTaskMutation, UpdateTaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<UpdateTaskMutation, UpdateTaskMutationVariables>(UpdateTaskDocument, options);
      }
export type UpdateTaskMutationHookResult = ReturnType<typeof useUpdateTaskMutation>;
export type UpdateTaskMutationResult = ApolloReactCommon.MutationResult<UpdateTaskMutation>;
export const CompleteTaskDocument = gql`
    mutation CompleteTask($input: CompleteTaskInput!) {
  completeTask(input: $input) {
    task {
      ...TaskFields
    }
    nextInstance {
      ...TaskFields
    }
    nextInstanceWaiting
    unlockedAchievements {
      id
    }
    streak
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useCompleteTaskMutation__
 *
 * To run a mutation, you first call `useCompleteTaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useCompleteTaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [completeTaskMutation, { data, loading, error }] = useCompleteTaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useCompleteTaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<CompleteTaskMutation, CompleteTaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<CompleteTaskMutation, CompleteTaskMutationVariables>(CompleteTaskDocument, options);
      }
export type CompleteTaskMutationHookResult = ReturnType<typeof useCompleteTaskMutation>;
export type CompleteTaskMutationResult = ApolloReactCommon.MutationResult<CompleteTaskMutation>;
export const ReopenTaskDocument = gql`
    mutation ReopenTask($input: ReopenTaskInput!) {
  reopenTask(input: $input) {
    task {
      ...TaskFields
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useReopenTaskMutation__
 *
 * To run a mutation, you first call `useReopenTaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useReopenTaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [reopenTaskMutation, { data, loading, error }] = useReopenTaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useReopenTaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<ReopenTaskMutation, ReopenTaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<ReopenTaskMutation, ReopenTaskMutationVariables>(ReopenTaskDocument, options);
      }
export type ReopenTaskMutationHookResult = ReturnType<typeof useReopenTaskMutation>;
export type ReopenTaskMutationResult = ApolloReactCommon.MutationResult<ReopenTaskMutation>;
export const DeleteTaskDocument = gql`
    mutation DeleteTask($input: DeleteTaskInput!) {
  deleteTask(input: $input) {
    deletedId
    deletedItem {
      ...DeletedItemFields
    }
    nextInstance {
      ...TaskFields
    }
    nextInstanceWaiting
  }
}
    ${DeletedItemFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useDeleteTaskMutation__
 *
 * To run a mutation, you first call `useDeleteTaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useDeleteTaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [deleteTaskMutation, { data, loading, error }] = useDeleteTaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useDeleteTaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<DeleteTaskMutation, DeleteTaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<DeleteTaskMutation, DeleteTaskMutationVariables>(DeleteTaskDocument, options);
      }
export type DeleteTaskMutationHookResult = ReturnType<typeof useDeleteTaskMutation>;
export type DeleteTaskMutationResult = ApolloReactCommon.MutationResult<DeleteTaskMutation>;
export const DeletedItemsDocument = gql`
    query DeletedItems {
  deletedItems {
    ...DeletedItemFields
  }
}
    ${DeletedItemFieldsFragmentDoc}`;

/**
 * __useDeletedItemsQuery__
 *
 * To run a query within a React component, call `useDeletedItemsQuery` and pass it any options that fit your needs.
 * When your component renders, `useDeletedItemsQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useDeletedItemsQuery({
 *   variables: {
 *   },
 * });
 */
export function useDeletedItemsQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<DeletedItemsQuery, DeletedItemsQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<DeletedItemsQuery, DeletedItemsQueryVariables>(DeletedItemsDocument, options);
      }
export function useDeletedItemsLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<DeletedItemsQuery, DeletedItemsQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<DeletedItemsQuery, DeletedItemsQueryVariables>(DeletedItemsDocument, options);
        }
// @ts-ignore
export function useDeletedItemsSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<DeletedItemsQuery, DeletedItemsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<DeletedItemsQuery, DeletedItemsQueryVariables>;
export function useDeletedItemsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<DeletedItemsQuery, DeletedItemsQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<DeletedItemsQuery | undefined, DeletedItemsQueryVariables>;
export function useDeletedItemsSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<DeletedItemsQuery, DeletedItemsQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<DeletedItemsQuery, DeletedItemsQueryVariables>(DeletedItemsDocument, options);
        }
export type DeletedItemsQueryHookResult = ReturnType<typeof useDeletedItemsQuery>;
export type DeletedItemsLazyQueryHookResult = ReturnType<typeof useDeletedItemsLazyQuery>;
export type DeletedItemsSuspenseQueryHookResult = ReturnType<typeof useDeletedItemsSuspenseQuery>;
export type DeletedItemsQueryResult = ApolloReactCommon.QueryResult<DeletedItemsQuery, DeletedItemsQueryVariables>;
export const RestoreDeletedDocument = gql`
    mutation RestoreDeleted($input: RestoreDeletedInput!) {
  restoreDeleted(input: $input) {
    item {
      __typename
      ... on Task {
        ...TaskFields
      }
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useRestoreDeletedMutation__
 *
 * To run a mutation, you first call `useRestoreDeletedMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useRestoreDeletedMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [restoreDeletedMutation, { data, loading, error }] = useRestoreDeletedMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useRestoreDeletedMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<RestoreDeletedMutation, RestoreDeletedMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<RestoreDeletedMutation, RestoreDeletedMutationVariables>(RestoreDeletedDocument, options);
      }
export type RestoreDeletedMutationHookResult = ReturnType<typeof useRestoreDeletedMutation>;
export type RestoreDeletedMutationResult = ApolloReactCommon.MutationResult<RestoreDeletedMutation>;
export const AddSubtaskDocument = gql`
    mutation AddSubtask($input: AddSubtaskInput!) {
  addSubtask(input: $input) {
    subtask {
      ...SubtaskFields
    }
    task {
      id
      version
      completed
    }
  }
}
    ${SubtaskFieldsFragmentDoc}`;

/**
 * __useAddSubtaskMutation__
 *
 * To run a mutation, you first call `useAddSubtaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useAddSubtaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [addSubtaskMutation, { data, loading, error }] = useAddSubtaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useAddSubtaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<AddSubtaskMutation, AddSubtaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<AddSubtaskMutation, AddSubtaskMutationVariables>(AddSubtaskDocument, options);
      }
export type AddSubtaskMutationHookResult = ReturnType<typeof useAddSubtaskMutation>;
export type AddSubtaskMutationResult = ApolloReactCommon.MutationResult<AddSubtaskMutation>;
export const UpdateSubtaskDocument = gql`
    mutation UpdateSubtask($input: UpdateSubtaskInput!) {
  updateSubtask(input: $input) {
    subtask {
      ...SubtaskFields
    }
    task {
      id
      version
      completed
      completedBy
    }
    unlockedAchievements {
      id
    }
    nextInstance {
      ...TaskFields
    }
    nextInstanceWaiting
  }
}
    ${SubtaskFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useUpdateSubtaskMutation__
 *
 * To run a mutation, you first call `useUpdateSubtaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useUpdateSubtaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [updateSubtaskMutation, { data, loading, error }] = useUpdateSubtaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useUpdateSubtaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<UpdateSubtaskMutation, UpdateSubtaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<UpdateSubtaskMutation, UpdateSubtaskMutationVariables>(UpdateSubtaskDocument, options);
      }
export type UpdateSubtaskMutationHookResult = ReturnType<typeof useUpdateSubtaskMutation>;
export type UpdateSubtaskMutationResult = ApolloReactCommon.MutationResult<UpdateSubtaskMutation>;
export const RemoveSubtaskDocument = gql`
    mutation RemoveSubtask($input: RemoveSubtaskInput!) {
  removeSubtask(input: $input) {
    subtask {
      id
    }
    task {
      ...TaskFields
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useRemoveSubtaskMutation__
 *
 * To run a mutation, you first call `useRemoveSubtaskMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useRemoveSubtaskMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [removeSubtaskMutation, { data, loading, error }] = useRemoveSubtaskMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useRemoveSubtaskMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<RemoveSubtaskMutation, RemoveSubtaskMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<RemoveSubtaskMutation, RemoveSubtaskMutationVariables>(RemoveSubtaskDocument, options);
      }
export type RemoveSubtaskMutationHookResult = ReturnType<typeof useRemoveSubtaskMutation>;
export type RemoveSubtaskMutationResult = ApolloReactCommon.MutationResult<RemoveSubtaskMutation>;
export const ReorderSubtasksDocument = gql`
    mutation ReorderSubtasks($input: ReorderSubtasksInput!) {
  reorderSubtasks(input: $input) {
    task {
      ...TaskFields
    }
  }
}
    ${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useReorderSubtasksMutation__
 *
 * To run a mutation, you first call `useReorderSubtasksMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useReorderSubtasksMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [reorderSubtasksMutation, { data, loading, error }] = useReorderSubtasksMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useReorderSubtasksMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<ReorderSubtasksMutation, ReorderSubtasksMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<ReorderSubtasksMutation, ReorderSubtasksMutationVariables>(ReorderSubtasksDocument, options);
      }
export type ReorderSubtasksMutationHookResult = ReturnType<typeof useReorderSubtasksMutation>;
export type ReorderSubtasksMutationResult = ApolloReactCommon.MutationResult<ReorderSubtasksMutation>;
export const TaskTemplateDocument = gql`
    query TaskTemplate($id: ID!, $first: Int, $after: String) {
  taskTemplate(id: $id) {
    ...TaskTemplateFields
    instances(first: $first, after: $after) {
      totalCount
      nodes {
        ...TaskFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    ${TaskTemplateFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useTaskTemplateQuery__
 *
 * To run a query within a React component, call `useTaskTemplateQuery` and pass it any options that fit your needs.
 * When your component renders, `useTaskTemplateQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useTaskTemplateQuery({
 *   variables: {
 *      id: // value for 'id'
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useTaskTemplateQuery(baseOptions: ApolloReactHooks.QueryHookOptions<TaskTemplateQuery, TaskTemplateQueryVariables> & ({ variables: TaskTemplateQueryVariables; skip?: boolean; } | { skip: boolean; }) ) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<TaskTemplateQuery, TaskTemplateQueryVariables>(TaskTemplateDocument, options);
      }
export function useTaskTemplateLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<TaskTemplateQuery, TaskTemplateQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<TaskTemplateQuery, TaskTemplateQueryVariables>(TaskTemplateDocument, options);
        }
// @ts-ignore
export function useTaskTemplateSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplateQuery, TaskTemplateQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskTemplateQuery, TaskTemplateQueryVariables>;
export function useTaskTemplateSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplateQuery, TaskTemplateQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskTemplateQuery | undefined, TaskTemplateQueryVariables>;
export function useTaskTemplateSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplateQuery, TaskTemplateQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<TaskTemplateQuery, TaskTemplateQueryVariables>(TaskTemplateDocument, options);
        }
export type TaskTemplateQueryHookResult = ReturnType<typeof useTaskTemplateQuery>;
export type TaskTemplateLazyQueryHookResult = ReturnType<typeof useTaskTemplateLazyQuery>;
export type TaskTemplateSuspenseQueryHookResult = ReturnType<typeof useTaskTemplateSuspenseQuery>;
export type TaskTemplateQueryResult = ApolloReactCommon.QueryResult<TaskTemplateQuery, TaskTemplateQueryVariables>;
export const TaskTemplatesDocument = gql`
    query TaskTemplates($first: Int, $after: String) {
  taskTemplates(first: $first, after: $after) {
    totalCount
    nodes {
      ...TaskTemplateFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    ${TaskTemplateFieldsFragmentDoc}`;

/**
 * __useTaskTemplatesQuery__
 *
 * To run a query within a React component, call `useTaskTemplatesQuery` and pass it any options that fit your needs.
 * When your component renders, `useTaskTemplatesQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = useTaskTemplatesQuery({
 *   variables: {
 *      first: // value for 'first'
 *      after: // value for 'after'
 *   },
 * });
 */
export function useTaskTemplatesQuery(baseOptions?: ApolloReactHooks.QueryHookOptions<TaskTemplatesQuery, TaskTemplatesQueryVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<TaskTemplatesQuery, TaskTemplatesQueryVariables>(TaskTemplatesDocument, options);
      }
export function useTaskTemplatesLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<TaskTemplatesQuery, TaskTemplatesQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<TaskTemplatesQuery, TaskTemplatesQueryVariables>(TaskTemplatesDocument, options);
        }
// @ts-ignore
export function useTaskTemplatesSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplatesQuery, TaskTemplatesQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskTemplatesQuery, TaskTemplatesQueryVariables>;
export function useTaskTemplatesSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplatesQuery, TaskTemplatesQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<TaskTemplatesQuery | undefined, TaskTemplatesQueryVariables>;
export function useTaskTemplatesSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<TaskTemplatesQuery, TaskTemplatesQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<TaskTemplatesQuery, TaskTemplatesQueryVariables>(TaskTemplatesDocument, options);
        }
export type TaskTemplatesQueryHookResult = ReturnType<typeof useTaskTemplatesQuery>;
export type TaskTemplatesLazyQueryHookResult = ReturnType<typeof useTaskTemplatesLazyQuery>;
export type TaskTemplatesSuspenseQueryHookResult = ReturnType<typeof useTaskTemplatesSuspenseQuery>;
export type TaskTemplatesQueryResult = ApolloReactCommon.QueryResult<TaskTemplatesQuery, TaskTemplatesQueryVariables>;
export const PreviewRecurrenceDocument = gql`
    query PreviewRecurrence($rule: String!, $timeZone: String, $from: DateTime) {
  previewRecurrence(rule: $rule, timeZone: $timeZone, from: $from) {
    text
    occurrences
  }
}
    `;

/**
 * __usePreviewRecurrenceQuery__
 *
 * To run a query within a React component, call `usePreviewRecurrenceQuery` and pass it any options that fit your needs.
 * When your component renders, `usePreviewRecurrenceQuery` returns an object from Apollo Client that contains loading, error, and data properties
 * you can use to render your UI.
 *
 * @param baseOptions options that will be passed into the query, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options;
 *
 * @example
 * const { data, loading, error } = usePreviewRecurrenceQuery({
 *   variables: {
 *      rule: // value for 'rule'
 *      timeZone: // value for 'timeZone'
 *      from: // value for 'from'
 *   },
 * });
 */
export function usePreviewRecurrenceQuery(baseOptions: ApolloReactHooks.QueryHookOptions<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables> & ({ variables: PreviewRecurrenceQueryVariables; skip?: boolean; } | { skip: boolean; }) ) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useQuery<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>(PreviewRecurrenceDocument, options);
      }
export function usePreviewRecurrenceLazyQuery(baseOptions?: ApolloReactHooks.LazyQueryHookOptions<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>) {
          const options = {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useLazyQuery<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>(PreviewRecurrenceDocument, options);
        }
// @ts-ignore
export function usePreviewRecurrenceSuspenseQuery(baseOptions?: ApolloReactHooks.SuspenseQueryHookOptions<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>;
export function usePreviewRecurrenceSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>): ApolloReactHooks.UseSuspenseQueryResult<PreviewRecurrenceQuery | undefined, PreviewRecurrenceQueryVariables>;
export function usePreviewRecurrenceSuspenseQuery(baseOptions?: ApolloReactHooks.SkipToken | ApolloReactHooks.SuspenseQueryHookOptions<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>) {
          const options = baseOptions === ApolloReactHooks.skipToken ? baseOptions : {...defaultOptions, ...baseOptions}
          return ApolloReactHooks.useSuspenseQuery<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>(PreviewRecurrenceDocument, options);
        }
export type PreviewRecurrenceQueryHookResult = ReturnType<typeof usePreviewRecurrenceQuery>;
export type PreviewRecurrenceLazyQueryHookResult = ReturnType<typeof usePreviewRecurrenceLazyQuery>;
export type PreviewRecurrenceSuspenseQueryHookResult = ReturnType<typeof usePreviewRecurrenceSuspenseQuery>;
export type PreviewRecurrenceQueryResult = ApolloReactCommon.QueryResult<PreviewRecurrenceQuery, PreviewRecurrenceQueryVariables>;
export const CreateTaskTemplateDocument = gql`
    mutation CreateTaskTemplate($input: CreateTaskTemplateInput!) {
  createTaskTemplate(input: $input) {
    template {
      ...TaskTemplateFields
    }
    instance {
      ...TaskFields
    }
  }
}
    ${TaskTemplateFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useCreateTaskTemplateMutation__
 *
 * To run a mutation, you first call `useCreateTaskTemplateMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useCreateTaskTemplateMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [createTaskTemplateMutation, { data, loading, error }] = useCreateTaskTemplateMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useCreateTaskTemplateMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<CreateTaskTemplateMutation, CreateTaskTemplateMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<CreateTaskTemplateMutation, CreateTaskTemplateMutationVariables>(CreateTaskTemplateDocument, options);
      }
export type CreateTaskTemplateMutationHookResult = ReturnType<typeof useCreateTaskTemplateMutation>;
export type CreateTaskTemplateMutationResult = ApolloReactCommon.MutationResult<CreateTaskTemplateMutation>;
export const UpdateTaskTemplateDocument = gql`
    mutation UpdateTaskTemplate($input: UpdateTaskTemplateInput!) {
  updateTaskTemplate(input: $input) {
    template {
      ...TaskTemplateFields
    }
    instance {
      ...TaskFields
    }
    nextInstanceWaiting
  }
}
    ${TaskTemplateFieldsFragmentDoc}
${TaskFieldsFragmentDoc}
${SubtaskFieldsFragmentDoc}
${ReminderFieldsFragmentDoc}`;

/**
 * __useUpdateTaskTemplateMutation__
 *
 * To run a mutation, you first call `useUpdateTaskTemplateMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useUpdateTaskTemplateMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [updateTaskTemplateMutation, { data, loading, error }] = useUpdateTaskTemplateMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useUpdateTaskTemplateMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<UpdateTaskTemplateMutation, UpdateTaskTemplateMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<UpdateTaskTemplateMutation, UpdateTaskTemplateMutationVariables>(UpdateTaskTemplateDocument, options);
      }
export type UpdateTaskTemplateMutationHookResult = ReturnType<typeof useUpdateTaskTemplateMutation>;
export type UpdateTaskTemplateMutationResult = ApolloReactCommon.MutationResult<UpdateTaskTemplateMutation>;
export const DeleteTaskTemplateDocument = gql`
    mutation DeleteTaskTemplate($input: DeleteTaskTemplateInput!) {
  deleteTaskTemplate(input: $input) {
    deletedId
  }
}
    `;

/**
 * __useDeleteTaskTemplateMutation__
 *
 * To run a mutation, you first call `useDeleteTaskTemplateMutation` within a React component and pass it any options that fit your needs.
 * When your component renders, `useDeleteTaskTemplateMutation` returns a tuple that includes:
 * - A mutate function that you can call at any time to execute the mutation
 * - An object with fields that represent the current status of the mutation's execution
 *
 * @param baseOptions options that will be passed into the mutation, supported options are listed on: https://www.apollographql.com/docs/react/api/react-hooks/#options-2;
 *
 * @example
 * const [deleteTaskTemplateMutation, { data, loading, error }] = useDeleteTaskTemplateMutation({
 *   variables: {
 *      input: // value for 'input'
 *   },
 * });
 */
export function useDeleteTaskTemplateMutation(baseOptions?: ApolloReactHooks.MutationHookOptions<DeleteTaskTemplateMutation, DeleteTaskTemplateMutationVariables>) {
        const options = {...defaultOptions, ...baseOptions}
        return ApolloReactHooks.useMutation<DeleteTaskTemplateMutation, DeleteTaskTemplateMutationVariables>(DeleteTaskTemplateDocument, options);
      }
export type DeleteTaskTemplateMutationHookResult = ReturnType<typeof useDeleteTaskTemplateMutation>;
export type DeleteTaskTemplateMutationResult = ApolloReactCommon.MutationResult<DeleteTaskTemplateMutation>;