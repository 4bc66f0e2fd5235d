import { Source } from '../../../entities/activity/event.js';
import { Occurrence } from '../../../entities/tasks/occurrence.js';
import { Reminder, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import { Subtask } from '../../../entities/tasks/subtask.js';
import { Task } from '../../../entities/tasks/task.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { limitsOf } from '../../achievements/index.js';
import { record } from '../../activity/index.js';
import { newId, type Tx } from '../../context.js';
import { reminderCreated, taskCreated } from '../events.js';
import type { Occurrence as RuleOccurrence } from '../recurrence/index.js';
import { timeOf } from '../reminders/reminder-input.js';
import { roomForTask } from '../room.js';
import { freeOccurrence } from './free-occurrence.js';

/**
 * Makes the template's next task, due at the rule's next occurrence after now, never one of those that were missed.
 * Subtasks and relative reminders are taken over from the task before, to be done and to fire anew. Null when the
 * rule has ended. @throws LIMIT_REACHED
 */
export async function makeNextInstance(tx: Tx, template: TaskTemplate, previous: Task | null): Promise<Task | null> {
  const occurrence = await freeOccurrence(tx, template, tx.clock.now());
  return occurrence && makeInstance(tx, template, occurrence, previous);
}

/** Makes one occurrence of a template into a task. @throws LIMIT_REACHED */
export async function makeInstance(
  tx: Tx,
  template: TaskTemplate,
  { localTime, at }: RuleOccurrence,
  previous: Task | null,
): Promise<Task> {
  await roomForTask(tx);
  const { userId, title, description, priority, tags, estimatedMinutes } = template;
  const fields = { userId, title, description, priority, tags: [...tags], estimatedMinutes };
  const task = new Task({ ...fields, id: newId(tx.clock), dueDate: at, createdAt: tx.clock.now() });
  task.templateId = template.id;
  const subtasks = previous ? await subtasksLike(tx, previous, task) : [];
  const reminders = previous ? await remindersLike(tx, previous, task) : [];
  markMade(tx, template, localTime, task);
  tx.em.persist([task, ...subtasks, ...reminders]);
  await record(tx, { ...taskCreated(task, subtasks.length), source: Source.SYSTEM });
  for (const reminder of reminders) await record(tx, { ...reminderCreated(reminder), source: Source.SYSTEM });
  return task;
}

/** Notes that an occurrence has become a task: it never becomes another one. */
export function markMade(tx: Tx, template: TaskTemplate, localTime: string, task: Task): void {
  tx.em.persist(new Occurrence({ templateId: template.id, localTime, taskId: task.id }));
}

/** All of them, also on a plan that would not let the user add as many. */
async function subtasksLike(tx: Tx, previous: Task, task: Task): Promise<Subtask[]> {
  const found = await tx.em.find(Subtask, { taskId: previous.id }, { orderBy: { order: 'asc' } });
  return found.map(({ title, estimatedMinutes, source }, order) => {
    const common = { id: newId(tx.clock), userId: task.userId, taskId: task.id, createdAt: task.createdAt };
    return new Subtask({ ...common, title, estimatedMinutes, source, order });
  });
}

/** One whose time has passed already is taken over all the same, cancelled: the task after may be in time for it. */
async function remindersLike(tx: Tx, previous: Task, task: Task): Promise<Reminder[]> {
  const found = await tx.em.find(
    Reminder,
    { taskId: previous.id, type: { $ne: ReminderType.ABSOLUTE } },
    { orderBy: { createdAt: 'asc', id: 'asc' }, limit: limitsOf(tx.unit.account.tier).remindersPerTask },
  );
  return found.map(({ type, offsetMinutes, method }) => {
    const scheduledFor = timeOf(type, offsetMinutes, null, task.dueDate);
    const common = { id: newId(tx.clock), userId: task.userId, taskId: task.id, createdAt: task.createdAt };
    const reminder = new Reminder({ ...common, type, offsetMinutes, method, scheduledFor });
    if (scheduledFor && scheduledFor <= task.createdAt) reminder.state = ReminderState.CANCELLED;
    return reminder;
  });
}
