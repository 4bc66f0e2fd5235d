import { FocusSession } from '../../../entities/tasks/focus-session.js';
import { Task } from '../../../entities/tasks/task.js';
import { record } from '../../activity/index.js';
import type { FocusEndReason } from '../../events/tasks.js';
import type { Context, Tx } from '../../kernel/context.js';
import { transaction } from '../../kernel/transaction.js';
import { focusEnded } from '../events.js';

/** A session and the task that it is on. */
export interface FocusedTask {
  readonly session: FocusSession;
  readonly task: Task;
}

/** Ends the caller's running session and adds its time to the task; null when none runs. */
export async function endFocus(ctx: Context): Promise<FocusedTask | null> {
  return transaction(ctx, async (tx) => {
    const session = await runningSession(tx);
    return session && endSession(tx, session);
  });
}

/** The running session of the person whose account it is. */
export function runningSession(tx: Tx): Promise<FocusSession | null> {
  return tx.entities().findOne(FocusSession, { userId: tx.unit.account.id, endedAt: null });
}

/**
 * Ends the running session if it is on this task: whatever happens to the task next, its time is counted. Answers the
 * task with that, null when there was none. `reason` says why when what happens does not say it.
 */
export async function endFocusOn(tx: Tx, { id }: Task, reason?: FocusEndReason): Promise<Task | null> {
  const session = await runningSession(tx);
  return session?.taskId === id ? (await endSession(tx, session, reason)).task : null;
}

/** What ending comes to, whoever asked for it; `reason` says why when nobody did. */
export async function endSession(tx: Tx, session: FocusSession, reason?: FocusEndReason): Promise<FocusedTask> {
  const task = await tx.entities().findOneOrFail(Task, { accountId: session.accountId, id: session.taskId });
  const seconds = session.end(tx.clock.now());
  task.focusSeconds += seconds;
  await record(tx, focusEnded(session, seconds, reason));
  return { session, task };
}
