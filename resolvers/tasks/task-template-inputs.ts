import { Field, ID, InputType, Int } from 'type-graphql';
import { Priority } from '../../entities/tasks/priority.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { NewReminderInput, NewSubtaskInput } from './task-inputs.js';

/** What the tasks of a template take from it. */
@InputType({ description: 'What the tasks of a template take from it.' })
abstract class TemplateFields {
  @Field(() => String, { nullable: true, description: 'Up to 1,000 characters on the free plan, 2,000 on Pro.' })
  description?: string | null;

  @Field(() => Priority, { nullable: true, description: 'How much its tasks matter; null is MEDIUM.' })
  priority?: Priority | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The estimated duration of its tasks in minutes, 1–720; null is none.',
  })
  estimatedMinutes?: number | null;

  @Field(() => [String], { nullable: true, description: 'At most 20, each 1–30 characters.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: "IANA time zone; null is the user's own." })
  timeZone?: string | null;

  @Field(() => [NewSubtaskInput], {
    nullable: true,
    description: 'What each new task starts with, in order; all of them.',
  })
  subtasks?: NewSubtaskInput[] | null;

  @Field(() => [NewReminderInput], {
    nullable: true,
    description: 'What each new task starts with, all of them: BEFORE or AFTER, at most 5.',
  })
  reminders?: NewReminderInput[] | null;
}

@InputType({ description: 'What a new template starts with.' })
export class CreateTaskTemplateInput extends TemplateFields {
  @Field(() => String, { description: 'The title of its tasks, 1–200 characters.' })
  title!: string;

  @Field(() => String, {
    description: 'RFC 5545 RRULE: DAILY, WEEKLY, MONTHLY or YEARLY. An UNTIL behind the year 9998 becomes its end.',
  })
  rule!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "When the first task is due, and where the rule begins; the rule's first date from now when not given.",
  })
  firstDueDate?: Date | null;
}

@InputType({ description: 'What to change: an omitted field stays, null clears.' })
export class UpdateTaskTemplateInput extends TemplateFields {
  @Field(() => ID, { description: 'The UUID of the template to change.' })
  id!: string;

  @Field(() => String, { nullable: true, description: '1–200 characters; cannot be cleared.' })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "RFC 5545 RRULE; cannot be cleared. The open task stays as it is. A new rule begins at its next date from now on, also where the open task is due later: the next task comes once that one is done or skipped, on no day on which a task that the series had by then was due, or would have been had it not been moved. But a new rule's COUNT counts from its first date on the day on which the open task is due, or later, if that is still to come, else from its next date.",
  })
  rule?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False pauses it, true resumes it; cannot be cleared.' })
  active?: boolean | null;
}

@InputType({ description: 'Which template to delete.' })
export class DeleteTaskTemplateInput {
  @Field(() => ID, { description: 'The UUID of the template to delete.' })
  id!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Also deletes its tasks that are still open; the last three of them can be restored.',
  })
  withOpenInstances!: boolean;
}
