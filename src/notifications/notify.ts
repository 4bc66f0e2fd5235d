import type { NotificationType } from '../../entities/notifications/notification.js';
import { record } from '../activity/index.js';
import { notificationCreated } from '../events/notifications.js';
import type { About } from '../events/shapes.js';
import { newId, type RowTx, runStatement } from '../kernel/context.js';
import { sendJob } from '../kernel/jobs.js';
import { beginningOf } from '../kernel/text.js';
import { SendPush } from './send-push.js';

/** Characters of the longest title and the longest body. */
const maxTitleLength = 200;
const maxBodyLength = 500;

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
  /** Whether it is left out while one of its type about the same thing is unread; false when not given. */
  readonly onceUntilRead?: boolean;
  /** Whether it also goes to the user's browsers. */
  readonly push: boolean;
}

/**
 * Writes notifications of the account in the open transaction, and sends their pushes as jobs of the same transaction.
 * A key that was used before changes nothing, so whoever calls may run again. Calls of one transaction come one after
 * another, never side by side.
 */
export async function notify(tx: RowTx, ...notifications: readonly NewNotification[]): Promise<void> {
  const toPush: string[] = [];
  for (const notification of notifications) {
    const id = newId(tx.clock);
    if (!(await add(tx, id, notification))) continue;
    const { type, about, push } = notification;
    await record(tx, notificationCreated(id, { type, about }));
    if (push) toPush.push(id);
  }
  if (toPush.length > 0) await sendPushes(tx, toPush);
}

/**
 * Writes one notification, numbered as its event will be, which comes right after. Answers false when it is left out:
 * its key was used before, or it would repeat what is unread. A statement for each and not one for all: of a list
 * PostgreSQL does not know how short it is, so it reads all that is unread, and planned for one it looks into an index.
 */
async function add(tx: RowTx, id: string, notification: NewNotification): Promise<boolean> {
  const { key, type, title, body, actionUrl, about, onceUntilRead = false } = notification;
  const added = await runStatement(
    tx,
    `insert into notifications.notification
       (id, user_id, number, key, type, title, body, action_url, entity_type, entity_id, created_at)
     select $1::uuid, $2::uuid, $3::bigint, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::uuid,
       $11::timestamptz
     where not exists (select from notifications.notification where user_id = $2 and key = $4)
       and not ($12 and exists (
         select from notifications.notification
         where user_id = $2 and read_at is null and entity_id = $10 and type = $5))
     returning id`,
    [
      id,
      tx.unit.account.id,
      tx.unit.head + 1,
      key,
      type,
      beginningOf(title, maxTitleLength),
      beginningOf(body, maxBodyLength),
      actionUrl,
      about.entityType,
      about.entityId,
      tx.clock.now(),
      onceUntilRead,
    ],
  );
  return added.length > 0;
}

/** Sends each of these notifications to each of the user's browsers. */
async function sendPushes(tx: RowTx, notificationIds: readonly string[]): Promise<void> {
  const userId = tx.unit.account.id;
  const browsers = await runStatement<{ id: string }>(
    tx,
    'select id from notifications.push_subscription where user_id = $1',
    [userId],
  );
  for (const notificationId of notificationIds) {
    for (const { id: pushSubscriptionId } of browsers) {
      await sendJob(tx, SendPush, { userId, notificationId, pushSubscriptionId });
    }
  }
}

/** Whether a notification was written for what this key names. */
export async function wasWrittenFor(tx: RowTx, notificationId: string, key: string): Promise<boolean> {
  const rows = await runStatement(
    tx,
    'select 1 from notifications.notification where id = $1 and user_id = $2 and key = $3',
    [notificationId, tx.unit.account.id, key],
  );
  return rows.length > 0;
}

/**
 * Adds to the text of a notification that was written in this very transaction, and that nobody has seen yet, what
 * became known since; cut off after 500 characters. Nothing happens when there is none.
 */
export async function addToNotification(tx: RowTx, key: string, text: string): Promise<void> {
  await runStatement(
    tx,
    'update notifications.notification set body = left(body || $3, 500) where user_id = $1 and key = $2',
    [tx.unit.account.id, key, text],
  );
}
