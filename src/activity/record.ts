import { Source } from '../../entities/activity/event.js';
import type { RecordedEvent, Subscriber, Tx } from '../context.js';
import { transaction } from '../transaction.js';
import { RetrySubscriber } from './retry-subscriber.js';

/** Something that happened, before it has a number and a time. */
export interface DomainEvent {
  /** `thing.verb`, such as `task.completed`. */
  readonly type: string;
  readonly entityType: string;
  readonly entityId: string;
  /** Ids and small facts, never content. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Who caused it; by default whoever the operation acts for. */
  readonly source?: Source;
}

/**
 * Writes an event with the account's next number and runs its subscribers at once, each inside a savepoint. A
 * subscriber that fails is undone alone, logged, and handed to a job; what the user asked for stands.
 */
export async function record(tx: Tx, event: DomainEvent): Promise<void> {
  const { unit } = tx;
  unit.head += 1;
  const recorded: RecordedEvent = {
    number: unit.head,
    at: tx.clock.now(),
    type: event.type,
    entityType: event.entityType,
    entityId: event.entityId,
    metadata: event.metadata ?? {},
    source: event.source ?? tx.source,
  };
  unit.events.push(recorded);
  const subscribers = tx.services.subscribers.filter(({ on }) => on === event.type);
  if (subscribers.length === 0) return;
  // A subscriber reads and refers to rows that the use case has only announced so far.
  await tx.em.flush();
  for (const subscriber of subscribers) await runOrHandOver(tx, subscriber, recorded);
}

async function runOrHandOver(tx: Tx, subscriber: Subscriber, event: RecordedEvent): Promise<void> {
  const { account } = tx.unit;
  try {
    await transaction({ ...tx, source: Source.SYSTEM }, (inner) => subscriber.handle(inner, event), account.id);
  } catch (error) {
    tx.log.error({ error, subscriber: subscriber.name, event: event.type }, 'a subscriber failed; a job retries it');
    tx.services.metrics.subscriberFailures.inc({ subscriber: subscriber.name });
    const job = { userId: account.id, number: event.number, subscriber: subscriber.name };
    await tx.services.queue.send(RetrySubscriber, job, async (text, values = []) => ({
      rows: await tx.unit.runStatement(text, values),
    }));
  }
}
