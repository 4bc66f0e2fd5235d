import { requireCapacityForOneMore } from '../accounts/index.js';
import { type RowTx, runStatement } from '../kernel/context.js';

/** Makes sure that the account may have one more task. @throws LIMIT_REACHED */
export async function requireTaskCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'tasks', await countRows(tx, 'tasks.task'));
}

/** Makes sure that the account may have one more template. @throws LIMIT_REACHED */
export async function requireTemplateCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'taskTemplates', await countRows(tx, 'tasks.task_template'));
}

async function countRows(tx: RowTx, table: string): Promise<number> {
  const [row] = await runStatement<{ count: number }>(
    tx,
    `select count(*)::int as count from ${table} where account_id = $1`,
    [tx.unit.account.id],
  );
  return row?.count ?? 0;
}
