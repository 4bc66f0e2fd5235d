import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import { type Achievement, unlockedIn } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { id, parse, version } from '../kernel/input.js';
import { counted } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { subtaskCompleted, taskCompleted } from './events.js';
import { endFocusOn } from './focus/end-focus.js';
import { loadTaskAtVersion } from './load-task.js';
import { tellWaiting } from './notify.js';
import { cancelReminders } from './reminders/reschedule-reminders.js';
import { type Continuation, continueSeries } from './templates/continue-series.js';

const Input = z.strictObject({ id, version, force: z.boolean().default(false) });

/** What completing a task has brought. */
export interface Completion extends Continuation {
  readonly task: Task;
  readonly unlockedAchievements: readonly Achievement[];
}

/**
 * Completes the caller's task; with `force` also its open subtasks, in the same transaction.
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT when it is stale, archived or completed, or (`openSubtasks`) subtasks are open
 */
export async function completeTask(ctx: Context, input: unknown): Promise<Completion> {
  const { id, version, force } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTaskAtVersion(tx, id, version);
    if (task.archived) throw conflict(task, 'An archived task cannot be completed.');
    if (task.completed) throw conflict(task, 'The task is completed already.');
    const closed = force ? await closeSubtasks(tx, task) : 0;
    if (!force) await refuseOpenSubtasks(tx, task);
    return finishTask(tx, task, closed > 0 ? CompletedBy.FORCE : CompletedBy.MANUAL);
  });
}

async function refuseOpenSubtasks(tx: Tx, task: Task): Promise<void> {
  const openSubtasks = await tx.em.count(Subtask, { accountId: task.accountId, taskId: task.id, completed: false });
  if (openSubtasks === 0) return;
  const details = { openSubtasks, currentVersion: task.version };
  throw new AppError('CONFLICT', `${counted(openSubtasks, 'subtask is', 'subtasks are')} open.`, details);
}

/** Completes what is open, in its order. Answers how many that were. */
async function closeSubtasks(tx: Tx, { id: taskId, accountId }: Task): Promise<number> {
  const closed = await runStatement<{ id: string }>(
    tx,
    `with closed as (
       update tasks.subtask set completed = true, completed_at = $2, closed_by_force = true
       where account_id = $3 and task_id = $1 and not completed
       returning id, position
     )
     select id from closed order by position`,
    [taskId, tx.clock.now(), accountId],
  );
  await record(tx, ...closed.map(({ id }) => subtaskCompleted({ id, taskId })));
  return closed.length;
}

/**
 * What completing comes to, whoever asked for it. The task is open, and none of its subtasks is. Its focus session
 * ends first, so that its time counts; its reminders are off; if it recurs, the next one is made.
 */
export async function finishTask(tx: Tx, task: Task, by: CompletedBy): Promise<Completion> {
  const before = tx.unit.head;
  const { isFocused, hasReminders } = await readEngagements(tx, task);
  if (isFocused) await endFocusOn(tx, task);
  task.complete(by, tx.clock.now());
  task.touch(tx.clock.now());
  if (hasReminders) await cancelReminders(tx, task);
  const completion = tx.unit.head + 1;
  await record(tx, taskCompleted(task, by));
  // Its series must not find it open.
  await tx.flush();
  const next = await continueSeries(tx, task);
  if (next.nextInstanceWaiting) await tellWaiting(tx, completion, next.nextInstanceWaiting);
  return { task, ...next, unlockedAchievements: unlockedIn(tx, before) };
}

/** What is under way on a task, in one look: most have neither. */
async function readEngagements(
  tx: Tx,
  { id, accountId }: Task,
): Promise<{ isFocused: boolean; hasReminders: boolean }> {
  const [found] = await runStatement<{ isFocused: boolean; hasReminders: boolean }>(
    tx,
    `select exists (
         select from tasks.focus_session where account_id = $2 and task_id = $1 and ended_at is null) as "isFocused",
       exists (
         select from tasks.reminder where account_id = $2 and task_id = $1 and state = 'SCHEDULED') as "hasReminders"`,
    [id, accountId],
  );
  return found ?? { isFocused: false, hasReminders: false };
}

function conflict(task: Task, message: string): AppError {
  return new AppError('CONFLICT', message, { currentVersion: task.version });
}
