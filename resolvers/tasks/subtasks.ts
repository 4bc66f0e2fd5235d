import { Arg, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { type Context, load, owned } from '../../src/context.js';
import { addSubtask, type SubtaskRow, type TaskRow, unsafeTasksById, updateSubtask } from '../../src/tasks/index.js';
import { AddSubtaskInput, UpdateSubtaskInput } from './task-inputs.js';

@ObjectType({ simpleResolvers: true, description: 'A written subtask and its task.' })
class SubtaskPayload {
  @Field(() => Subtask, { nullable: true, description: 'The subtask.' })
  subtask!: Subtask | null;

  @Field(() => Task, { description: 'Its task; completed when this was its last open subtask.' })
  task!: Task;
}

/** The steps of tasks. */
@Resolver(() => Subtask)
export class SubtasksResolver {
  @FieldResolver(() => Task, { description: 'The task that it is a step of.' })
  async task(@Ctx() ctx: Context, @Root() subtask: SubtaskRow): Promise<TaskRow> {
    return owned(ctx, 'task', await load(ctx, unsafeTasksById, subtask.taskId));
  }

  @Mutation(() => SubtaskPayload, {
    description:
      'Adds a subtask at the end. Errors: VALIDATION_FAILED, NOT_FOUND, FORBIDDEN, CONFLICT on a completed task, LIMIT_REACHED.',
  })
  addSubtask(@Ctx() ctx: Context, @Arg('input') input: AddSubtaskInput): Promise<SubtaskPayload> {
    return addSubtask(ctx, input);
  }

  @Mutation(() => SubtaskPayload, {
    description:
      'Changes a subtask; completing the last open one completes the task. Errors: VALIDATION_FAILED, NOT_FOUND, FORBIDDEN, CONFLICT.',
  })
  updateSubtask(@Ctx() ctx: Context, @Arg('input') input: UpdateSubtaskInput): Promise<SubtaskPayload> {
    return updateSubtask(ctx, input);
  }
}
