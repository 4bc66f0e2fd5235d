import { z } from 'zod';
import { type Notification, NotificationType } from '../../entities/notifications/notification.js';
import { PushOutcome } from '../../entities/notifications/push-delivery.js';
import type { PushSubscription } from '../../entities/notifications/push-subscription.js';
import { record } from '../activity/index.js';
import { pushFailed, pushSent, pushSubscriptionRemoved } from '../events/notifications.js';
import { type Attempt, asAccount, type Context, runStatement, unavailable } from '../kernel/context.js';
import type { DomainEvent } from '../kernel/events.js';
import { defineJob } from '../kernel/jobs.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { pushesEnded } from './metrics.js';

const Job = z.object({ userId: z.uuid(), notificationId: z.uuid(), pushSubscriptionId: z.uuid() });
type Job = z.infer<typeof Job>;

/** Sends one notification to one browser. Tried for about an hour: 1 to 2 s after the first try, then ever later. */
export const SendPush = defineJob('notifications.push', Job, {
  retryLimit: 11,
  retryDelaySeconds: 1,
  // A push takes at most 10 s; the rest is for the account's lock.
  expireInSeconds: 60,
  atOnce: 50,
  // How it ended is a delivery of its own, and looks for lost jobs go through all that are kept.
  keepSeconds: 3_600,
});

/** How the push to a browser ends that is registered no more. */
const gone = { outcome: 'gone' as const, reason: 'The browser is gone.' };

/** What the log says of a push that did not reach its browser. */
const failures = { gone: 'GONE', refused: 'REFUSED', later: 'GIVEN_UP' } as const;
type PushFailure = (typeof failures)[keyof typeof failures];

/** How long a push service keeps a message for a browser that is away. */
const ttlSeconds = 86_400;

/** What a push needs of its notification and its browser. */
type Push = Pick<Notification, 'id' | 'type' | 'title' | 'body' | 'actionUrl' | 'entityType' | 'entityId'> & {
  /** Null when it is registered no more. */
  readonly browser: Pick<PushSubscription, 'endpoint' | 'p256dh' | 'auth'> | null;
};

/**
 * Sends a push and records how it ended, once: a job that runs again after that does nothing, and one that runs again
 * before sends with the same topic, so that the browser shows it once. A browser that is gone is forgotten.
 * @throws when it should be tried again
 */
export async function sendPush(ctx: Context, job: Job, { isLast }: Attempt): Promise<void> {
  const push = await readPush(ctx, job);
  if (!push) return;
  const result = push.browser ? await ctx.providers.webPush.send(push.browser, messageOf(push)) : gone;
  if (result.outcome === 'later' && !isLast) throw unavailable(result.reason);
  const { notificationId, pushSubscriptionId } = job;
  const { entityType, entityId } = push;
  const event = { notificationId, pushSubscriptionId, about: { entityType, entityId } };
  if (result.outcome === 'sent') return end(ctx, job, 'SENT', pushSent(notificationId, event));
  if (result.outcome === 'gone') await forget(ctx, job);
  ctx.log.info({ ...job, reason: result.reason }, 'a push was given up');
  const reason = failures[result.outcome];
  await end(ctx, job, reason, pushFailed(notificationId, { ...event, reason }));
}

/** Undefined when there is nothing to send: it has ended, or the notification is gone. */
async function readPush(ctx: Context, { userId, notificationId, pushSubscriptionId }: Job): Promise<Push | undefined> {
  const [push] = await runStatement<Push>(
    ctx,
    `select n.id, n.type, n.title, n.body, n.action_url as "actionUrl", n.entity_type as "entityType",
       n.entity_id as "entityId", (
         select json_build_object('endpoint', endpoint, 'p256dh', p256dh, 'auth', auth)
         from notifications.push_subscription s where s.id = $2 and s.user_id = n.user_id
       ) as browser
     from notifications.notification n where n.id = $1 and n.user_id = $3 and not exists (
       select from notifications.push_delivery d where d.notification_id = n.id and d.push_subscription_id = $2
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

async function end(ctx: Context, job: Job, outcome: 'SENT' | PushFailure, event: DomainEvent): Promise<void> {
  const { userId, notificationId, pushSubscriptionId } = job;
  const stored = outcome === 'SENT' ? PushOutcome.SENT : PushOutcome.FAILED;
  await transaction(asAccount(ctx, userId), async (tx) => {
    const ended = await runStatement(
      tx,
      `insert into notifications.push_delivery (notification_id, push_subscription_id, outcome, at)
         values ($1, $2, $3, $4) on conflict do nothing returning outcome`,
      [notificationId, pushSubscriptionId, stored, tx.clock.now()],
    );
    if (ended.length === 0) return;
    await record(tx, event);
    count(tx, pushesEnded, { outcome });
  });
}

async function forget(ctx: Context, { userId, pushSubscriptionId }: Job): Promise<void> {
  await transaction(asAccount(ctx, userId), async (tx) => {
    const forgotten = await runStatement(
      tx,
      'delete from notifications.push_subscription where id = $1 and user_id = $2 returning id',
      [pushSubscriptionId, userId],
    );
    if (forgotten.length > 0) await record(tx, pushSubscriptionRemoved(pushSubscriptionId, { reason: 'GONE' }));
  });
}
