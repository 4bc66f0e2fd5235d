import { Source } from '../../../entities/activity/event.js';
import type { Task } from '../../../entities/tasks/task.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { record } from '../../activity/index.js';
import { readRows, type Tx } from '../../context.js';
import { AppError } from '../../errors.js';
import { transaction } from '../../transaction.js';
import { instanceFailed } from '../events.js';
import { openInstance } from './instances.js';
import { makeNextInstance } from './make-instance.js';

const minuteMs = 60_000;
/** Minutes between two tries at most. */
const longestWait = 15;

/**
 * The next task of a recurring one that has just been completed: made in a savepoint of its own, so that when that
 * fails, the completion stands and a job tries again. One that is open already (the task was completed before, and
 * opened again) is the next one. Null when there is none to make.
 */
export async function continueSeries(tx: Tx, completed: Task): Promise<Task | null> {
  if (!completed.templateId) return null;
  const template = await tx.em.findOneOrFail(TaskTemplate, completed.templateId);
  if (!template.active) return null;
  return (await openInstance(tx, template)) ?? tryNextInstance(tx, template, completed);
}

/** Makes a template's next task, or notes when to try again. */
export async function tryNextInstance(tx: Tx, template: TaskTemplate, previous: Task | null): Promise<Task | null> {
  const { account } = tx.unit;
  const asSystem = { ...tx, source: Source.SYSTEM };
  try {
    const next = await transaction(asSystem, (inner) => makeNextInstance(inner, template, previous), account.id);
    template.retryAt = null;
    template.failures = 0;
    return next;
  } catch (error) {
    const isRefused = error instanceof AppError;
    if (!isRefused) tx.log.error({ error, templateId: template.id }, 'the next instance was not made');
    const waitMinutes = Math.min(2 ** template.failures, longestWait);
    template.retryAt = new Date(tx.clock.now().getTime() + waitMinutes * minuteMs);
    template.failures += 1;
    // Said once, not at every try.
    if (template.failures === 1) await record(tx, instanceFailed(template, isRefused ? error.code : 'INTERNAL'));
    return null;
  }
}

/** There is room again: what could not be made for want of it is tried at the next look. */
export async function retrySoon(tx: Tx): Promise<void> {
  await readRows(tx, 'update tasks.task_template set retry_at = $2 where user_id = $1 and retry_at > $2', [
    tx.unit.account.id,
    tx.clock.now(),
  ]);
}
