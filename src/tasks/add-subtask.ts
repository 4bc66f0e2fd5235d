import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import type { Achievement } from '../achievements/index.js';
import { roomForOneMore } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { type Context, newId } from '../context.js';
import { id, parse } from '../input.js';
import { transaction } from '../transaction.js';
import { subtaskCreated } from './events.js';
import { ownTask, refuseCompleted } from './lock-task.js';
import { estimate, subtaskTitle } from './task-input.js';

const Input = z.strictObject({ taskId: id, title: subtaskTitle, estimatedMinutes: estimate.default(null) });

/** A subtask and the task that it belongs to. */
export interface WrittenSubtask {
  readonly subtask: Subtask;
  readonly task: Task;
  /** What completing the task with its last subtask has earned. */
  readonly unlockedAchievements: readonly Achievement[];
}

/**
 * Adds a subtask at the end.
 * @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN, CONFLICT on a completed task, LIMIT_REACHED (`limit`, `current`)
 */
export async function addSubtask(ctx: Context, input: unknown): Promise<WrittenSubtask> {
  const { taskId, ...fields } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await ownTask(tx, taskId);
    refuseCompleted(task);
    const current = await tx.em.count(Subtask, { taskId });
    await roomForOneMore(tx, 'subtasksPerTask', current);
    const subtask = new Subtask({
      ...fields,
      id: newId(tx.clock),
      userId: task.userId,
      taskId,
      order: current,
      source: tx.source,
      createdAt: tx.clock.now(),
    });
    tx.em.persist(subtask);
    await record(tx, subtaskCreated(subtask));
    return { subtask, task, unlockedAchievements: [] };
  });
}
