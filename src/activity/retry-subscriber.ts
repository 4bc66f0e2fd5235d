import { z } from 'zod';
import type { Source } from '../../entities/activity/event.js';
import { asAccount, type Context, type RecordedEvent, runStatement } from '../kernel/context.js';
import { defineJob } from '../kernel/jobs.js';
import { transaction } from '../kernel/transaction.js';

/** Which subscriber failed for which event. */
const Failed = z.object({ accountId: z.uuid(), number: z.int().positive(), subscriber: z.string() });

/** Runs a subscriber again that failed in the transaction of its event. */
export const RetrySubscriber = defineJob('activity.retry-subscriber', Failed, {
  retryLimit: 20,
  retryDelaySeconds: 1,
  expireInSeconds: 60,
});

/**
 * Runs one subscriber for one stored event. The second time changes nothing, since a subscriber's effects carry unique
 * keys. A subscriber or an event that is gone has nothing left to do.
 */
export async function retrySubscriber(ctx: Context, failed: z.infer<typeof Failed>): Promise<void> {
  const { accountId, number, subscriber: name } = failed;
  const subscriber = ctx.services.subscribers.find((candidate) => candidate.name === name);
  const event = await readEvent(ctx, accountId, number);
  if (!subscriber || !event) return ctx.log.warn({ subscriber: name, number }, 'nothing is left to retry');
  await transaction(asAccount(ctx, accountId), (tx) => subscriber.handle(tx, event));
}

async function readEvent(ctx: Context, accountId: string, number: number): Promise<RecordedEvent | null> {
  const [row] = await runStatement<Omit<RecordedEvent, 'number' | 'at'> & { at: string; source: Source }>(
    ctx,
    `select type, version, actor_id as "actorId", source, entity_type as "entityType", entity_id as "entityId", metadata, at
     from activity.event where account_id = $1 and number = $2`,
    [accountId, number],
  );
  return row ? { ...row, number, at: new Date(row.at) } : null;
}
