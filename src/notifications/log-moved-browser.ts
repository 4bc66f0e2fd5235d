import { z } from 'zod';
import { Source } from '../../entities/activity/event.js';
import { record } from '../activity/index.js';
import { asAccount, type Context, runStatement } from '../kernel/context.js';
import { parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { pushSubscriptionRemoved } from './events.js';

/** Tells the account that had a browser before that it has moved to another one: a transaction writes for one account. */
export const LogMovedBrowser = {
  name: 'notifications.log-moved-browser',
  retryLimit: 20,
  retryDelaySeconds: 1,
  expireInSeconds: 60,
};

const Job = z.object({ userId: z.uuid(), pushSubscriptionId: z.uuid() });

/** Records in the account's log that it lost a browser, once: the id that this had there is not used again. */
export async function logMovedBrowser(ctx: Context, input: unknown): Promise<void> {
  const { userId, pushSubscriptionId } = parse(Job, input);
  await transaction(asAccount(ctx, userId), async (tx) => {
    const removed = pushSubscriptionRemoved(pushSubscriptionId, 'moved');
    const [known] = await runStatement(
      tx,
      'select 1 from activity.event where account_id = $1 and type = $2 and entity_id = $3 limit 1',
      [userId, removed.type, removed.entityId],
    );
    if (!known) await record(tx, { ...removed, source: Source.SYSTEM });
  });
}
