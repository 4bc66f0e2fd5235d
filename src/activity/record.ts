import { Source } from '../../entities/activity/event.js';
import {
  type Actor,
  afterCommit,
  logFailure,
  type RecordedEvent,
  type RowTx,
  runStatement,
  type Subscriber,
} from '../kernel/context.js';
import type { DomainEvent } from '../kernel/events.js';
import { sendJob } from '../kernel/jobs.js';
import { count } from '../kernel/metrics.js';
import { savepointOfRows } from '../kernel/savepoint.js';
import { RunAgain } from '../kernel/unit-of-work.js';
import { subscriberFailures } from './metrics.js';
import { RetrySubscriber } from './retry-subscriber.js';

/**
 * Writes events with the account's next numbers and runs their subscribers at once, each inside a savepoint. A
 * subscriber that fails is undone alone, logged, and handed to a job; what the user asked for stands.
 */
export async function record(tx: RowTx, ...events: readonly DomainEvent[]): Promise<void> {
  const recorded = events.map((event) => numbered(tx, event));
  const concerned = tx.services.subscribers.flatMap((subscriber) => {
    const heard = recorded.filter(({ type }) => type === subscriber.on);
    return heard.length > 0 ? [{ subscriber, heard }] : [];
  });
  if (concerned.length === 0) return;
  // A subscriber reads and refers to rows that the use case has only announced so far.
  await tx.flush();
  for (const { subscriber, heard } of concerned) await runOrHandOver(tx, subscriber, heard);
}

/** Whether the log has an event of this type about the same thing. */
export async function hasHappened(tx: RowTx, { type, entityId }: DomainEvent): Promise<boolean> {
  const rows = await runStatement(
    tx,
    'select from activity.event where account_id = $1 and type = $2 and entity_id = $3 limit 1',
    [tx.unit.account.id, type, entityId],
  );
  return rows.length > 0;
}

function numbered({ unit, clock, source, actor }: RowTx, event: DomainEvent): RecordedEvent {
  return unit.append({
    at: clock.now(),
    type: event.type,
    entityType: event.entityType,
    entityId: event.entityId,
    metadata: event.metadata,
    version: event.version,
    actorId: personBehind(actor, event.source ?? source),
    source: event.source ?? source,
  });
}

/** What a rule does because of somebody is still done by the rule. */
function personBehind(actor: Actor | null, source: Source): string | null {
  return actor?.kind === 'PERSON' && source !== Source.SYSTEM ? actor.id : null;
}

/** All events in one savepoint; if that fails, each in its own, so that one does not cost the others. */
async function runOrHandOver(tx: RowTx, subscriber: Subscriber, events: readonly RecordedEvent[]): Promise<void> {
  const run = async (inner: RowTx) => {
    if (subscriber.handleAll) return subscriber.handleAll(inner, events);
    for (const event of events) await subscriber.handle(inner, event);
  };
  try {
    await savepointOfRows({ ...tx, source: Source.SYSTEM }, run);
  } catch (error) {
    if (error instanceof RunAgain) throw error;
    const [event] = events;
    if (event && events.length === 1) return handOver(tx, subscriber, event, error);
    for (const event of events) await runOrHandOver(tx, subscriber, [event]);
  }
}

async function handOver(tx: RowTx, subscriber: Subscriber, event: RecordedEvent, error: unknown): Promise<void> {
  const fields = { subscriber: subscriber.name, event: event.type };
  afterCommit(tx, () => logFailure(tx.log, error, fields, 'a subscriber failed; a job retries it'));
  count(tx, subscriberFailures, { subscriber: subscriber.name });
  const job = { accountId: tx.unit.account.id, number: event.number, subscriber: subscriber.name };
  await sendJob(tx, RetrySubscriber, job);
}
