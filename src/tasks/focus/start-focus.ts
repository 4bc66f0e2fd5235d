import { z } from 'zod';
import { FocusSession } from '../../../entities/tasks/focus-session.js';
import { requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context, newId, requirePerson } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { field, parse, parseErrors } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { focusStarted } from '../events.js';
import { loadTask, refuseCompleted } from '../load-task.js';
import { endSession, type FocusedTask, runningSession } from './end-focus.js';

const Input = z.strictObject({ taskId: field.id });

export const startFocusErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a completed, archived or hidden task: `currentVersion`',
};

/** Begins to measure the time spent on a task; a session on another task ends. One that runs on this task goes on. */
export async function startFocus(ctx: Context, input: unknown): Promise<FocusedTask> {
  const { taskId } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTask(tx, taskId);
    refuseCompleted(task);
    if (task.archived || task.hidden) {
      const state = task.archived ? 'archived' : 'hidden';
      throw new AppError('CONFLICT', `The task is ${state}; bring it back first.`, { currentVersion: task.version });
    }
    const running = await runningSession(tx);
    if (running?.taskId === taskId && !running.isForgotten(tx.clock.now())) return { session: running, task };
    if (running) await endSession(tx, running);
    const now = tx.clock.now();
    // The old session must be over before the new one is written: there is room for one.
    await tx.flush();
    const { id: userId } = requirePerson(tx);
    const session = new FocusSession({
      id: newId(tx.clock),
      accountId: task.accountId,
      userId,
      taskId,
      startedAt: now,
    });
    tx.entities().persist(session);
    await record(tx, focusStarted(session));
    return { session, task };
  });
}
