import type { z } from 'zod';
import type { Source } from '../../entities/activity/event.js';
import type { RowTx, Subscriber } from './context.js';
import type { RecordedEvent } from './unit-of-work.js';
import { type Upgrade, versionedShape } from './versioned.js';

/** Something that happened, before it has a number and a time. */
export interface DomainEvent {
  readonly type: string;
  /** Of its data's shape. */
  readonly version: number;
  readonly entityType: string;
  readonly entityId: string;
  /** Ids and small facts, never content. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Who caused it; by default whoever the operation acts for. */
  readonly source?: Source;
}

/** One kind of event; called with what it is about and its data it answers such an event. */
export interface EventDefinition<Data> {
  (entityId: string, data: Data, source?: Source): DomainEvent;
  /** `thing.verb`. It is stored, and clients know it: it is never renamed. */
  readonly type: string;
  /** What kind of thing it is about. */
  readonly entityType: string;
  /** What happened, for whoever reads the schema. */
  readonly description: string;
  /** Of its data, as they are stored today. */
  readonly shape: z.ZodType;
  /** The data of a stored event, of whichever version. */
  dataOf(event: Pick<RecordedEvent, 'metadata' | 'version'>): Data;
}

/**
 * Defines a kind of event: the one place that says what its data are. When their shape changes, `upgrades` brings stored
 * data on: the first from version 1 to 2, and so on.
 */
export function defineEvent<Shape extends z.ZodType<Readonly<Record<string, unknown>>>>(
  type: string,
  entityType: string,
  description: string,
  data: Shape,
  upgrades: readonly Upgrade[] = [],
): EventDefinition<z.output<Shape>> {
  const { version, read } = versionedShape(data, upgrades);
  const make = (entityId: string, metadata: z.output<Shape>, source?: Source): DomainEvent => {
    const event = { type, version, entityType, entityId, metadata };
    return source === undefined ? event : { ...event, source };
  };
  const dataOf = (event: Pick<RecordedEvent, 'metadata' | 'version'>) => read(event.metadata, event.version);
  return Object.assign(make, { type, entityType, description, shape: data, dataOf });
}

/** A stored event with its data as they are defined. */
export type Heard<Data> = RecordedEvent & { readonly data: Data };

/**
 * Has `handle` act on events of a kind, in the transaction that caused them; the rules are those of `Subscriber`. `name`
 * is kept in jobs: it is never changed. `handleAll` does the same for several events that were recorded together.
 */
export function subscribe<Data>(
  definition: EventDefinition<Data>,
  name: string,
  handle: (tx: RowTx, event: Heard<Data>) => Promise<void>,
  handleAll?: (tx: RowTx, events: readonly Heard<Data>[]) => Promise<void>,
): Subscriber {
  const heard = (event: RecordedEvent): Heard<Data> => ({ ...event, data: definition.dataOf(event) });
  return {
    name,
    on: definition.type,
    handle: (tx, event) => handle(tx, heard(event)),
    ...(handleAll
      ? { handleAll: (tx: RowTx, events: readonly RecordedEvent[]) => handleAll(tx, events.map(heard)) }
      : {}),
  };
}
