import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { type Context, runStatement } from '../kernel/context.js';
import { type BrokenRule, type DeclaredErrors, invalid } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { subtasksReordered } from './events.js';
import { loadTask, refuseCompleted, refuseCompletedErrors } from './load-task.js';
import { reorderTemplateSubtasks } from './templates/edit-content.js';
import { reachOf, recurrenceScope } from './templates/scope.js';

/** More than any account may have. */
const maxSubtasks = 100;
const Input = z.strictObject({
  taskId: field.id,
  subtaskIds: z.array(field.id).max(maxSubtasks, `must name at most ${maxSubtasks} subtasks`),
  recurrenceScope,
});

export const reorderSubtasksErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also an id that is missing, of another task, or named twice',
  ...requireMayErrors,
  ...refuseCompletedErrors,
};

/**
 * Puts a task's subtasks into the given order, which names each of them once. The order that they have already
 * changes nothing. In a series those to come follow, unless the scope says otherwise.
 */
export async function reorderSubtasks(ctx: Context, input: unknown): Promise<Task> {
  const { taskId, subtaskIds, recurrenceScope: scope } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTask(tx, taskId);
    refuseCompleted(task);
    const subtasks = await tx
      .entities()
      .find(Subtask, { accountId: task.accountId, taskId }, { orderBy: { order: 'asc' } });
    const present = subtasks.map((subtask) => subtask.id);
    const broken = brokenRules(present, subtaskIds);
    if (broken.length > 0) throw invalid(broken);
    const reach = reachOf(task, scope);
    const wanted = subtaskIds.flatMap((each) => subtasks.find((subtask) => subtask.id === each) ?? []);
    await reorderTemplateSubtasks(tx, reach, wanted);
    if (!reach.here || present.every((each, index) => each === subtaskIds[index])) return task;
    await runStatement(
      tx,
      `update tasks.subtask set position = place - 1
       from unnest($1::uuid[]) with ordinality as wanted (id, place)
       where subtask.account_id = $2 and subtask.id = wanted.id`,
      [subtaskIds, task.accountId],
    );
    await record(tx, subtasksReordered(task));
    return task;
  });
}

function brokenRules(present: readonly string[], wanted: readonly string[]): BrokenRule[] {
  const broken: BrokenRule[] = wanted.flatMap((each, index) => {
    if (!present.includes(each)) return [{ field: `subtaskIds.${index}`, rule: 'is no subtask of this task' }];
    return wanted.indexOf(each) < index ? [{ field: `subtaskIds.${index}`, rule: 'is named twice' }] : [];
  });
  const missing = present.filter((each) => !wanted.includes(each));
  if (missing.length > 0) broken.push({ field: 'subtaskIds', rule: `must also name ${missing.join(', ')}` });
  return broken;
}
