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
import { Task } from '../../entities/tasks/task.js';
import { TaskTemplate } from '../../entities/tasks/task-template.js';
import { TemplateReminder } from '../../entities/tasks/template-reminder.js';
import { TemplateSubtask } from '../../entities/tasks/template-subtask.js';
import { type Context, load } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import {
  countTaskTemplates,
  createTaskTemplate,
  createTaskTemplateErrors,
  deleteTaskTemplate,
  deleteTaskTemplateErrors,
  listTaskTemplates,
  listTaskTemplatesErrors,
  nextOccurrences,
  nextOccurrencesErrors,
  previewRecurrence,
  previewRecurrenceErrors,
  readTaskTemplate,
  readTaskTemplateErrors,
  remindersByTemplate,
  subtasksByTemplate,
  type TaskRow,
  type TemplateReminderRow,
  type TemplateRow,
  type TemplateSubtaskRow,
  templateInstances,
  templateInstancesErrors,
  templateRuleText,
  updateTaskTemplate,
  updateTaskTemplateErrors,
} from '../../src/tasks/index.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { DeletePayload } from '../deletion.js';
import { withErrors } from '../error-codes.js';
import { selectionOf } from '../selection.js';
import { TaskConnection } from './task-connection.js';
import { CreateTaskTemplateInput, DeleteTaskTemplateInput, UpdateTaskTemplateInput } from './task-template-inputs.js';

/** What dates cost, in objects: a rule, be its dates many or few, and each date. */
const ruleCost = 20;
const dateCost = 20;
/** A rule that nobody has checked yet may have none for years. */
const unseenRuleCost = 2_500;

const TaskTemplateConnection = connectionOf('TaskTemplate', () => TaskTemplate);

@ObjectType({ simpleResolvers: true, description: 'A rule in words, and its first dates.' })
class RecurrencePreview {
  @Field(() => String, { description: "Plain English: 'every week on Monday'." })
  text!: string;

  @Field(() => [DateTime], { description: 'The next 5 dates; fewer when the rule ends.' })
  occurrences!: readonly Date[];
}

@ObjectType({ simpleResolvers: true, description: 'A written template and its open task.' })
class TaskTemplatePayload {
  @Field(() => TaskTemplate, { description: 'The template as it is now.' })
  template!: TaskTemplate;

  @Field(() => Task, { nullable: true, description: 'Its task that is to be done next; null when there is none.' })
  instance!: TaskRow | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the next task of the series is not there yet, such as the task limit, or a series that is 366 tasks ahead of time: it comes as soon as it can. Null when nothing is waited for.',
  })
  nextInstanceWaiting!: string | null;
}

/** What recurring tasks are made from. */
@Resolver(() => TaskTemplate)
export class TaskTemplatesResolver {
  @Query(() => TaskTemplate, { description: withErrors("One of the caller's templates.", readTaskTemplateErrors) })
  taskTemplate(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the template.' }) id: string,
  ): Promise<TemplateRow> {
    return readTaskTemplate(ctx, id);
  }

  @Query(() => TaskTemplateConnection, {
    description: withErrors("The caller's templates, newest first.", listTaskTemplatesErrors),
  })
  async taskTemplates(
    @Ctx() ctx: Context,
    @Args(() => ForwardArguments) page: ForwardArguments,
    @Info() info: GraphQLResolveInfo,
  ) {
    const withCount = selectionOf(info).has('totalCount');
    return new TaskTemplateConnection(await listTaskTemplates(ctx, page, withCount), () => countTaskTemplates(ctx));
  }

  @Query(() => RecurrencePreview, {
    description: withErrors(
      'A rule in words and its first dates, if it began at `from` (else now).',
      previewRecurrenceErrors,
    ),
    complexity: unseenRuleCost,
  })
  previewRecurrence(
    @Ctx() ctx: Context,
    @Arg('rule', () => String, { description: 'An RFC 5545 RRULE, without the prefix.' }) rule: string,
    @Arg('timeZone', () => String, { nullable: true, description: "IANA time zone; the user's own when not given." })
    timeZone: string | null,
    @Arg('from', () => DateTime, { nullable: true, description: 'Where the rule begins; now when not given.' })
    from: Date | null,
  ): Promise<RecurrencePreview> {
    return previewRecurrence(ctx, { rule, timeZone, from });
  }

  @FieldResolver(() => String, { description: "The rule in plain English: 'every week on Monday'." })
  ruleText(@Root() template: TemplateRow): string {
    return templateRuleText(template);
  }

  @FieldResolver(() => [DateTime], {
    description: withErrors(
      'The next dates of the rule, paused or not, without the days on which tasks of an earlier rule were due, but for the first date of a new rule, which stands for the task that was open then; those that were done ahead of time are among them; fewer when it ends.',
      nextOccurrencesErrors,
    ),
    complexity: ({ args }) => ruleCost + dateCost * (typeof args['count'] === 'number' ? args['count'] : 0),
  })
  nextOccurrences(
    @Ctx() ctx: Context,
    @Root() template: TemplateRow,
    @Arg('count', () => Int, { defaultValue: 5, description: 'How many dates to answer, 1–50.' }) count: number,
  ): Promise<Date[]> {
    return nextOccurrences(ctx, template, count);
  }

  @FieldResolver(() => [TemplateSubtask], { description: 'The steps that every new task starts with, in their order.' })
  subtasks(@Ctx() ctx: Context, @Root() { id }: TemplateRow): Promise<TemplateSubtaskRow[]> {
    return load(ctx, subtasksByTemplate, id);
  }

  @FieldResolver(() => [TemplateReminder], { description: 'The reminders that every new task starts with.' })
  reminders(@Ctx() ctx: Context, @Root() { id }: TemplateRow): Promise<TemplateReminderRow[]> {
    return load(ctx, remindersByTemplate, id);
  }

  @FieldResolver(() => TaskConnection, {
    description: withErrors('Its tasks, newest first, hidden and archived ones included.', templateInstancesErrors),
  })
  async instances(
    @Ctx() ctx: Context,
    @Root() { id }: TemplateRow,
    @Args(() => ForwardArguments) page: ForwardArguments,
  ) {
    return new TaskConnection(await templateInstances.read(ctx, id, page), () => templateInstances.count(ctx, id));
  }

  @Mutation(() => TaskTemplatePayload, {
    description: withErrors('Makes a template and its first task.', createTaskTemplateErrors),
  })
  createTaskTemplate(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'What the new template starts with.' }) input: CreateTaskTemplateInput,
  ): Promise<TaskTemplatePayload> {
    return createTaskTemplate(ctx, input);
  }

  @Mutation(() => TaskTemplatePayload, {
    description: withErrors(
      'Changes what the tasks to come are made from; one that is activated, or gets a rule, makes its next task unless one is open: at once, or at the task limit as soon as there is room.',
      updateTaskTemplateErrors,
    ),
  })
  updateTaskTemplate(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which template, and what to change.' }) input: UpdateTaskTemplateInput,
  ): Promise<TaskTemplatePayload> {
    return updateTaskTemplate(ctx, input);
  }

  @Mutation(() => DeletePayload, {
    description: withErrors('Deletes a template; its tasks stay, unless asked otherwise.', deleteTaskTemplateErrors),
  })
  async deleteTaskTemplate(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The template to delete, and what becomes of its tasks.' })
    input: DeleteTaskTemplateInput,
  ): Promise<DeletePayload> {
    return { deletedId: await deleteTaskTemplate(ctx, input), deletedItem: null };
  }
}
