import { Field, ID, ObjectType } from 'type-graphql';
import { Tombstone } from '../entities/activity/tombstone.js';

/** What every deletion answers. */
@ObjectType({ simpleResolvers: true, description: 'What was deleted.' })
export class DeletePayload {
  @Field(() => ID, { description: 'The id that is gone.' })
  deletedId!: string;

  @Field(() => Tombstone, { nullable: true, description: 'What can bring it back; null for what cannot be restored.' })
  deletedItem!: object | null;
}
