import { requireCapacityForOneMore } from '../achievements/index.js';
import { type RowTx, runStatement } from '../kernel/context.js';

/** Makes sure that the account may have one more task. @throws LIMIT_REACHED (`limit`, `current`) */
export async function requireTaskCapacity(tx: RowTx): Promise<void> {
  const [row] = await runStatement<{ count: number }>(
    tx,
    'select count(*)::int as count from tasks.task where user_id = $1',
    [tx.unit.account.id],
  );
  await requireCapacityForOneMore(tx, 'tasks', row?.count ?? 0);
}

/** Makes sure that the account may have one more template. @throws LIMIT_REACHED (`limit`, `current`) */
export async function requireTemplateCapacity(tx: RowTx): Promise<void> {
  const [row] = await runStatement<{ count: number }>(
    tx,
    'select count(*)::int as count from tasks.task_template where user_id = $1',
    [tx.unit.account.id],
  );
  await requireCapacityForOneMore(tx, 'taskTemplates', row?.count ?? 0);
}
