import { Task } from '../../entities/tasks/task.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';

/** What `loadTaskAtVersion` refuses. */
export const loadTaskAtVersionErrors: DeclaredErrors = {
  ...requireMayErrors,
  CONFLICT: 'a stale version: `currentVersion`',
};

/** The caller's task, to be written: the account's lock keeps everybody else away from it. */
export async function loadTaskAtVersion(tx: Tx, id: string, version: number): Promise<Task> {
  const task = await loadTask(tx, id);
  refuseStale(task, version);
  return task;
}

/** @throws CONFLICT (`currentVersion`) when `version` is not the one in force */
export function refuseStale(task: Task, version: number): void {
  if (task.version === version) return;
  throw new AppError('CONFLICT', 'The task has changed meanwhile.', { currentVersion: task.version });
}

/** The caller's task, whatever its version. @throws NOT_FOUND, FORBIDDEN */
export async function loadTask(tx: Tx, id: string): Promise<Task> {
  return requireMay(tx, 'write task', await tx.entities().findOne(Task, { id }));
}

/** What `refuseCompleted` refuses. */
export const refuseCompletedErrors: DeclaredErrors = { CONFLICT: 'a completed task: `currentVersion`' };

/** What belongs to a task cannot change once that is done. @throws CONFLICT */
export function refuseCompleted(task: Task): void {
  if (task.completed) {
    throw new AppError('CONFLICT', 'The task is completed; reopen it first.', { currentVersion: task.version });
  }
}
