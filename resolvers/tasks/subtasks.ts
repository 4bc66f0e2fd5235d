import { Arg, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import type { Achievement } from '../../src/achievements/index.js';
import type { Context } from '../../src/kernel/context.js';
import {
  addSubtask,
  addSubtaskErrors,
  readTask,
  removeSubtask,
  removeSubtaskErrors,
  reorderSubtasks,
  reorderSubtasksErrors,
  type SubtaskRow,
  type TaskRow,
  updateSubtask,
  updateSubtaskErrors,
} from '../../src/tasks/index.js';
import { AchievementType } from '../achievement.js';
import { withErrors } from '../error-codes.js';
import { AddSubtaskInput, RemoveSubtaskInput, ReorderSubtasksInput, UpdateSubtaskInput } from './task-inputs.js';

@ObjectType({ simpleResolvers: true, description: 'A written subtask and its task.' })
class SubtaskPayload {
  @Field(() => Subtask, {
    nullable: true,
    description: 'The subtask; null when it was removed, after reordering, and when only the template was changed.',
  })
  subtask!: Subtask | null;

  @Field(() => Task, { description: 'Its task; completed when this was its last open subtask.' })
  task!: Task;

  @Field(() => [AchievementType], { description: 'What completing the task with it has earned.' })
  unlockedAchievements!: readonly Achievement[];

  @Field(() => Task, { nullable: true, description: 'The next task of the series when this completed one of it.' })
  nextInstance?: TaskRow | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the next task of the series is not there yet, such as the task limit, or a series that is 366 tasks ahead of time: it comes as soon as it can. Null when nothing is waited for.',
  })
  nextInstanceWaiting?: string | null;
}

/** The steps of tasks. */
@Resolver(() => Subtask)
export class SubtasksResolver {
  @FieldResolver(() => Task, { description: 'The task that it is a step of.' })
  task(@Ctx() ctx: Context, @Root() subtask: SubtaskRow): Promise<TaskRow> {
    return readTask(ctx, subtask.taskId);
  }

  @Mutation(() => SubtaskPayload, {
    description: withErrors('Adds a subtask at the end.', addSubtaskErrors),
  })
  addSubtask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The task and the subtask to add to it.' }) input: AddSubtaskInput,
  ): Promise<SubtaskPayload> {
    return addSubtask(ctx, input);
  }

  @Mutation(() => SubtaskPayload, {
    description: withErrors(
      'Changes a subtask; completing the last open one completes the task, and opening one of a task that was completed so reopens it.',
      updateSubtaskErrors,
    ),
  })
  updateSubtask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which subtask, and what to change.' }) input: UpdateSubtaskInput,
  ): Promise<SubtaskPayload> {
    return updateSubtask(ctx, input);
  }

  @Mutation(() => SubtaskPayload, {
    description: withErrors('Removes a subtask; those behind it move up.', removeSubtaskErrors),
  })
  async removeSubtask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The subtask to remove.' }) input: RemoveSubtaskInput,
  ): Promise<SubtaskPayload> {
    return { subtask: null, task: await removeSubtask(ctx, input), unlockedAchievements: [] };
  }

  @Mutation(() => SubtaskPayload, {
    description: withErrors('Puts the subtasks of a task into another order.', reorderSubtasksErrors),
  })
  async reorderSubtasks(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which task, and the new order.' }) input: ReorderSubtasksInput,
  ): Promise<SubtaskPayload> {
    return { subtask: null, task: await reorderSubtasks(ctx, input), unlockedAchievements: [] };
  }
}
