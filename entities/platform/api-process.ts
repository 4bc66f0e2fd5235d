import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** A process of the API that shares limits with the others, for as long as it says that it lives. Not logged. */
@Entity({ schema: 'platform' })
@Notes({
  kept: 'until it stops, or another has missed it for a minute',
})
export class ApiProcess {
  /** The process, which makes one up at its start. */
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** When it last said that it lives, by the database's clock. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly seenAt!: Date;
}
