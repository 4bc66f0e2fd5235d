import type { NotificationType } from '../../entities/notifications/notification.js';
import type { DomainEvent } from '../activity/index.js';
import type { EventType } from '../kernel/event-types.js';

/** What a notification is about: which kind of thing, as events name it, and which one. */
export interface About {
  readonly entityType: string;
  readonly entityId: string;
}

/** One push: which notification, to which browser. */
export interface PushEvent {
  readonly notificationId: string;
  readonly pushSubscriptionId: string;
  readonly about: About;
}

/**
 * Why a browser gets no more pushes of the account: its user said so, its push service, it was one too many, or somebody
 * else signed in there.
 */
export type RemovalReason = 'user' | 'gone' | 'limit' | 'moved';

/** A notification was written. */
export function notificationCreated(id: string, type: NotificationType, about: About): DomainEvent {
  return ofNotification('notification.created', id, { type, about });
}

/** A notification was marked read. */
export function notificationRead(id: string): DomainEvent {
  return ofNotification('notification.read', id, {});
}

/** A push service took a notification for a browser. */
export function pushSent(push: PushEvent): DomainEvent {
  return ofNotification('notification.push_sent', push.notificationId, { ...push });
}

/** A push was refused, or was tried for the last time. */
export function pushFailed(push: PushEvent, reason: string): DomainEvent {
  return ofNotification('notification.push_failed', push.notificationId, { ...push, reason });
}

/** A browser takes this account's pushes. */
export function pushSubscriptionRegistered(id: string): DomainEvent {
  return { type: 'push_subscription.registered', entityType: 'push_subscription', entityId: id };
}

/** A browser takes this account's pushes no more. */
export function pushSubscriptionRemoved(id: string, reason: RemovalReason): DomainEvent {
  return { type: 'push_subscription.removed', entityType: 'push_subscription', entityId: id, metadata: { reason } };
}

function ofNotification(type: EventType, id: string, metadata: Record<string, unknown>): DomainEvent {
  return { type, entityType: 'notification', entityId: id, metadata };
}
