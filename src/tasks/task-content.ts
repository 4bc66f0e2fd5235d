import { z } from 'zod';
import { Source } from '../../entities/activity/event.js';
import { Priority } from '../../entities/tasks/priority.js';
import { Reminder, ReminderMethod, ReminderState, ReminderType } from '../../entities/tasks/reminder.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, Task } from '../../entities/tasks/task.js';
import { type ColumnsOf, entityOf } from '../kernel/rows.js';
import type { WholeTask } from './insert-task.js';

const moment = z.coerce.date<Date | string>();
/** What has to be kept of a row to make it again: every column, says the compiler. */
type Kept<Entity> = Record<keyof ColumnsOf<Entity>, z.ZodType>;

const TaskColumns = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  title: z.string(),
  description: z.string(),
  priority: z.enum(Priority),
  dueDate: moment.nullable(),
  tags: z.array(z.string()),
  estimatedMinutes: z.int().nullable(),
  templateId: z.uuid().nullable(),
  focusSeconds: z.int(),
  completed: z.boolean(),
  completedAt: moment.nullable(),
  completedBy: z.enum(CompletedBy).nullable(),
  hidden: z.boolean(),
  archived: z.boolean(),
  version: z.int(),
  newestVersion: z.int().default(1),
  createdAt: moment,
  updatedAt: moment,
} satisfies Kept<Task>);

const SubtaskColumns = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  taskId: z.uuid(),
  title: z.string(),
  completed: z.boolean(),
  completedAt: moment.nullable(),
  closedByForce: z.boolean().default(false),
  order: z.int(),
  estimatedMinutes: z.int().nullable(),
  source: z.enum(Source),
  templateSubtaskId: z.uuid().nullable().default(null),
  createdAt: moment,
} satisfies Kept<Subtask>);

const ReminderColumns = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  taskId: z.uuid(),
  type: z.enum(ReminderType),
  offsetMinutes: z.int().nullable(),
  method: z.enum(ReminderMethod),
  scheduledFor: moment.nullable(),
  state: z.enum(ReminderState),
  templateReminderId: z.uuid().nullable().default(null),
  createdAt: moment,
} satisfies Kept<Reminder>);

/** A task with all that hangs on it, as a tombstone keeps it. What an older version wrote is read with defaults. */
export const TaskContent = z.object({
  task: TaskColumns,
  subtasks: z.array(SubtaskColumns),
  reminders: z.array(ReminderColumns),
});

/** A content as entities, to be written once more. */
export function entitiesOf({ task, subtasks, reminders }: z.infer<typeof TaskContent>): WholeTask {
  return {
    // Those that were deleted before there was a newest version had no higher one.
    task: entityOf(Task, { ...task, newestVersion: Math.max(task.version, task.newestVersion) }),
    subtasks: subtasks.map((subtask) => entityOf(Subtask, subtask)),
    reminders: reminders.map((reminder) => entityOf(Reminder, reminder)),
  };
}
