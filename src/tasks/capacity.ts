import { readLimits, requireCapacityForOneMore } from '../accounts/index.js';
import { type Context, countRows, type RowTx, requireAccount, runStatement } from '../kernel/context.js';

/** Makes sure that the account may have one more task. @throws LIMIT_REACHED */
export async function requireTaskCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'tasks', await countRows(tx, 'tasks.task'));
}

/** Makes sure that the account may have one more template. @throws LIMIT_REACHED */
export async function requireTemplateCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'taskTemplates', await countRows(tx, 'tasks.task_template'));
}

/** How many more subtasks a task of the caller's may have. */
export async function subtaskRoom(ctx: Context, taskId: string): Promise<number> {
  const { subtasksPerTask } = await readLimits(ctx);
  const [row] = await runStatement<{ count: number }>(
    ctx,
    'select count(*)::int as count from tasks.subtask where account_id = $1 and task_id = $2',
    [requireAccount(ctx), taskId],
  );
  return Math.max(0, subtasksPerTask - (row?.count ?? 0));
}
