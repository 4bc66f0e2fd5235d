import { z } from 'zod';
import { type Notification, NotificationType } from '../../entities/notifications/notification.js';
import { PushOutcome } from '../../entities/notifications/push-delivery.js';
import type { PushSubscription } from '../../entities/notifications/push-subscription.js';
import { type DomainEvent, record } from '../activity/index.js';
import { type Attempt, type Context, runStatement } from '../context.js';
import { parse } from '../input.js';
import { transaction } from '../transaction.js';
import { pushFailed, pushSent, pushSubscriptionRemoved } from './events.js';

/** Sends one notification to one browser. Tried for about an hour: 1 to 2 s after the first try, then ever later. */
export const SendPush = {
  name: 'notifications.push',
  retryLimit: 11,
  retryDelaySeconds: 1,
  // A push takes at most 10 s; the rest is for the account's lock.
  expireInSeconds: 60,
  atOnce: 50,
};

/** How long a push service keeps a message for a browser that is away. */
const ttlSeconds = 86_400;

const Job = z.object({ userId: z.uuid(), notificationId: z.uuid(), pushSubscriptionId: z.uuid() });
type Job = z.infer<typeof Job>;

/** What a push needs of its notification and its browser. */
type Push = Pick<Notification, 'id' | 'type' | 'title' | 'body' | 'actionUrl' | 'entityType' | 'entityId'> &
  Pick<PushSubscription, 'endpoint' | 'p256dh' | 'auth'>;

/**
 * Sends a push and records how it ended, once: a job that runs again after that does nothing, and one that runs again
 * before sends with the same topic, so that the browser shows it once. A browser that is gone is forgotten.
 * @throws when it should be tried again
 */
export async function sendPush(ctx: Context, input: unknown, { isLast }: Attempt): Promise<void> {
  const job = parse(Job, input);
  const push = await readPush(ctx, job);
  if (!push) return;
  const result = await ctx.gateways.webPush.send(push, messageOf(push));
  if (result.outcome === 'later' && !isLast) throw new Error(result.reason);
  const { notificationId, pushSubscriptionId } = job;
  const { entityType, entityId } = push;
  const event = { notificationId, pushSubscriptionId, about: { entityType, entityId } };
  if (result.outcome === 'gone') return forget(ctx, job, pushFailed(event, 'The browser is gone.'));
  if (result.outcome === 'sent') return end(ctx, job, PushOutcome.SENT, pushSent(event));
  await end(ctx, job, PushOutcome.FAILED, pushFailed(event, result.reason));
}

/** Null when there is nothing to send: it has ended, or the notification or the account's browser is gone. */
async function readPush(ctx: Context, { userId, notificationId, pushSubscriptionId }: Job): Promise<Push | undefined> {
  const [push] = await runStatement<Push>(
    ctx,
    `select n.id, n.type, n.title, n.body, n.action_url as "actionUrl", n.entity_type as "entityType",
       n.entity_id as "entityId", s.endpoint, s.p256dh, s.auth
     from notifications.notification n join notifications.push_subscription s on s.user_id = n.user_id
     where n.id = $1 and s.id = $2 and n.user_id = $3 and not exists (
       select from notifications.push_delivery d where d.notification_id = n.id and d.push_subscription_id = s.id
     )`,
    [notificationId, pushSubscriptionId, userId],
  );
  return push;
}

/** Whether a notification has reached a browser. */
export async function wasPushed(ctx: Context, notificationId: string): Promise<boolean> {
  const rows = await runStatement(
    ctx,
    `select 1 from notifications.push_delivery where notification_id = $1 and outcome = '${PushOutcome.SENT}' limit 1`,
    [notificationId],
  );
  return rows.length > 0;
}

/** With the longest texts it stays below the 3,993 bytes that every push service takes. */
function messageOf({ id, type, title, body, actionUrl }: Push) {
  return {
    payload: JSON.stringify({ id, type, title, body, actionUrl }),
    ttlSeconds,
    urgency: type === NotificationType.REMINDER ? ('high' as const) : ('normal' as const),
    topic: id.replaceAll('-', ''),
  };
}

async function end(ctx: Context, job: Job, outcome: PushOutcome, event: DomainEvent): Promise<void> {
  const { userId, notificationId, pushSubscriptionId } = job;
  await transaction(
    ctx,
    async (tx) => {
      const ended = await runStatement(
        tx,
        `insert into notifications.push_delivery (notification_id, push_subscription_id, outcome, at)
         values ($1, $2, $3, $4) on conflict do nothing returning outcome`,
        [notificationId, pushSubscriptionId, outcome, tx.clock.now()],
      );
      if (ended.length > 0) await record(tx, event);
    },
    userId,
  );
}

async function forget(ctx: Context, { userId, pushSubscriptionId }: Job, event: DomainEvent): Promise<void> {
  await transaction(
    ctx,
    async (tx) => {
      const forgotten = await runStatement(
        tx,
        'delete from notifications.push_subscription where id = $1 and user_id = $2 returning id',
        [pushSubscriptionId, userId],
      );
      if (forgotten.length > 0) await record(tx, pushSubscriptionRemoved(pushSubscriptionId, 'gone'), event);
    },
    userId,
  );
}
