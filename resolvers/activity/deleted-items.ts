import { Arg, Ctx, createUnionType, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { DeletedItemType, Tombstone } from '../../entities/activity/tombstone.js';
import { Note } from '../../entities/notes/note.js';
import { Task } from '../../entities/tasks/task.js';
import {
  type DeletedItemRow,
  listDeletedItems,
  type Restorers,
  restoreDeleted,
  restoreDeletedErrors,
} from '../../src/activity/index.js';
import type { Context } from '../../src/kernel/context.js';
import { restoreNote } from '../../src/notes/index.js';
import { restoreTask } from '../../src/tasks/index.js';
import { withErrors } from '../error-codes.js';

/** How each kind of deleted thing is made again, by its domain; a new kind joins here and in the union. */
const restorers: Restorers<object> = {
  [DeletedItemType.TASK]: restoreTask,
  [DeletedItemType.NOTE]: restoreNote,
};
const typenames: Readonly<Record<DeletedItemType, string>> = {
  [DeletedItemType.TASK]: 'Task',
  [DeletedItemType.NOTE]: 'Note',
};

const RestoredItem = createUnionType({
  name: 'RestoredItem',
  description: 'A thing that was restored from the deleted ones.',
  types: () => [Task, Note] as const,
});

@InputType({ description: 'Which deleted thing to restore.' })
class RestoreDeletedInput {
  @Field(() => ID, { description: 'Its id among `deletedItems`, not the id that it had.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The thing that was restored.' })
class RestoreDeletedPayload {
  @Field(() => RestoredItem, { description: 'The thing, with the ids and times that it had.' })
  item!: object;
}

/** What was deleted last, and how to get it back. */
@Resolver()
export class DeletedItemsResolver {
  @Query(() => [Tombstone], {
    description: "The caller's three newest deleted things, the newest first: what can be restored.",
  })
  deletedItems(@Ctx() ctx: Context): Promise<DeletedItemRow[]> {
    return listDeletedItems(ctx);
  }

  @Mutation(() => RestoreDeletedPayload, {
    description: withErrors(
      'Brings a deleted thing back with its original ids and times; what cannot be restored stays restorable.',
      restoreDeletedErrors,
    ),
  })
  async restoreDeleted(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The deleted thing to restore.' }) input: RestoreDeletedInput,
  ): Promise<RestoreDeletedPayload> {
    const { type, item } = await restoreDeleted(ctx, input, restorers);
    return { item: Object.assign(item, { __typename: typenames[type] }) };
  }
}
