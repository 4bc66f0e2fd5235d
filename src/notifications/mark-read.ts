import { z } from 'zod';
import { Notification } from '../../entities/notifications/notification.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { notificationRead } from '../events/notifications.js';
import { type Context, runStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { countUnread } from './notification-rows.js';

const Input = z.strictObject({ id: field.id });

export const markNotificationReadErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** Marks one of the caller's notifications read; one that was read stays as it is. */
export async function markNotificationRead(
  ctx: Context,
  input: unknown,
): Promise<{ notification: Notification; unreadCount: number }> {
  const { id } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const notification = await requireMay(tx, 'write notification', await tx.entities().findOne(Notification, id));
    if (notification.markRead(tx.clock.now())) await record(tx, notificationRead(id, {}));
    await tx.flush();
    return { notification, unreadCount: await countUnread(tx) };
  });
}

/** Each is an event of its own, and all are of one transaction: what an account has saved up would hold the others up. */
const maxMarkedAtOnce = 1_000;

/** Marks all of the caller's notifications read, the newest 1,000 where there are more; again it finds the others. */
export async function markAllNotificationsRead(ctx: Context): Promise<{ marked: number; unreadCount: number }> {
  return transaction(ctx, async (tx) => {
    const marked = await runStatement<{ id: string }>(
      tx,
      `with marked as (
         update notifications.notification set read_at = $2 where id in (
           select id from notifications.notification where user_id = $1 and read_at is null order by number desc limit ${maxMarkedAtOnce}
         ) returning id, number
       ) select id from marked order by number`,
      [tx.unit.account.id, tx.clock.now()],
    );
    for (const { id } of marked) await record(tx, notificationRead(id, {}));
    return { marked: marked.length, unreadCount: await countUnread(tx) };
  });
}
