import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { Priority } from '../../entities/tasks/priority.js';
import { ReminderMethod, ReminderType } from '../../entities/tasks/reminder.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { RecurrenceScope, SortDirection, TaskOrderField } from '../../src/tasks/index.js';

registerEnumType(TaskOrderField, {
  name: 'TaskOrderField',
  description: 'The field by which a list of tasks is sorted.',
  valuesConfig: {
    DUE_DATE: { description: 'Tasks without a due date come last either way.' },
    PRIORITY: { description: 'LOW before MEDIUM before HIGH.' },
    CREATED_AT: { description: 'When it was created.' },
    UPDATED_AT: { description: 'When it was last written.' },
    TITLE: { description: 'By the title, alphabetically, whatever its case.' },
  },
});
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'The direction in which a list is sorted.',
  valuesConfig: {
    ASC: { description: 'The smallest or earliest comes first.' },
    DESC: { description: 'The largest or latest comes first.' },
  },
});

registerEnumType(RecurrenceScope, {
  name: 'RecurrenceScope',
  description: 'What an edit of a task of a series reaches: of the task itself, its subtasks or its reminders.',
  valuesConfig: {
    THIS_ONLY: { description: 'This task alone. Not for a new recurrence. The only one that a one-off task takes.' },
    THIS_AND_FUTURE: {
      description: 'This task and those to come; with a new rule a task that recurs already moves to its next date.',
    },
    TEMPLATE_ONLY: { description: 'Those to come; this task stays as it is.' },
  },
});

@InputType({ description: 'Which tasks; what is omitted, null or an empty list does not matter.' })
export class TaskFilter {
  @Field(() => Boolean, { nullable: true, description: 'True lists completed tasks only, false open ones only.' })
  completed?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True lists the hidden ones; otherwise they are left out.' })
  hidden?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True lists the archived ones; otherwise they are left out.' })
  archived?: boolean | null;

  @Field(() => [Priority], { nullable: true, description: 'Only tasks of any of these priorities.' })
  priority?: Priority[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Only tasks that are due at this moment or later.' })
  dueFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only tasks that are due before this moment.' })
  dueBefore?: Date | null;

  @Field(() => [String], { nullable: true, description: 'Having all of these tags.' })
  tags?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Made from this template.' })
  templateId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Part of title or description, up to 200 characters; case is ignored (also of İ, which is i), accents are not.',
  })
  search?: string | null;
}

@InputType({ description: 'How a list of tasks runs.' })
export class TaskOrder {
  @Field(() => TaskOrderField, { description: 'The field by which the list is sorted.' })
  field!: TaskOrderField;

  @Field(() => SortDirection, {
    defaultValue: SortDirection.ASC,
    description: 'Whether the smallest or the largest comes first; ASC when omitted.',
  })
  direction!: SortDirection;
}

@InputType({ description: 'A subtask of a new task.' })
export class NewSubtaskInput {
  @Field(() => String, { description: 'What is to be done, 1–75 characters.' })
  title!: string;

  @Field(() => Int, { nullable: true, description: 'The estimated duration in minutes, 1–720; none when omitted.' })
  estimatedMinutes?: number | null;
}

/** What an edit of subtasks and reminders reaches. */
export const scopeDescription =
  'Of a task of a series: what the edit reaches; of a one-off task anything but THIS_ONLY is refused. When not given, THIS_AND_FUTURE, but THIS_ONLY for a completed task, for an absolute reminder, and for what the template has no room for. Ticking a subtask is always of this task alone, and so is an absolute reminder, for which TEMPLATE_ONLY is refused.';

@InputType({ description: 'An edit of the subtasks or the reminders of a task, which may be one of a series.' })
export abstract class ScopedInput {
  @Field(() => RecurrenceScope, { nullable: true, description: scopeDescription })
  recurrenceScope?: RecurrenceScope | null;
}

@InputType({ description: 'A reminder of a new task.' })
export class NewReminderInput {
  @Field(() => ReminderType, { description: 'Whether its time is relative to the due date, or a moment of its own.' })
  type!: ReminderType;

  @Field(() => Int, { nullable: true, description: 'Minutes before or after the due date, 0–43,200; not if absolute.' })
  offsetMinutes?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'The moment of an absolute one, in the future.' })
  at?: Date | null;

  @Field(() => ReminderMethod, { nullable: true, description: 'PUSH when not given.' })
  method?: ReminderMethod | null;
}

@InputType({ description: 'How a task recurs.' })
export class RecurrenceInput {
  @Field(() => String, {
    description: 'RFC 5545 RRULE: DAILY, WEEKLY, MONTHLY or YEARLY. An UNTIL behind the year 9998 becomes its end.',
  })
  rule!: string;

  @Field(() => String, {
    nullable: true,
    description: "IANA time zone; when not given the series' own, and the user's own for a new one.",
  })
  timeZone?: string | null;
}

@InputType({ description: 'What a new task starts with.' })
export class CreateTaskInput {
  @Field(() => String, { description: 'What is to be done, 1–200 characters.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'Up to 1,000 characters on the free plan, 2,000 on Pro.' })
  description?: string | null;

  @Field(() => Priority, { nullable: true, description: 'MEDIUM when not given.' })
  priority?: Priority | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'At most 30 days from now, unless it recurs; then where its rule begins.',
  })
  dueDate?: Date | null;

