import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { type Context, readRows, type Tx } from '../../context.js';
import { transaction } from '../../transaction.js';
import { tryNextInstance } from './continue-series.js';
import { lastInstance, openInstance } from './instances.js';

const batchSize = 100;

/** Tries again to make the tasks that could not be made when the one before them was completed. */
export async function retryInstances(ctx: Context): Promise<void> {
  for (;;) {
    const due = await readRows<{ id: string; userId: string }>(
      ctx,
      `select id, user_id as "userId" from tasks.task_template where retry_at <= $1 order by retry_at limit ${batchSize}`,
      [ctx.clock.now()],
    );
    for (const { id, userId } of due) await transaction(ctx, (tx) => retryInstance(tx, id), userId);
    if (due.length < batchSize) return;
  }
}

/** The second time finds nothing to retry: the template is due later, or has its task. */
async function retryInstance(tx: Tx, id: string): Promise<void> {
  const template = await tx.em.findOne(TaskTemplate, id);
  if (!template?.retryAt || template.retryAt > tx.clock.now()) return;
  const isNeeded = template.active && !(await openInstance(tx, template));
  if (isNeeded) await tryNextInstance(tx, template, await lastInstance(tx, template));
  else template.retryAt = null;
}
