import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** A process of the API that shares limits with the others, for as long as it says that it lives. Not logged. */
@Entity({ schema: 'platform' })
export class ApiProcess {
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @Property({ type: 'timestamptz', length: 3 })
  readonly seenAt!: Date;
}
