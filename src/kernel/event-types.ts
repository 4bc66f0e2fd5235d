/**
 * What can happen to an account, as `thing.verb`: what use cases record and subscribers hear. Events of these types are
 * stored and clients know them: rename none.
 */
export const eventTypes = [
  'user.created',
  'user.updated',
  'user.signed_out_everywhere',
  'session.ended',

  'notification.created',
  'notification.read',
  'notification.push_sent',
  'notification.push_failed',
  'push_subscription.registered',
  'push_subscription.removed',

  'ai.credits_consumed',

  'streak.updated',
  'achievement.unlocked',

  'task.created',
  'task.updated',
  'task.completed',
  'task.auto_completed',
  'task.force_completed',
  'task.reopened',
  'task.deleted',
  'task.recovered',
  'task.subtasks_reordered',
  'subtask.created',
  'subtask.updated',
  'subtask.completed',
  'subtask.removed',
  'reminder.created',
  'reminder.updated',
  'reminder.removed',
  'reminder.cancelled',
  'reminder.sent',
  'reminder.failed',
  'task_template.created',
  'task_template.updated',
  'task_template.deleted',
  'task_template.instance_failed',
  'focus.started',
  'focus.ended',

  'conversation.created',
  'conversation.updated',
  'chat_message.created',
  'chat_message.completed',
  'chat_message.stopped',
  'chat_message.failed',
  'ai.request',
] as const;

/** One of them. */
export type EventType = (typeof eventTypes)[number];