  @Field(() => [String], { nullable: true, description: 'At most 20, each 1–30 characters.' })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'The estimated duration in minutes, 1–720; none when omitted.' })
  estimatedMinutes?: number | null;

  @Field(() => [NewSubtaskInput], { nullable: true, description: 'The subtasks that it starts with, in their order.' })
  subtasks?: NewSubtaskInput[] | null;

  @Field(() => [NewReminderInput], { nullable: true, description: 'The reminders that it starts with, at most 5.' })
  reminders?: NewReminderInput[] | null;

  @Field(() => RecurrenceInput, { nullable: true, description: 'Makes it the first of a series, with a template.' })
  recurrence?: RecurrenceInput | null;
}

@InputType({ description: 'What to change: an omitted field stays, null clears.' })
export class UpdateTaskInput {
  @Field(() => ID, { description: 'The UUID of the task to change.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the caller saw.' })
  version!: number;

  @Field(() => String, { nullable: true, description: '1–200 characters; cannot be cleared.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 1,000 characters on the free plan, 2,000 on Pro.' })
  description?: string | null;

  @Field(() => Priority, { nullable: true, description: 'How much it matters; null is MEDIUM.' })
  priority?: Priority | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "At most 30 days after the task's creation, unless it recurs. Null clears it; together with a recurrence that reaches this task, null means the rule's next date from now on, also where that is sooner than the task was due.",
  })
  dueDate?: Date | null;

  @Field(() => [String], { nullable: true, description: 'At most 20, each 1–30 characters.' })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'The estimated duration in minutes, 1–720; null clears it.' })
  estimatedMinutes?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Out of the lists, its focus session ended, or back; cannot be cleared.',
  })
  hidden?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Put away, its focus session ended, or back; cannot be cleared.',
  })
  archived?: boolean | null;

  @Field(() => RecurrenceInput, {
    nullable: true,
    description:
      "Makes it recur, or changes how it does; null ends the series. A one-off task becomes the first of a new series, whose template takes over its title, description, priority, estimate, tags, subtasks and relative reminders. It keeps its due date, whether or not that is a date of the rule: the rule begins there, and its COUNT counts it. Without one it gets the rule's first date from now on for which its reminders are in time. A task that recurs already needs a scope. With THIS_AND_FUTURE and no due date in the same edit it moves to the first unused date of the rule from its day on, by the wall clock in another time zone too, and not before now; when its due date is null, in this edit or since before, to the first unused date from now on, which is in step with the date that it had, and on no day on which another task of the series was due. The rule that the series has already goes on there only behind what has been a task of it, and leaves a task that was moved by hand where it is: it stands for the date from which it was moved. TEMPLATE_ONLY leaves the task where it is; what comes once it is done or skipped is due at the new rule's next date after now, as with `updateTaskTemplate`. Another rule also makes a series go on that was paused or ended; the rule that it has changes nothing of that: `updateTaskTemplate` with `active: true` does. Of a completed task it is a CONFLICT, and so it is of a task of a series that is past due.",
  })
  recurrence?: RecurrenceInput | null;

  @Field(() => RecurrenceScope, {
    nullable: true,
    description:
      'Of a task of a series: what the edit reaches. A due date without a recurrence, hidden and archived are always of this task alone. When not given THIS_ONLY, but a new recurrence, or its end, needs THIS_AND_FUTURE or TEMPLATE_ONLY. With the first recurrence of a one-off task THIS_AND_FUTURE, given or not; without one THIS_ONLY. Anything else of a one-off task is refused.',
  })
  recurrenceScope?: RecurrenceScope | null;
}

@InputType({ description: 'Which task to complete.' })
export class CompleteTaskInput {
  @Field(() => ID, { description: 'The UUID of the task to complete.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the caller saw.' })
  version!: number;

  @Field(() => Boolean, { defaultValue: false, description: 'Also completes its open subtasks.' })
  force!: boolean;
}

@InputType({ description: 'Which task to open again.' })
export class ReopenTaskInput {
  @Field(() => ID, { description: 'The UUID of the task to open again.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the caller saw.' })
  version!: number;
}

@InputType({ description: 'Which task to delete. An open one of a series is skipped so: the next one comes.' })
export class DeleteTaskInput {
  @Field(() => ID, { description: 'The UUID of the task to delete.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the caller saw.' })
  version!: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Also ends its series: the template becomes inactive, and no next task comes. Others that are open stay.',
  })
  endSeries!: boolean;
}

@InputType({ description: 'A subtask to add at the end.' })
export class AddSubtaskInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the task to add it to.' })
  taskId!: string;

  @Field(() => String, { description: 'What is to be done, 1–75 characters.' })
  title!: string;

  @Field(() => Int, { nullable: true, description: 'The estimated duration in minutes, 1–720; none when omitted.' })
  estimatedMinutes?: number | null;
}

@InputType({ description: 'What to change: an omitted field stays, null clears.' })
export class UpdateSubtaskInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the subtask to change.' })
  id!: string;

  @Field(() => String, { nullable: true, description: '1–75 characters; cannot be cleared.' })
  title?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Done, or open again; cannot be cleared.' })
  completed?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The estimated duration in minutes, 1–720; null clears it.' })
  estimatedMinutes?: number | null;
}

@InputType({ description: 'Which subtask to remove.' })
export class RemoveSubtaskInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the subtask to remove.' })
  id!: string;
}

@InputType({ description: "A new order of a task's subtasks." })
export class ReorderSubtasksInput extends ScopedInput {
  @Field(() => ID, { description: 'The UUID of the task whose subtasks get another order.' })
  taskId!: string;

  @Field(() => [ID], { description: 'All of its subtasks, each once, in their new order.' })
  subtaskIds!: string[];
}
