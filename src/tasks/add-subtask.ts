import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { requireCapacityForOneMore, requireMayErrors } from '../accounts/index.js';
import type { Achievement } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { type Context, newId, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { subtaskCreated } from './events.js';
import { loadTask, refuseCompleted, refuseCompletedErrors } from './load-task.js';
import { estimate, subtaskTitle } from './task-input.js';
import { type Continuation, nothingNext } from './templates/continue-series.js';
import { addTemplateSubtask } from './templates/edit-content.js';
import { reachOf, recurrenceScope } from './templates/scope.js';
import type { SubtaskFields } from './templates/template-content.js';

const Input = z.strictObject({
  taskId: field.id,
  title: subtaskTitle,
  estimatedMinutes: estimate.default(null),
  recurrenceScope,
});

export const addSubtaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  ...refuseCompletedErrors,
  LIMIT_REACHED: '`subtasksPerTask`',
};

/** A subtask and the task that it belongs to. */
export interface WrittenSubtask extends Continuation {
  /** Null when only the template of its series was changed. */
  readonly subtask: Subtask | null;
  readonly task: Task;
  /** What completing the task with its last subtask has earned. */
  readonly unlockedAchievements: readonly Achievement[];
}

/** Adds a subtask at the end; in a series also to the tasks to come, unless the scope says otherwise. */
export async function addSubtask(ctx: Context, input: unknown): Promise<WrittenSubtask> {
  const { taskId, recurrenceScope: scope, ...fields } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTask(tx, taskId);
    refuseCompleted(task);
    const reach = reachOf(task, scope);
    const written = { ...fields, accountId: task.accountId, source: tx.source };
    const subtask = reach.here ? await makeSubtask(tx, task, written) : null;
    const templateSubtaskId = await addTemplateSubtask(tx, reach, written);
    if (subtask) Object.assign(subtask, { templateSubtaskId });
    return { ...nothingNext, subtask, task, unlockedAchievements: [] };
  });
}

async function makeSubtask(tx: Tx, { id: taskId }: Task, fields: SubtaskFields): Promise<Subtask> {
  const order = await tx.entities().count(Subtask, { taskId });
  await requireCapacityForOneMore(tx, 'subtasksPerTask', order);
  const subtask = new Subtask({ ...fields, id: newId(tx.clock), taskId, order, createdAt: tx.clock.now() });
  tx.entities().persist(subtask);
  await record(tx, subtaskCreated(subtask));
  return subtask;
}
