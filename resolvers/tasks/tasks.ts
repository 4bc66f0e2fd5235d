import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Reminder } from '../../entities/tasks/reminder.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { TaskTemplate } from '../../entities/tasks/task-template.js';
import { type Achievement, readStreak } from '../../src/achievements/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import {
  completeTask,
  completeTaskErrors,
  countTasks,
  createTask,
  createTaskErrors,
  deleteTask,
  deleteTaskErrors,
  listTasks,
  listTasksErrors,
  type ReminderRow,
  readTask,
  readTaskErrors,
  remindersByTask,
  reopenTask,
  reopenTaskErrors,
  type SubtaskRow,
  subtasksByTask,
  type TaskRow,
  type TemplateRow,
  unsafeTemplatesById,
  updateTask,
  updateTaskErrors,
} from '../../src/tasks/index.js';
import { AchievementType } from '../achievement.js';
import { ConnectionArguments } from '../connection.js';
import { DeletePayload } from '../deletion.js';
import { withErrors } from '../error-codes.js';
import { selectionOf } from '../selection.js';
import { TaskConnection } from './task-connection.js';
import {
  CompleteTaskInput,
  CreateTaskInput,
  DeleteTaskInput,
  ReopenTaskInput,
  TaskFilter,
  TaskOrder,
  UpdateTaskInput,
} from './task-inputs.js';

/** What counting subtasks needs of them. */
const counted: ReadonlySet<string> = new Set(['completed']);

@ObjectType({ simpleResolvers: true, description: 'The task that was made.' })
class CreateTaskPayload {
  @Field(() => Task, { description: 'The task as it was stored.' })
  task!: Task;
}

@ObjectType({ simpleResolvers: true, description: 'The task after the change.' })
class UpdateTaskPayload {
  @Field(() => Task, { description: 'The task as it is now.' })
  task!: Task;
}

@ObjectType({ simpleResolvers: true, description: 'The completed task, and what completing it has brought.' })
class CompleteTaskPayload {
  @Field(() => Task, { description: 'The task as it is after its completion.' })
  task!: Task;

  @Field(() => Task, { nullable: true, description: 'The next one of its series; null when there is none.' })
  nextInstance!: TaskRow | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the next task of the series is not there yet, such as the task limit, or a series that is 366 tasks ahead of time: it comes as soon as it can. Null when nothing is waited for.',
  })
  nextInstanceWaiting!: string | null;

  @Field(() => [AchievementType], { description: 'What this completion has earned.' })
  unlockedAchievements!: readonly Achievement[];
}

@ObjectType({ simpleResolvers: true, description: 'The task, open again.' })
class ReopenTaskPayload {
  @Field(() => Task, { description: 'The task as it is now.' })
  task!: Task;
}

/** What is asked of a completion beyond its task. */
@Resolver(() => CompleteTaskPayload)
export class CompletionsResolver {
  @FieldResolver(() => Int, { description: "Days of the user's streak." })
  streak(@Ctx() ctx: Context): Promise<number> {
    return readStreak(ctx);
  }
}

/** Tasks and what hangs on them. */
@Resolver(() => Task)
export class TasksResolver {
  @Query(() => Task, { description: withErrors("One of the caller's tasks.", readTaskErrors) })
  task(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the task.' }) id: string,
  ): Promise<TaskRow> {
    return readTask(ctx, id);
  }

  @Query(() => TaskConnection, {
    description: withErrors(
      "The caller's tasks, newest first unless ordered; hidden and archived ones only when asked for.",
      listTasksErrors,
    ),
  })
  async tasks(
    @Ctx() ctx: Context,
    @Arg('filter', () => TaskFilter, {
      nullable: true,
      description: 'Which tasks to list; hidden and archived ones are left out when omitted.',
    })
    filter: TaskFilter | null,
    @Arg('orderBy', () => TaskOrder, {
      nullable: true,
      description: 'The order of the list; newest first when omitted.',
    })
    orderBy: TaskOrder | null,
    @Args(() => ConnectionArguments) page: ConnectionArguments,
    @Info() info: GraphQLResolveInfo,
  ) {
    const selection = { filter, orderBy };
    const wanted = {
      withCount: selectionOf(info).has('totalCount'),
      subtaskFields: new Set([
        ...selectionOf(info, 'nodes', 'subtasks'),
        ...selectionOf(info, 'edges', 'node', 'subtasks'),
      ]),
    };
    return new TaskConnection(await listTasks(ctx, selection, page, wanted), () => countTasks(ctx, selection));
  }

