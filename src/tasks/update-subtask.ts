import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { type Context, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import type { WrittenSubtask } from './add-subtask.js';
import { type Completion, finishTask, readEngagements } from './complete-task.js';
import { subtaskCompleted, subtaskUpdated } from './events.js';
import { loadTask, refuseCompleted } from './load-task.js';
import { openAgain } from './reopen-task.js';
import { estimate, subtaskTitle } from './task-input.js';
import { nothingNext } from './templates/continue-series.js';
import { updateTemplateSubtask } from './templates/edit-content.js';
import { type Reach, reachOf, recurrenceScope } from './templates/scope.js';
import { seriesOf } from './templates/series.js';

const Input = z.strictObject({
  id: field.id,
  title: subtaskTitle.optional(),
  completed: z.boolean().optional(),
  estimatedMinutes: estimate.optional(),
  recurrenceScope,
});

export const updateSubtaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT:
    'opening one of a task that the user completed, completing the last one of an archived task, or a template that has no such subtask',
};

/**
 * Changes what is given; title and estimate in a series also of the tasks to come, unless the scope says otherwise.
 * Completing the last open subtask completes the task (`AUTO`), exactly once; opening a subtask
 * of a task that was completed so reopens the task. Completing what is completed changes nothing.
 */
export async function updateSubtask(ctx: Context, input: unknown): Promise<WrittenSubtask> {
  const { id, completed, recurrenceScope: scope, ...given } = parse(Input, input);
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return transaction(ctx, async (tx) => {
    const subtask = await requireMay(tx, 'write subtask', await tx.entities().findOne(Subtask, { id }));
    const task = await loadTask(tx, subtask.taskId);
    const fields = await applyTo(tx, subtask, changes, reachOf(task, scope));
    const opens = completed === false && subtask.completed;
    if (opens) {
      if (task.completedBy !== CompletedBy.AUTO) refuseCompleted(task);
      subtask.reopen();
      fields.push('completed');
    }
    if (fields.length > 0) await record(tx, subtaskUpdated(subtask, fields));
    if (opens && task.completed) await openAgain(tx, task, 'SUBTASK_REOPENED');
    const completion = completed && !subtask.completed ? await completeSubtask(tx, subtask, task) : null;
    return { ...nothingNext, unlockedAchievements: [], ...completion, subtask, task };
  });
}

/** Answers which fields of the subtask itself have been given. */
async function applyTo(
  tx: Tx,
  subtask: Subtask,
  changes: Partial<Pick<Subtask, 'title' | 'estimatedMinutes'>>,
  reach: Reach,
): Promise<string[]> {
  const fields = Object.keys(changes);
  if (fields.length > 0 && reach.templateId !== null) await updateTemplateSubtask(tx, reach, subtask, changes);
  if (!reach.here) return [];
  Object.assign(subtask, changes);
  return fields;
}

/** Null unless it was the last open one, and the task is completed with it. */
async function completeSubtask(tx: Tx, subtask: Subtask, task: Task): Promise<Completion | null> {
  subtask.complete(tx.clock.now());
  await record(tx, subtaskCompleted(subtask));
  await tx.flush();
  if (
    task.completed ||
    (await tx.entities().count(Subtask, { accountId: task.accountId, taskId: task.id, completed: false })) > 0
  )
    return null;
  if (task.archived)
    throw new AppError('CONFLICT', 'An archived task cannot be completed.', { currentVersion: task.version });
  const under = await readEngagements(tx, task);
  task.complete(CompletedBy.AUTO, tx.clock.now());
  task.touch(tx.clock.now());
  await tx.flush();
  return finishTask(tx, task, CompletedBy.AUTO, { ...under, series: await seriesOf(tx, task) });
}
