import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Priority, Task } from '../../entities/tasks/task.js';
import { limitsOf } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { type Context, newId, type Tx } from '../context.js';
import { AppError } from '../errors.js';
import { parse } from '../input.js';
import { transaction } from '../transaction.js';
import { taskCreated } from './events.js';
import {
  checkDescription,
  checkDueDate,
  description,
  dueDate,
  estimate,
  priority,
  subtaskTitle,
  tags,
  title,
} from './task-input.js';

/** More than any tier allows: what is beyond it is refused before anything is read. */
const mostSubtasks = 100;

const Input = z.object({
  title,
  description: description.default(''),
  priority: priority.default(Priority.MEDIUM),
  dueDate: dueDate.default(null),
  tags: tags.default([]),
  estimatedMinutes: estimate.default(null),
  subtasks: z
    .array(z.object({ title: subtaskTitle, estimatedMinutes: estimate.default(null) }))
    .max(mostSubtasks, `must have at most ${mostSubtasks} subtasks`)
    .nullable()
    .transform((subtasks) => subtasks ?? [])
    .default([]),
});

/** A new task and its subtasks, in their order. */
export interface CreatedTask {
  readonly task: Task;
  readonly subtasks: readonly Subtask[];
}

/**
 * Makes a task and its subtasks. Repeating it makes another, unless an idempotency key says otherwise.
 * @throws VALIDATION_FAILED, LIMIT_REACHED (`limit`, `current`) for tasks or subtasks over the account's limits
 */
export async function createTask(ctx: Context, input: unknown): Promise<CreatedTask> {
  const { subtasks, ...fields } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const limits = limitsOf(tx.unit.account.tier);
    checkDescription(fields.description, limits.descriptionLength);
    checkDueDate(fields.dueDate, tx.clock.now());
    if (subtasks.length > limits.subtasksPerTask)
      throw limitReached('subtasks', limits.subtasksPerTask, subtasks.length);
    await refuseOneTooMany(tx, limits.tasks);
    const userId = tx.unit.account.id;
    const createdAt = tx.clock.now();
    const task = new Task({ ...fields, id: newId(tx.clock), userId, createdAt });
    const makeSubtask = (subtask: (typeof subtasks)[number], order: number) =>
      new Subtask({ ...subtask, id: newId(tx.clock), userId, taskId: task.id, order, source: tx.source, createdAt });
    const made = subtasks.map(makeSubtask);
    tx.em.persist([task, ...made]);
    await record(tx, taskCreated(task, made.length));
    return { task, subtasks: made };
  });
}

async function refuseOneTooMany(tx: Tx, limit: number): Promise<void> {
  const [row] = await tx.unit.runStatement<{ count: number }>(
    'select count(*)::int as count from tasks.task where user_id = $1',
    [tx.unit.account.id],
  );
  const current = row?.count ?? 0;
  if (current >= limit) throw limitReached('tasks', limit, current);
}

/** What is said to one too many. */
export function limitReached(things: string, limit: number, current: number): AppError {
  return new AppError('LIMIT_REACHED', `This account may have ${limit} ${things}.`, { limit, current });
}