  /** Of a task that was read without them. */
  @FieldResolver(() => [Subtask], { description: 'Its steps, in their order.' })
  subtasks(@Ctx() ctx: Context, @Root() task: TaskRow, @Info() info: GraphQLResolveInfo): Promise<SubtaskRow[]> {
    return load(ctx, subtasksByTask(selectionOf(info)), task.id);
  }

  @FieldResolver(() => [Reminder], { description: 'Its reminders, in the order of their making.' })
  reminders(@Ctx() ctx: Context, @Root() task: TaskRow): Promise<ReminderRow[]> {
    return load(ctx, remindersByTask, task.id);
  }

  @FieldResolver(() => TaskTemplate, { nullable: true, description: 'What it was made from; null for a one-off.' })
  template(@Ctx() ctx: Context, @Root() task: TaskRow): Promise<TemplateRow | null> | null {
    return task.templateId === null ? null : load(ctx, unsafeTemplatesById, task.templateId);
  }

  @FieldResolver(() => Int, { description: 'How many steps it has.' })
  async subtaskCount(@Ctx() ctx: Context, @Root() task: TaskRow): Promise<number> {
    return (await load(ctx, subtasksByTask(counted), task.id)).length;
  }

  @FieldResolver(() => Int, { description: 'How many of its steps are done.' })
  async completedSubtaskCount(@Ctx() ctx: Context, @Root() task: TaskRow): Promise<number> {
    return (await load(ctx, subtasksByTask(counted), task.id)).filter(({ completed }) => completed).length;
  }

  @Mutation(() => CreateTaskPayload, {
    description: withErrors('Makes a task with its subtasks.', createTaskErrors),
  })
  async createTask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'What the new task starts with.' }) input: CreateTaskInput,
  ): Promise<CreateTaskPayload> {
    const { task, subtasks } = await createTask(ctx, input);
    // The answer usually shows the subtasks: nothing has to be read for that.
    return { task: Object.assign(task, { subtasks }) };
  }

  @Mutation(() => UpdateTaskPayload, {
    description: withErrors('Changes a task.', updateTaskErrors),
  })
  async updateTask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which task, and what to change.' }) input: UpdateTaskInput,
  ): Promise<UpdateTaskPayload> {
    return { task: await updateTask(ctx, input) };
  }

  @Mutation(() => CompleteTaskPayload, {
    description: withErrors('Completes a task; with force also its open subtasks.', completeTaskErrors),
  })
  async completeTask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The task to complete, and how.' }) input: CompleteTaskInput,
  ): Promise<CompleteTaskPayload> {
    return completeTask(ctx, input);
  }

  @Mutation(() => ReopenTaskPayload, {
    description: withErrors(
      'Opens a completed task again, with the subtasks that were closed only by completing it by force; what it earned stays, and so does the next one of its series, beside which it is open then.',
      reopenTaskErrors,
    ),
  })
  async reopenTask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The task to open again.' }) input: ReopenTaskInput,
  ): Promise<ReopenTaskPayload> {
    return { task: await reopenTask(ctx, input) };
  }

  @Mutation(() => DeletePayload, {
    description: withErrors(
      'Deletes a task with its subtasks and reminders; the three newest deletions can be restored. An open task of a series is skipped so, and the next one comes as by completion; with endSeries none comes. Restoring a skipped task makes no second next one.',
      deleteTaskErrors,
    ),
  })
  async deleteTask(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The task to delete, and what becomes of its series.' }) input: DeleteTaskInput,
  ): Promise<DeletePayload> {
    const deletion = await deleteTask(ctx, input);
    return { deletedId: deletion.deletedItem.entityId, ...deletion };
  }
}
