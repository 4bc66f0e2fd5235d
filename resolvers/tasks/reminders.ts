import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Reminder, ReminderMethod } from '../../entities/tasks/reminder.js';
import { Task } from '../../entities/tasks/task.js';
import type { Context } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import {
  addReminder,
  addReminderErrors,
  RecurrenceScope,
  type ReminderRow,
  readTask,
  removeReminder,
  removeReminderErrors,
  type TaskRow,
  updateReminder,
  updateReminderErrors,
} from '../../src/tasks/index.js';
import { withErrors } from '../error-codes.js';
import { NewReminderInput, ScopedInput, scopeDescription } from './task-inputs.js';

@InputType({ description: 'A reminder to add to a task.' })
class AddReminderInput extends NewReminderInput {
  @Field(() => ID, { description: 'The UUID of the task to add it to.' })
  taskId!: string;

  @Field(() => RecurrenceScope, { nullable: true, description: scopeDescription })
  recurrenceScope?: RecurrenceScope | null;
}

@InputType({ description: 'What to change: an omitted field stays.' })
class UpdateReminderInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the reminder to change.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Minutes before or after the due date, 0–43,200; not if absolute.' })
  offsetMinutes?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'The moment of an absolute one, in the future.' })
  at?: Date | null;

  @Field(() => ReminderMethod, { nullable: true, description: 'How it reaches its user; null is PUSH.' })
  method?: ReminderMethod | null;
}

@InputType({ description: 'Which reminder to remove.' })
class RemoveReminderInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the reminder to remove.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A written reminder and its task.' })
class ReminderPayload {
  @Field(() => Reminder, {
    nullable: true,
    description: 'The reminder; null when it was removed, and when only the template was changed.',
  })
  reminder!: Reminder | null;

  @Field(() => Task, { description: 'The task that the reminder belongs to.' })
  task!: Task;
}

/** Moments at which the user wants to hear of a task. */
@Resolver(() => Reminder)
export class RemindersResolver {
  @FieldResolver(() => Task, { description: 'The task that it reminds of.' })
  task(@Ctx() ctx: Context, @Root() reminder: ReminderRow): Promise<TaskRow> {
    return readTask(ctx, reminder.taskId);
  }

  @Mutation(() => ReminderPayload, {
    description: withErrors('Adds a reminder.', addReminderErrors),
  })
  addReminder(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The task and the reminder to add to it.' }) input: AddReminderInput,
  ): Promise<ReminderPayload> {
    return addReminder(ctx, input);
  }

  @Mutation(() => ReminderPayload, {
    description: withErrors('Changes a reminder; a new time brings a cancelled one back.', updateReminderErrors),
  })
  updateReminder(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which reminder, and what to change.' }) input: UpdateReminderInput,
  ): Promise<ReminderPayload> {
    return updateReminder(ctx, input);
  }

  @Mutation(() => ReminderPayload, {
    description: withErrors('Removes a reminder.', removeReminderErrors),
  })
  async removeReminder(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The reminder to remove.' }) input: RemoveReminderInput,
  ): Promise<ReminderPayload> {
    return { reminder: null, task: await removeReminder(ctx, input) };
  }
}
