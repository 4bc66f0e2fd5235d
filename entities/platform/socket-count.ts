import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** How many sockets a user has open in which process of the API. Not logged. */
@Entity({ schema: 'platform' })
export class SocketCount {
  @PrimaryKey({ type: 'uuid' })
  readonly userId!: string;

  /** A number for each process, by its id. */
  @Property({ type: 'jsonb' })
  readonly byProcess!: Readonly<Record<string, number>>;
}
