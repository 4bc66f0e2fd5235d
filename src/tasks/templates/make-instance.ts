import { Source } from '../../../entities/activity/event.js';
import { Reminder } from '../../../entities/tasks/reminder.js';
import { Subtask } from '../../../entities/tasks/subtask.js';
import { Task } from '../../../entities/tasks/task.js';
import { requireCapacityForOneMore } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { newId, type RowTx } from '../../kernel/context.js';
import { limitReached } from '../../kernel/errors.js';
import { reminderCreated, taskCreated } from '../events.js';
import { insertInstance } from '../insert-task.js';
import type { Occurrence } from '../recurrence/index.js';
import { stateFor, timeOf } from '../reminders/reminder-input.js';
import { freeOccurrence, maxAhead, type ReminderSource, type Series, type SubtaskSource } from './series.js';

/** What an instance is made from. */
export type InstanceSource = Pick<
  Series,
  'id' | 'accountId' | 'title' | 'description' | 'priority' | 'estimatedMinutes' | 'tags' | 'subtasks' | 'reminders'
>;

/**
 * The occurrence that becomes the template's next task: the rule's next one after now, never one of those that were
 * missed. Null when the rule has ended. @throws LIMIT_REACHED when there is no room for the task
 */
export async function nextOccurrence(tx: RowTx, series: Series): Promise<Occurrence | null> {
  const occurrence = freeOccurrence(series, tx.clock.now());
  if (!occurrence) return null;
  if (series.madeAhead >= maxAhead) {
    const message = `A series may be ${maxAhead} tasks ahead of time.`;
    throw limitReached(message, { resource: 'tasksAhead', limit: maxAhead, current: series.madeAhead });
  }
  await requireCapacityForOneMore(tx, 'tasks', series.taskCount);
  return occurrence;
}

/**
 * Makes one occurrence of a template into a task, for which there is room, with the template's subtasks and reminders:
 * rows, since every completion does it.
 */
export async function makeInstance(tx: RowTx, source: InstanceSource, { localTime, at }: Occurrence): Promise<Task> {
  const { id: templateId, accountId, title, description, priority, estimatedMinutes, tags } = source;
  const fields = { title, description, priority, estimatedMinutes, tags: [...tags], dueDate: at };
  const task = new Task({ ...fields, id: newId(tx.clock), accountId, createdAt: tx.clock.now() });
  task.templateId = templateId;
  // All subtasks, also on a plan that would not let the user add as many.
  const subtasks = source.subtasks.map((step, order) => subtaskFrom(tx, task, step, order));
  const reminders = source.reminders.map((reminder) => reminderFrom(tx, task, reminder));
  await insertInstance(tx, { task, subtasks, reminders }, localTime);
  const events = [taskCreated(task, subtasks.length), ...reminders.map(reminderCreated)];
  await record(tx, ...events.map((event) => ({ ...event, source: Source.SYSTEM })));
  return task;
}

function subtaskFrom(tx: RowTx, task: Task, { id, title, estimatedMinutes, source }: SubtaskSource, order: number) {
  const { id: taskId, accountId, createdAt } = task;
  const fields = { title, estimatedMinutes, source, order };
  const subtask = new Subtask({ ...fields, id: newId(tx.clock), accountId, taskId, createdAt });
  subtask.templateSubtaskId = id;
  return subtask;
}

/** One whose time has passed already is made all the same, cancelled: a later due date brings it back. */
function reminderFrom(tx: RowTx, task: Task, { id, type, offsetMinutes, method }: ReminderSource) {
  const { id: taskId, accountId, createdAt } = task;
  const scheduledFor = timeOf(type, offsetMinutes, null, task.dueDate);
  const fields = { type, offsetMinutes, method, scheduledFor };
  const reminder = new Reminder({ ...fields, id: newId(tx.clock), accountId, taskId, createdAt });
  reminder.state = stateFor(scheduledFor, tx.clock.now());
  reminder.templateReminderId = id;
  return reminder;
}
