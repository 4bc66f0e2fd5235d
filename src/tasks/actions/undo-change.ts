import { z } from 'zod';
import { ReminderState } from '../../../entities/tasks/reminder.js';
import { Task } from '../../../entities/tasks/task.js';
import { limitsOfPlan } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { sendStatement, type Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { entityOf } from '../../kernel/rows.js';
import { taskReopened, taskUpdated } from '../events.js';
import { hasFired } from '../reminders/reminder-input.js';
import { rescheduleReminders } from '../reminders/reschedule-reminders.js';
import { TaskContent } from '../task-content.js';
import { readSnapshot, type TaskSnapshot } from './task-snapshot.js';

/** What was changed of a task: how it was before and behind it. */
export const ChangedTask = z.object({ before: TaskContent, after: TaskContent });

/** What an action may change of a task, and its user as well. Time that was spent stays spent. */
const fields = [
  ...(['title', 'description', 'priority', 'dueDate', 'tags', 'estimatedMinutes'] as const),
  ...(['completed', 'completedAt', 'completedBy', 'hidden', 'archived'] as const),
];

/** Each thing that can differ between two snapshots, as text: the task's fields, and its subtasks and reminders by id. */
function partsOf({ task, subtasks, reminders }: TaskSnapshot): Map<string, string> {
  const own = fields.map((name) => [name, JSON.stringify(task[name])] as const);
  // The places of subtasks follow from which there are.
  const steps = subtasks.map(({ order, ...subtask }) => [`subtasks.${subtask.id}`, JSON.stringify(subtask)] as const);
  const reminding = reminders.map((reminder) => [`reminders.${reminder.id}`, JSON.stringify(reminder)] as const);
  return new Map([...own, ...steps, ...reminding]);
}

/** Which things differ. */
export function differences(one: TaskSnapshot, other: TaskSnapshot): string[] {
  const [a, b] = [partsOf(one), partsOf(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
}

/** What a client is told: its subtasks are one field. */
export function fieldNames(keys: readonly string[]): string[] {
  return [...new Set(keys.map((key) => key.split('.')[0] ?? key))];
}

/**
 * Takes back what was changed of a task. What its user has changed since stays; where both are the same thing, nothing is
 * taken back. With nothing changed since, the task is as it was, version and times included. What the system did is no
 * change of the user's: a reminder that fired is as it was before.
 * @throws CONFLICT with `fields`
 */
export async function undoChange(tx: Tx, kept: unknown): Promise<void> {
  const { before, after } = ChangedTask.parse(kept);
  const current = await readSnapshot(tx, after.task.id);
  if (!current) throw inTheWay(['deleted']);
  const [own, others] = [differences(before, after), differences(after, current).filter(isUsers(after, current))];
  const both = own.filter((key) => others.includes(key));
  if (both.length > 0) throw inTheWay(fieldNames(both));
  const isUntouched = others.length === 0 && current.task.version === after.task.version;
  const mixed = mix(tx, current, before, new Set(own));
  const task = isUntouched
    ? { ...mixed.task, version: before.task.version, updatedAt: before.task.updatedAt }
    : { ...mixed.task, ...nextVersion(current), updatedAt: tx.clock.now() };
  await write(tx, current, { ...mixed, task });
  const entity = entityOf(Task, task);
  await record(tx, taskUpdated(entity, fieldNames(own)));
  if (current.task.completed && !task.completed) await record(tx, taskReopened(entity));
  // What follows from the due date that it has now, the user's reminders included.
  if (!isUntouched) await rescheduleReminders(tx, entity);
}

function nextVersion({ task }: TaskSnapshot): Pick<Task, 'version' | 'newestVersion'> {
  return { version: task.newestVersion + 1, newestVersion: task.newestVersion + 1 };
}

/** Whether a difference is one that the user has made: reminders fire, or are cancelled, by themselves. */
export function isUsers(after: TaskSnapshot, current: TaskSnapshot): (key: string) => boolean {
  const withoutState = ({ reminders }: TaskSnapshot) =>
    new Map(reminders.map(({ state, ...reminder }) => [`reminders.${reminder.id}`, JSON.stringify(reminder)]));
  const [then, now] = [withoutState(after), withoutState(current)];
  return (key) => !now.has(key) || then.get(key) !== now.get(key);
}

export function inTheWay(names: readonly string[]): AppError {
  return new AppError('CONFLICT', `It cannot be taken back: ${names.join(', ')} changed since.`, { fields: names });
}

/** The current task, with these things as they were before. */
function mix(tx: Tx, current: TaskSnapshot, before: TaskSnapshot, keys: ReadonlySet<string>): TaskSnapshot {
  const own = Object.fromEntries(fields.filter((name) => keys.has(name)).map((name) => [name, before.task[name]]));
  const mixed = <Part extends { readonly id: string }>(name: string, now: readonly Part[], then: readonly Part[]) => {
    const isOwn = ({ id }: Part) => keys.has(`${name}.${id}`);
    return [...now.filter((part) => !isOwn(part)), ...then.filter(isOwn)];
  };
  const subtasks = mixed('subtasks', current.subtasks, before.subtasks).toSorted((a, b) => a.order - b.order);
  const reminders = mixed('reminders', current.reminders, before.reminders);
  const task = { ...current.task, ...own };
  return {
    task,
    subtasks: subtasks.map((subtask, order) => ({ ...subtask, order })),
    reminders: task.completed ? reminders.map(cancelled) : withinLimits(tx, current, reminders),
  };
}

type ReminderContent = TaskSnapshot['reminders'][number];

/** One whose time has passed meanwhile does not fire late, and one that has fired fires again as far as there is room. */
function withinLimits(tx: Tx, current: TaskSnapshot, reminders: readonly ReminderContent[]): ReminderContent[] {
  const now = tx.clock.now();
  const firedSince = new Map(current.reminders.filter(hasFired).map((each) => [each.id, each]));
  const waits = ({ state, scheduledFor }: ReminderContent) =>
    state === ReminderState.SCHEDULED && (scheduledFor ?? now) > now;
  let room =
    limitsOfPlan(tx.unit.account.plan).remindersPerTask -
    reminders.filter((each) => waits(each) && !firedSince.has(each.id)).length;
  return reminders.map((reminder) => {
    if (reminder.state !== ReminderState.SCHEDULED) return reminder;
    if (!waits(reminder)) return cancelled(reminder);
    const fired = firedSince.get(reminder.id);
    if (!fired) return reminder;
    room -= 1;
    return room >= 0 ? reminder : fired;
  });
}

/** As the reminders of a completed task are: reopening it revives them. */
function cancelled(reminder: ReminderContent): ReminderContent {
  return reminder.state === ReminderState.SCHEDULED ? { ...reminder, state: ReminderState.CANCELLED } : reminder;
}

async function write(tx: Tx, current: TaskSnapshot, { task, subtasks, reminders }: TaskSnapshot): Promise<void> {
  await sendStatement(
    tx,
    `update tasks.task set title = $3, description = $4, priority = $5, due_date = $6, tags = $7, estimated_minutes = $8,
       completed = $9, completed_at = $10, completed_by = $11, hidden = $12, archived = $13, version = $14, updated_at = $15, newest_version = $16
     where account_id = $1 and id = $2`,
    [
      ...[task.accountId, task.id, task.title, task.description, task.priority, task.dueDate, task.tags],
      ...[task.estimatedMinutes, task.completed, task.completedAt, task.completedBy, task.hidden, task.archived],
      ...[task.version, task.updatedAt, task.newestVersion],
    ],
  );
  const gone = <Part extends { readonly id: string }>(were: readonly Part[], are: readonly Part[]) =>
    were.map(({ id }) => id).filter((id) => !are.some((part) => part.id === id));
  await sendStatement(
    tx,
    `with subtask as (delete from tasks.subtask where account_id = $1 and task_id = $2 and id = any($3::uuid[]))
     delete from tasks.reminder where account_id = $1 and task_id = $2 and id = any($4::uuid[])`,
    [task.accountId, task.id, gone(current.subtasks, subtasks), gone(current.reminders, reminders)],
  );
  await sendStatement(
    tx,
    `update tasks.subtask set title = given.title, completed = given.completed, completed_at = given."completedAt",
       closed_by_force = given."closedByForce", position = given."order", estimated_minutes = given."estimatedMinutes"
     from jsonb_to_recordset($3::jsonb) as given (id uuid, title text, completed boolean, "completedAt" timestamptz,
       "closedByForce" boolean, "order" int, "estimatedMinutes" int)
     where account_id = $1 and task_id = $2 and subtask.id = given.id`,
    [task.accountId, task.id, JSON.stringify(subtasks)],
  );
  await sendStatement(
    tx,
    `update tasks.reminder set scheduled_for = given."scheduledFor", state = given.state
     from jsonb_to_recordset($3::jsonb) as given (id uuid, "scheduledFor" timestamptz, state text)
     where account_id = $1 and task_id = $2 and reminder.id = given.id`,
    [task.accountId, task.id, JSON.stringify(reminders)],
  );
}
