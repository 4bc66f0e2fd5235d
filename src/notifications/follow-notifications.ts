import { z } from 'zod';
import { type Context, requirePerson, runStatement } from '../kernel/context.js';
import { cursorScope, readCursor, writeCursor } from '../kernel/cursor.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { follow } from '../kernel/follow.js';
import { maxPageSize } from '../kernel/page.js';
import { type NotificationRow, notificationList, notificationRows } from './notification-rows.js';

/** A notification and the cursor behind it. */
export interface NotificationEdge {
  readonly cursor: string;
  readonly node: NotificationRow;
}

const Position = z.tuple([z.string().regex(/^\d{1,15}$/)]);

export const followNotificationsErrors: DeclaredErrors = { VALIDATION_FAILED: 'a cursor of another list' };

/**
 * Follows the caller's notifications: first what is stored beyond the cursor (without one: beyond now), oldest first,
 * then what comes. Numbers are in commit order, so nothing is skipped or doubled. Cursors are those of the list. Ends
 * when the context's signal aborts.
 */
export function followNotifications(
  ctx: Context,
  after: string | null,
): AsyncGenerator<NotificationEdge, void, undefined> {
  const tag = cursorScope(ctx, notificationList);
  return follow(ctx, {
    start: () => (after === null ? readNewest(ctx) : readCursor(after, tag, 'after', Position)[0]),
    readBeyond: (number) => readBeyond(ctx, number),
    edgeOf: ({ number, ...node }) => ({ cursor: writeCursor(tag, number), node }),
  });
}

async function readNewest(ctx: Context): Promise<string> {
  const [row] = await runStatement<{ number: string }>(
    ctx,
    'select coalesce(max(number), 0)::text as number from notifications.notification where user_id = $1',
    [requirePerson(ctx).id],
  );
  return row?.number ?? '0';
}

function readBeyond(ctx: Context, position: string): Promise<(NotificationRow & { number: string })[]> {
  return runStatement<NotificationRow & { number: string }>(
    ctx,
    `select number::text as number, ${notificationRows.columns} from notifications.notification
     where user_id = $1 and number > $2 order by notification.number limit $3`,
    [requirePerson(ctx).id, position, maxPageSize],
  );
}
