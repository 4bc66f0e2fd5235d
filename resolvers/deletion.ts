import { Field, ID, ObjectType } from 'type-graphql';
import { Tombstone } from '../entities/activity/tombstone.js';
import { Task } from '../entities/tasks/task.js';

/** What every deletion answers. */
@ObjectType({ simpleResolvers: true, description: 'What was deleted, and how it can be restored.' })
export class DeletePayload {
  @Field(() => ID, { description: 'The id that is gone.' })
  deletedId!: string;

  @Field(() => Tombstone, { nullable: true, description: 'What can bring it back; null for what cannot be restored.' })
  deletedItem!: object | null;

  @Field(() => Task, {
    nullable: true,
    description: 'The next task of the series when a recurring one was skipped by its deletion; null otherwise.',
  })
  nextInstance?: object | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the next task of the series is not there yet, such as the task limit, or a series that is 366 tasks ahead of time; null when nothing is waited for.',
  })
  nextInstanceWaiting?: string | null;
}
