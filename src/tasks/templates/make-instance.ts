import { Source } from '../../../entities/activity/event.js';
import { requireCapacityForOneMore } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { newId, type RowTx, runStatement } from '../../kernel/context.js';
import { limitReached } from '../../kernel/errors.js';
import { reminderCreated, taskCreated } from '../events.js';
import type { Occurrence } from '../recurrence/index.js';
import { stateFor, timeOf } from '../reminders/reminder-input.js';
import { type TaskRow, taskRows } from '../task-rows.js';
import { freeOccurrence, maxAhead, type ReminderSource, type Series } from './series.js';

/** What an instance is made from. */
export type InstanceSource = Pick<
  Series,
  'id' | 'accountId' | 'title' | 'description' | 'priority' | 'estimatedMinutes' | 'tags' | 'subtasks' | 'reminders'
>;

/**
 * Makes the template's next task, due at the rule's next occurrence after now, never one of those that were missed.
 * Null when the rule has ended. @throws LIMIT_REACHED
 */
export async function makeNextInstance(tx: RowTx, series: Series): Promise<TaskRow | null> {
  const occurrence = freeOccurrence(series, tx.clock.now());
  if (!occurrence) return null;
  if (series.madeAhead >= maxAhead) {
    const message = `A series may be ${maxAhead} tasks ahead of time.`;
    throw limitReached(message, { resource: 'tasksAhead', limit: maxAhead, current: series.madeAhead });
  }
  await requireCapacityForOneMore(tx, 'tasks', series.taskCount);
  return makeInstance(tx, series, occurrence);
}

/**
 * Makes one occurrence of a template into a task, for which there is room, with the template's subtasks and reminders:
 * rows, since every completion does it.
 */
export async function makeInstance(tx: RowTx, source: InstanceSource, { localTime, at }: Occurrence): Promise<TaskRow> {
  // All subtasks, also on a plan that would not let the user add as many.
  const subtasks = source.subtasks.map((subtask, order) => ({
    ...subtask,
    id: newId(tx.clock),
    order,
    from: subtask.id,
  }));
  const reminders = remindersFrom(tx, source.reminders, at);
  const [task] = await runStatement<TaskRow>(
    tx,
    `with task as (
       insert into tasks.task (id, account_id, template_id, title, description, priority, estimated_minutes, tags, due_date,
         created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning ${taskRows.columns}
     ), occurrence as (
       insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id)
       select $2, id, rule_number, $11, $9, $1 from tasks.task_template where account_id = $2 and id = $3
     ), newest as (
       update tasks.task_template set newest_task_id = $1 where account_id = $2 and id = $3
     ), subtask as (
       insert into tasks.subtask
         (id, account_id, task_id, title, estimated_minutes, source, position, template_subtask_id, created_at)
       select id, $2, $1, title, "estimatedMinutes", source, "order", "from", $10
       from jsonb_to_recordset($12::jsonb) as made
         (id uuid, title text, "estimatedMinutes" int, source text, "order" int, "from" uuid)
     ), reminder as (
       insert into tasks.reminder (id, account_id, task_id, type, offset_minutes, method, scheduled_for, state,
         template_reminder_id, created_at)
       select id, $2, $1, type, "offsetMinutes", method, "scheduledFor", state, "from", $10
       from jsonb_to_recordset($13::jsonb) as made (id uuid, type text, "offsetMinutes" int, method text,
         "scheduledFor" timestamptz, state text, "from" uuid)
     )
     select * from task`,
    [
      newId(tx.clock),
      source.accountId,
      source.id,
      source.title,
      source.description,
      source.priority,
      source.estimatedMinutes,
      source.tags,
      at,
      tx.clock.now(),
      localTime,
      JSON.stringify(subtasks),
      JSON.stringify(reminders),
    ],
  );
  if (!task) throw new Error('The instance was not written.');
  const announced = reminders.map(({ id }) => reminderCreated({ id, taskId: task.id }));
  const events = [taskCreated(task, subtasks.length), ...announced];
  await record(tx, ...events.map((event) => ({ ...event, source: Source.SYSTEM })));
  return task;
}

/** One whose time has passed already is made all the same, cancelled: a later due date brings it back. */
function remindersFrom(tx: RowTx, sources: readonly ReminderSource[], dueDate: Date) {
  return sources.map(({ id: from, type, offsetMinutes, method }) => {
    const scheduledFor = timeOf(type, offsetMinutes, null, dueDate);
    return {
      id: newId(tx.clock),
      from,
      type,
      offsetMinutes,
      method,
      scheduledFor,
      state: stateFor(scheduledFor, tx.clock.now()),
    };
  });
}
