import { Check, Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { registerEnumType } from 'type-graphql';
import { Notes } from '../table-notes.js';

/** Who caused a change. */
export enum Source {
  USER = 'USER',
  AI = 'AI',
  SYSTEM = 'SYSTEM',
}
registerEnumType(Source, {
  name: 'Source',
  description: 'Who caused a change.',
  valuesConfig: {
    USER: { description: 'The user asked for it.' },
    AI: { description: 'The assistant proposed it and the user confirmed.' },
    SYSTEM: { description: 'A rule, a job or an operator did it.' },
  },
});

/** Days of the log that users can read; older partitions are dropped. The functions of `upkeep` keep to it as well. */
export const daysKept = 30;

/**
 * One thing that happened to an account, written in the transaction that caused it: the activity feed, the audit
 * trail and the source of every subscription. Partitioned by day of `at`; a day without a partition of its own falls
 * into the default one, so that no write ever fails for the want of a partition.
 */
@Entity({
  schema: 'activity',
  partitionBy: {
    type: 'range',
    expression: 'at',
    partitions: [{ name: 'activity.event_default', values: 'default' }],
  },
})
@Check({ name: 'event_number_positive', expression: 'number > 0' })
@Notes({
  kept: `${daysKept} days, or as long as its account: the job \`activity.keep-event-partitions\` drops older partitions`,
})
export class Event {
  /** The account that it happened to. No foreign key: the log is dropped by the day. */
  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string;

  /** Gapless per account, in commit order. */
  @PrimaryKey({ type: 'bigint' })
  readonly number!: number;

  /** When it happened; a day is a partition. */
  @PrimaryKey({ type: 'timestamptz', length: 3 })
  readonly at!: Date;

  /** What happened, such as `task.completed`: one of those of `src/events/`. */
  @Property({ type: 'text' })
  readonly type!: string;

  /** Of the shape of `metadata`. */
  @Property({ type: 'smallint', default: 1 })
  readonly version!: number;

  /** The signed-in person who did it; null for a rule or a job. */
  @Property({ type: 'uuid', nullable: true })
  readonly actorId!: string | null;

  /** Who caused it: the user, the assistant, a rule or a job. */
  @Enum({ items: () => Source })
  readonly source!: Source;

  /** Which kind of thing it is about, such as `task`. */
  @Property({ type: 'text' })
  readonly entityType!: string;

  /** The thing that it is about, whether or not it still exists. */
  @Property({ type: 'uuid' })
  readonly entityId!: string;

  /** Ids and small facts, never content. */
  @Property({ type: 'json' })
  readonly metadata!: Record<string, unknown>;

  /** The request or job that caused it, as the log has it. */
  @Property({ type: 'text' })
  readonly requestId!: string;
}
