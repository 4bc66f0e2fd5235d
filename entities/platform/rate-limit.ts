import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** What all processes of the API together have counted of one key against one limit, in its current minute. Not logged. */
@Entity({ schema: 'platform' })
export class RateLimit {
  @PrimaryKey({ type: 'text' })
  readonly name!: string;

  /** A user or an address. */
  @PrimaryKey({ type: 'text' })
  readonly key!: string;

  @Property({ type: 'bigint' })
  readonly perMinute!: number;

  /** What was let through, or is reserved for it. */
  @Property({ type: 'bigint' })
  readonly total!: number;

  /** How much of that was reserved last. */
  @Property({ type: 'bigint' })
  readonly granted!: number;

  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly endsAt!: Date;
}
