import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** How many sockets a user has open in which process of the API. Not logged. */
@Entity({ schema: 'platform' })
@Notes({
  kept: 'until the last socket of the user closes',
})
export class SocketCount {
  /** Whose sockets they are. */
  @PrimaryKey({ type: 'uuid' })
  readonly userId!: string;

  /** A number for each process, by its id. */
  @Property({ type: 'jsonb' })
  readonly byProcess!: Readonly<Record<string, number>>;
}
