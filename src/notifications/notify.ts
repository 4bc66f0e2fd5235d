import type { NotificationType } from '../../entities/notifications/notification.js';
import { record } from '../activity/index.js';
import { newId, type Tx } from '../context.js';
import { type About, notificationCreated } from './events.js';
import { SendPush } from './send-push.js';

/** Something that the account's user should hear of. */
export interface NewNotification {
  readonly type: NotificationType;
  /** Cut off after 200 characters. */
  readonly title: string;
  /** May be empty; cut off after 500 characters. */
  readonly body: string;
  /** Where a click leads: an address within the app, at most 500 characters; null for none. */
  readonly actionUrl: string | null;
  readonly about: About;
  /** What it is written for, once per account: `achievement:<id>`; at most 200 characters. */
  readonly key: string;
  /** Whether it also goes to the user's browsers. */
  readonly push: boolean;
}

/**
 * Writes a notification of the account in the open transaction, and sends its pushes as jobs of the same transaction.
 * A key that was used before changes nothing, so whoever calls may run again. Calls of one transaction come one after
 * another, never side by side.
 */
export async function notify(tx: Tx, notification: NewNotification): Promise<void> {
  const { type, about } = notification;
  const id = newId(tx.clock);
  const added = await add(tx, id, notification);
  if (added.length === 0) return;
  await record(tx, notificationCreated(id, type, about));
  for (const { pushSubscriptionId } of added) {
    if (pushSubscriptionId === null) continue;
    const job = { userId: tx.unit.account.id, notificationId: id, pushSubscriptionId };
    await tx.services.queue.send(SendPush, job, async (text, values = []) => ({
      rows: await tx.unit.runStatement(text, values),
    }));
  }
}

/** The row and the browsers that are to hear of it, in one statement; nothing when the key was used before. */
function add(tx: Tx, id: string, notification: NewNotification): Promise<{ pushSubscriptionId: string | null }[]> {
  const { type, title, body, actionUrl, about, key, push } = notification;
  return tx.unit.runStatement<{ pushSubscriptionId: string | null }>(
    `with added as (
       insert into notifications.notification
         (id, user_id, number, key, type, title, body, action_url, entity_type, entity_id, created_at)
       values ($1, $2, $3, $4, $5, left($6, 200), left($7, 500), $8, $9, $10, $11)
       on conflict (user_id, key) do nothing returning user_id
     )
     select browser.id as "pushSubscriptionId" from added
     left join notifications.push_subscription browser on browser.user_id = added.user_id and $12::boolean`,
    [
      id,
      tx.unit.account.id,
      // Its event comes right after it and has this number; a row that is not added uses none.
      tx.unit.head + 1,
      key,
      type,
      title,
      body,
      actionUrl,
      about.entityType,
      about.entityId,
      tx.clock.now(),
      push,
    ],
  );
}
