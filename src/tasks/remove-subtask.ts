import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { type Context, runStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { subtaskRemoved, subtasksReordered } from './events.js';
import { loadTask, refuseCompleted } from './load-task.js';
import { removeTemplateSubtask } from './templates/edit-content.js';
import { reachOf, recurrenceScope } from './templates/scope.js';

const Input = z.strictObject({ id: field.id, recurrenceScope });

export const removeSubtaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a completed task, or a template that has no such subtask',
};

/**
 * Removes a subtask, in a series also from the tasks to come, unless the scope says otherwise; those behind it move up,
 * so that no gap is left. Answers its task. Removing it again is NOT_FOUND.
 */
export async function removeSubtask(ctx: Context, input: unknown): Promise<Task> {
  const { id, recurrenceScope: scope } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const subtask = await requireMay(tx, 'write subtask', await tx.entities().findOne(Subtask, { id }));
    const task = await loadTask(tx, subtask.taskId);
    refuseCompleted(task);
    const reach = reachOf(task, scope);
    if (reach.templateId !== null) await removeTemplateSubtask(tx, reach, subtask);
    if (!reach.here) return task;
    const moved = await runStatement(
      tx,
      `with gone as (delete from tasks.subtask where account_id = $2 and id = $1 returning task_id, position)
       update tasks.subtask set position = subtask.position - 1
       from gone where subtask.account_id = $2 and subtask.task_id = gone.task_id and subtask.position > gone.position returning id`,
      [id, task.accountId],
    );
    await record(tx, subtaskRemoved(subtask));
    // A replica of the account has no other way to know.
    if (moved.length > 0) await record(tx, subtasksReordered(task));
    return task;
  });
}
