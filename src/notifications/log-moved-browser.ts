import { z } from 'zod';
import { Source } from '../../entities/activity/event.js';
import { hasHappened, record } from '../activity/index.js';
import { pushSubscriptionRemoved } from '../events/notifications.js';
import { asAccount, type Context } from '../kernel/context.js';
import { defineJob } from '../kernel/jobs.js';
import { transaction } from '../kernel/transaction.js';

const Moved = z.object({ userId: z.uuid(), pushSubscriptionId: z.uuid() });

/** Tells the account that had a browser before that it has moved to another one: a transaction writes for one account. */
export const LogMovedBrowser = defineJob('notifications.log-moved-browser', Moved, {
  retryLimit: 20,
  retryDelaySeconds: 1,
  expireInSeconds: 60,
});

/** Records in the account's log that it lost a browser, once: the id that this had there is not used again. */
export async function logMovedBrowser(
  ctx: Context,
  { userId, pushSubscriptionId }: z.infer<typeof Moved>,
): Promise<void> {
  await transaction(asAccount(ctx, userId), async (tx) => {
    const removed = pushSubscriptionRemoved(pushSubscriptionId, { reason: 'MOVED' }, Source.SYSTEM);
    if (!(await hasHappened(tx, removed))) await record(tx, removed);
  });
}
