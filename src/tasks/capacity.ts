import { requireCapacityForOneMore } from '../accounts/index.js';
import { countRows, type RowTx } from '../kernel/context.js';

/** Makes sure that the account may have one more task. @throws LIMIT_REACHED */
export async function requireTaskCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'tasks', await countRows(tx, 'tasks.task'));
}

/** Makes sure that the account may have one more template. @throws LIMIT_REACHED */
export async function requireTemplateCapacity(tx: RowTx): Promise<void> {
  await requireCapacityForOneMore(tx, 'taskTemplates', await countRows(tx, 'tasks.task_template'));
}
