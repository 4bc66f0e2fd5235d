import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** One night on which the balances of all accounts are compared with their ledgers. */
@Entity({ schema: 'billing' })
@Notes({ kept: '90 days' })
export class CreditReconciliation {
  /** The day, UTC. */
  @PrimaryKey({ type: 'date' })
  readonly day!: string;

  /** The last account that was looked at; a worker that goes on begins behind it. */
  @Property({ type: 'uuid' })
  readonly lastAccountId!: string;

  /** When it last got on; a worker that died is followed by another. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly workedAt!: Date;

  /** When all accounts had been looked at; null until then. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly finishedAt!: Date | null;
}
