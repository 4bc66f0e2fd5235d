import { z } from 'zod';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Achievement, streakIn, unlockedIn } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { counted } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { subtaskCompleted, taskCompleted } from './events.js';
import { endFocusOn } from './focus/end-focus.js';
import { refuseStale } from './load-task.js';
import { noteCompleting, tellWaiting } from './notify.js';
import { cancelReminders } from './reminders/reschedule-reminders.js';
import { type TaskRow, taskOf, taskRows } from './task-rows.js';
import { type Continuation, continueSeries } from './templates/continue-series.js';
import { type Series, seriesOf } from './templates/series.js';

const Input = z.strictObject({ id: field.id, version: field.version, force: z.boolean().default(false) });

export const completeTaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a stale version, an archived or completed task: `currentVersion`; open subtasks: `openSubtasks`, too',
};

/** What completing a task has brought. */
export interface Completion extends Continuation {
  readonly task: Task;
  readonly unlockedAchievements: readonly Achievement[];
  /** Days of the user's streak; undefined when counting the task has to wait. */
  readonly streak: number | undefined;
}

/** Completes the caller's task; with `force` also its open subtasks, in the same transaction. */
export async function completeTask(ctx: Context, input: unknown): Promise<Completion> {
  const { id, version, force } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const { openSubtasks, ...row } = await requireMay(tx, 'write task', await readToComplete(tx, id));
    const task = taskOf(row);
    refuseStale(task, version);
    if (task.archived) throw conflict(task, 'An archived task cannot be completed.');
    if (task.completed) throw conflict(task, 'The task is completed already.');
    if (!force && openSubtasks > 0) throw hasOpen(task, openSubtasks);
    const by = openSubtasks > 0 ? CompletedBy.FORCE : CompletedBy.MANUAL;
    task.complete(by, tx.clock.now());
    task.touch(tx.clock.now());
    // The second is sent right behind the first, which spares a round trip.
    const [closed, series] = await Promise.all([writeCompletion(tx, task), seriesOf(tx, task)]);
    await record(tx, ...closed.map((subtaskId) => subtaskCompleted({ id: subtaskId, taskId: id })));
    return finishTask(tx, task, by, { ...row, series });
  });
}

function hasOpen(task: Task, openSubtasks: number): AppError {
  const details = { openSubtasks, currentVersion: task.version };
  return new AppError('CONFLICT', `${counted(openSubtasks, 'subtask is', 'subtasks are')} open.`, details);
}

/** What is under way on a task: most have neither. */
interface Engagements {
  /** Somebody spends time on it. */
  readonly isFocused: boolean;
  /** It has reminders to come. */
  readonly hasReminders: boolean;
}

const engagementColumns = `
  exists (select from tasks.focus_session where account_id = $1 and task_id = $2 and ended_at is null) as "isFocused",
  exists (select from tasks.reminder where account_id = $1 and task_id = $2 and state = 'SCHEDULED') as "hasReminders"`;

async function readToComplete(tx: Tx, id: string) {
  const [found] = await runStatement<TaskRow & Engagements & { openSubtasks: number }>(
    tx,
    `select ${taskRows.columns}, ${engagementColumns},
       (select count(*)::int from tasks.subtask where account_id = $1 and task_id = $2 and not completed) as "openSubtasks"
     from tasks.task where id = $2`,
    [tx.unit.account.id, id],
  );
  return found;
}

/** Stores that a task is completed, together with what is open of it. Answers which subtasks that were, in their order. */
async function writeCompletion(tx: Tx, task: Task): Promise<string[]> {
  const closed = await runStatement<{ id: string }>(
    tx,
    `with task as (
       update tasks.task set completed = true, completed_at = $3, completed_by = $4, version = $5, newest_version = $5, updated_at = $6
       where account_id = $1 and id = $2
     ), closed as (
       update tasks.subtask set completed = true, completed_at = $3, closed_by_force = true
       where account_id = $1 and task_id = $2 and not completed returning id, position
     )
     select id from closed order by position`,
    [task.accountId, task.id, task.completedAt, task.completedBy, task.version, task.updatedAt],
  );
  return closed.map(({ id }) => id);
}

/** What is under way on a task that is completed with its last subtask. */
export async function readEngagements(tx: Tx, { accountId, id }: Task): Promise<Engagements> {
  const [found] = await runStatement<Engagements>(tx, `select ${engagementColumns}`, [accountId, id]);
  return found ?? { isFocused: false, hasReminders: false };
}

/**
 * What completing comes to, whoever asked for it, once the task is stored as completed. Its focus session ends first, so
 * that its time counts; its reminders are off; if it recurs, the next one is made.
 */
export async function finishTask(
  tx: Tx,
  task: Task,
  by: CompletedBy,
  under: Engagements & { readonly series: Series | null },
): Promise<Completion> {
  const before = tx.unit.head;
  if (under.isFocused) task.focusSeconds = (await endFocusOn(tx, task))?.focusSeconds ?? task.focusSeconds;
  if (under.hasReminders) await cancelReminders(tx, task);
  const completion = tx.unit.head + 1;
  noteCompleting(tx, task);
  await record(tx, taskCompleted(task, by));
  const next = await continueSeries(tx, under.series);
  if (next.nextInstanceWaiting) await tellWaiting(tx, completion, next.nextInstanceWaiting);
  return { task, ...next, unlockedAchievements: unlockedIn(tx, before), streak: streakIn(tx) };
}

function conflict(task: Task, message: string): AppError {
  return new AppError('CONFLICT', message, { currentVersion: task.version });
}
