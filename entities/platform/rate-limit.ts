import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** What all processes of the API together have counted of one key against one limit, in its current minute. Not logged. */
@Entity({ schema: 'platform' })
@Notes({
  kept: 'until its minute is over',
  indexes: {
    rate_limit_ends_at_index: 'Minutes that are over, to be deleted.',
  },
})
export class RateLimit {
  /** Of the limit. */
  @PrimaryKey({ type: 'text' })
  readonly name!: string;

  /** A user or an address. */
  @PrimaryKey({ type: 'text' })
  readonly key!: string;

  /** The limit itself. */
  @Property({ type: 'bigint' })
  readonly perMinute!: number;

  /** What was let through, or is reserved for it. */
  @Property({ type: 'bigint' })
  readonly total!: number;

  /** How much of that was reserved last. */
  @Property({ type: 'bigint' })
  readonly granted!: number;

  /** When the minute is over, by the database's clock. */
  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly endsAt!: Date;
}
