import { z } from 'zod';
import { NotificationType } from '../../entities/notifications/notification.js';
import { defineEvent } from '../kernel/events.js';
import { about, nothing } from './shapes.js';

/** One push: which notification, to which browser. */
const push = z.object({ notificationId: z.uuid(), pushSubscriptionId: z.uuid(), about });

export const notificationCreated = defineEvent(
  'notification.created',
  'notification',
  'A notification was written.',
  z.object({ type: z.enum(NotificationType), about }),
);

export const notificationRead = defineEvent(
  'notification.read',
  'notification',
  'A notification was marked read for the first time.',
  nothing,
);

export const pushSent = defineEvent(
  'notification.push_sent',
  'notification',
  'A push service took a notification for a browser.',
  push,
);

/** Why a browser was not reached. */
const pushFailures = ['GONE', 'REFUSED', 'GIVEN_UP'] as const;

export const pushFailed = defineEvent(
  'notification.push_failed',
  'notification',
  'A push was refused by the push service, its browser is gone, or it was tried for the last time.',
  push.extend({ reason: z.enum(pushFailures) }),
);

export const pushSubscriptionRegistered = defineEvent(
  'push_subscription.registered',
  'push_subscription',
  'A browser takes pushes of the account.',
  nothing,
);

/** Why a browser gets no more pushes: its user said so, its push service, it was one too many, another account's, or the account was closed. */
const removals = ['USER', 'GONE', 'LIMIT', 'MOVED', 'ACCOUNT_CLOSED'] as const;
export type RemovalReason = (typeof removals)[number];

export const pushSubscriptionRemoved = defineEvent(
  'push_subscription.removed',
  'push_subscription',
  'A browser takes pushes of the account no more.',
  z.object({ reason: z.enum(removals) }),
);
