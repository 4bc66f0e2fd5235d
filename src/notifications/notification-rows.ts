import { z } from 'zod';
import { Notification, NotificationType } from '../../entities/notifications/notification.js';
import { type Context, readByIds, requirePerson } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

/** What is read of a notification. */
export const notificationRows = rowsWithout(Notification, ['number', 'key', 'entityType', 'entityId']);

/** A notification as reads see it. */
export type NotificationRow = RowIn<typeof notificationRows>;

/** Names the list in its cursors: those of every filter, and of the subscription, are the same. */
export const notificationList = 'notifications';

/** Notifications by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeNotificationsById(ctx: Context, ids: readonly string[]): Promise<(NotificationRow | null)[]> {
  const text = `select ${notificationRows.columns} from notifications.notification where id = any($1::uuid[])`;
  return readByIds<NotificationRow>(ctx, text, ids);
}

const Filter = z
  .strictObject({
    unreadOnly: z.boolean().nullish(),
    type: field.anyOf(z.enum(NotificationType), Object.keys(NotificationType).length),
  })
  .nullish();

function listOf(ctx: Context, filter: unknown): KeysetList {
  const { filter: parsed } = parse(z.object({ filter: Filter }), { filter });
  // A text of its own, so that the plan uses the index of unread ones.
  const unread = parsed?.unreadOnly ? 'and read_at is null' : '';
  return {
    name: notificationList,
    columns: notificationRows.columns,
    from: 'notifications.notification',
    where: `user_id = $1 ${unread}`,
    values: parsed?.type ? [requirePerson(ctx).id, parsed.type] : [requirePerson(ctx).id],
    sortKey: 'number',
    sortType: 'bigint',
    uniqueSortKey: true,
    descending: true,
    filter: parsed?.type ? 'type = any($2)' : null,
  };
}

export const listNotificationsErrors: DeclaredErrors = { ...parseErrors, ...pageErrors };

/** One page of the caller's notifications, newest first. */
export function listNotifications(
  ctx: Context,
  filter: unknown,
  page: PageArguments,
  withCount: boolean,
): Promise<Page<NotificationRow>> {
  return readPage<NotificationRow>(ctx, listOf(ctx, filter), page, withCount);
}

/** How many notifications the whole list has. @throws VALIDATION_FAILED */
export function countNotifications(ctx: Context, filter: unknown): Promise<number> {
  return countList(ctx, listOf(ctx, filter));
}

/** How many of the caller's notifications are unread, whatever their type; 10,000 at most. */
export function countUnread(ctx: Context): Promise<number> {
  return countList(ctx, listOf(ctx, { unreadOnly: true }));
}
