import type { Reminder } from '../../entities/tasks/reminder.js';
import type { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { limitsOfPlan } from '../accounts/index.js';
import { type RowTx, runStatement, sendStatement } from '../kernel/context.js';
import { requireTaskCapacity } from './capacity.js';

/** A task with what belongs to it, not written yet. */
export interface WholeTask {
  readonly task: Task;
  readonly subtasks: readonly Subtask[];
  readonly reminders: readonly Reminder[];
}

/**
 * Writes a task with its subtasks and reminders, in one statement as a rule: that also counts the account's tasks, whose
 * number the plan alone mostly allows. @throws LIMIT_REACHED
 */
export async function insertTask(tx: RowTx, whole: WholeTask): Promise<void> {
  const { tasks: ofPlan } = limitsOfPlan(tx.unit.account.plan);
  const written = await runStatement(tx, ...insertion(whole, ofPlan));
  if (written.length > 0) return;
  await requireTaskCapacity(tx);
  await sendStatement(tx, ...insertion(whole, null));
}

/** Writes the next task of its series, for which there is room, as the occurrence at a wall-clock time. */
export async function insertInstance(tx: RowTx, whole: WholeTask, localTime: string): Promise<void> {
  await sendStatement(tx, ...insertion(whole, null, localTime));
}

/** The statement and its values. It answers a row, and none when the account has `limit` tasks already. */
function insertion(
  { task, subtasks, reminders }: WholeTask,
  limit: number | null,
  localTime: string | null = null,
): [string, unknown[]] {
  const values: unknown[] = [...valuesOf(task), limit];
  const parts = [taskText];
  if (localTime !== null) parts.push(occurrenceText(values.push(localTime)));
  if (subtasks.length > 0) parts.push(subtaskText(values.push(JSON.stringify(subtasks.map(subtaskRow)))));
  if (reminders.length > 0) parts.push(reminderText(values.push(JSON.stringify(reminders.map(reminderRow)))));
  return [`with ${parts.join(', ')} select from task`, values];
}

/** Without the mapper's own way to write JSON, which looks for more than there is. */
function subtaskRow(subtask: Subtask) {
  const { id, title, completed, completedAt, closedByForce, order } = subtask;
  const { estimatedMinutes, source, templateSubtaskId, createdAt } = subtask;
  return {
    id,
    title,
    completed,
    completedAt,
    closedByForce,
    order,
    estimatedMinutes,
    source,
    templateSubtaskId,
    createdAt,
  };
}

function reminderRow(reminder: Reminder) {
  const { id, type, offsetMinutes, method, scheduledFor, state, templateReminderId, createdAt } = reminder;
  return { id, type, offsetMinutes, method, scheduledFor, state, templateReminderId, createdAt };
}

function valuesOf(task: Task): unknown[] {
  return [
    ...[task.accountId, task.id, task.title, task.description, task.priority, task.dueDate, task.tags],
    ...[task.estimatedMinutes, task.templateId, task.focusSeconds, task.completed, task.completedAt, task.completedBy],
    ...[task.hidden, task.archived, task.version, task.createdAt, task.updatedAt, task.newestVersion],
  ];
}

const taskText = `task as (
  insert into tasks.task (account_id, id, title, description, priority, due_date, tags, estimated_minutes, template_id,
    focus_seconds, completed, completed_at, completed_by, hidden, archived, version, created_at, updated_at,
    newest_version)
  select $1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $7::text[], $8::int, $9::uuid, $10::int, $11::boolean,
    $12::timestamptz, $13, $14::boolean, $15::boolean, $16::int, $17::timestamptz, $18::timestamptz, $19::int
  where $20::int is null or (select count(*) from tasks.task where account_id = $1) < $20
  returning account_id, id)`;

function occurrenceText(place: number): string {
  return `occurrence as (
    insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id)
    select account_id, id, rule_number, $${place}, $6, $2 from tasks.task_template where account_id = $1 and id = $9
  ), newest as (
    update tasks.task_template set newest_task_id = $2 where account_id = $1 and id = $9)`;
}

function subtaskText(place: number): string {
  return `subtask as (
    insert into tasks.subtask (account_id, id, task_id, title, completed, completed_at, closed_by_force, position,
      estimated_minutes, source, template_subtask_id, created_at)
    select task.account_id, made.id, task.id, title, completed, "completedAt", "closedByForce", "order",
      "estimatedMinutes", source, "templateSubtaskId", "createdAt"
    from task, jsonb_to_recordset($${place}::jsonb) as made (id uuid, title text, completed boolean,
      "completedAt" timestamptz, "closedByForce" boolean, "order" int, "estimatedMinutes" int, source text,
      "templateSubtaskId" uuid, "createdAt" timestamptz))`;
}

function reminderText(place: number): string {
  return `reminder as (
    insert into tasks.reminder (account_id, id, task_id, type, offset_minutes, method, scheduled_for, state,
      template_reminder_id, created_at)
    select task.account_id, made.id, task.id, type, "offsetMinutes", method, "scheduledFor", state,
      "templateReminderId", "createdAt"
    from task, jsonb_to_recordset($${place}::jsonb) as made (id uuid, type text, "offsetMinutes" int, method text,
      "scheduledFor" timestamptz, state text, "templateReminderId" uuid, "createdAt" timestamptz))`;
}
