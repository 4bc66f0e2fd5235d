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
  const given = notifications.map((notification, place) => ({
    ...notification,
    title: beginningOf(notification.title, maxTitleLength),
    body: beginningOf(notification.body, maxBodyLength),
    id: newId(tx.clock),
    place,
  }));
  const added = await add(tx, given);
  const written = given.filter(({ id }) => added.some((row) => row.id === id));
  await record(tx, ...written.map(({ id, type, about }) => notificationCreated(id, { type, about })));
  for (const { id: notificationId, pushSubscriptionId } of added) {
    if (pushSubscriptionId === null) continue;
    await sendJob(tx, SendPush, { userId: tx.unit.account.id, notificationId, pushSubscriptionId });
  }
}

interface AddedNotification {
  readonly id: string;
  /** A browser that is to hear of it; null for none. */
  readonly pushSubscriptionId: string | null;
}

/**
 * The rows and the browsers that are to hear of them, in one statement. Each is numbered as its event will be, which
 * comes right after; one whose key was used before, or that would repeat what is unread, is left out and takes no
 * number.
 */
function add(tx: RowTx, notifications: readonly object[]): Promise<AddedNotification[]> {
  return runStatement<AddedNotification>(
    tx,
    `with given as (
       select given.* from jsonb_to_recordset($3::jsonb) as given (id uuid, place int, key text, type text, title text,
         body text, "actionUrl" text, about jsonb, push boolean, "onceUntilRead" boolean)
       where not exists (
         select from notifications.notification as known where known.user_id = $1 and known.key = given.key
       ) and not (given."onceUntilRead" is true and exists (
         select from notifications.notification as unread where unread.user_id = $1 and unread.read_at is null
           and unread.entity_id = (given.about->>'entityId')::uuid and unread.type = given.type))
     ), added as (
       insert into notifications.notification
         (id, user_id, number, key, type, title, body, action_url, entity_type, entity_id, created_at)
       select id, $1, $2 + row_number() over (order by place), key, type, title, body, "actionUrl",
         about->>'entityType', (about->>'entityId')::uuid, $4 from given
     )
     select given.id, browser.id as "pushSubscriptionId" from given
     left join notifications.push_subscription as browser on browser.user_id = $1 and given.push order by place`,
    [tx.unit.account.id, tx.unit.head, JSON.stringify(notifications), tx.clock.now()],
  );
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
