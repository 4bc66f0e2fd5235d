import { z } from 'zod';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import { type Achievement, unlockedIn } from '../achievements/index.js';
import { record } from '../activity/index.js';
import type { Context, Tx } from '../context.js';
import { AppError } from '../errors.js';
import { id, parse, version } from '../input.js';
import { transaction } from '../transaction.js';
import { subtaskCompleted, taskCompleted } from './events.js';
import { endFocusOn } from './focus/end-focus.js';
import { lockTask, openSubtasks } from './lock-task.js';
import { cancelReminders } from './reminders/follow-task.js';
import { continueSeries } from './templates/continue-series.js';

const Input = z.object({ id, version, force: z.boolean().default(false) });

/** What completing a task has brought. */
export interface Completion {
  readonly task: Task;
  /** The next one of its series; null when there is none. */
  readonly nextInstance: Task | null;
  readonly unlockedAchievements: readonly Achievement[];
}

/**
 * Completes the caller's task; with `force` also its open subtasks, in the same transaction.
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT when it is stale, archived or completed, or (`openSubtasks`) subtasks are open
 */
export async function completeTask(ctx: Context, input: unknown): Promise<Completion> {
  const { id, version, force } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await lockTask(tx, id, version);
    if (task.archived) throw conflict(task, 'An archived task cannot be completed.');
    if (task.completed) throw conflict(task, 'The task is completed already.');
    const open = await openSubtasks(tx, task.id);
    if (open.length > 0 && !force) {
      throw new AppError('CONFLICT', `${open.length} subtasks are open.`, {
        openSubtasks: open.length,
        currentVersion: task.version,
      });
    }
    for (const subtask of open) {
      subtask.complete(tx.clock.now());
      await record(tx, subtaskCompleted(subtask));
    }
    return finishTask(tx, task, open.length > 0 ? CompletedBy.FORCE : CompletedBy.MANUAL);
  });
}

/**
 * What completing comes to, whoever asked for it. The task is open, and none of its subtasks is. Its focus session
 * ends first, so that its time counts; its reminders are off; if it recurs, the next one is made.
 */
export async function finishTask(tx: Tx, task: Task, by: CompletedBy): Promise<Completion> {
  const before = tx.unit.head;
  await endFocusOn(tx, task);
  task.complete(by, tx.clock.now());
  task.touch(tx.clock.now());
  await cancelReminders(tx, task);
  await record(tx, taskCompleted(task, by));
  const nextInstance = await continueSeries(tx, task);
  return { task, nextInstance, unlockedAchievements: unlockedIn(tx, before) };
}

function conflict(task: Task, message: string): AppError {
  return new AppError('CONFLICT', message, { currentVersion: task.version });
}
