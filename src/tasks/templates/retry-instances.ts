import { asAccount, type Context, type RowTx, runStatement } from '../../kernel/context.js';
import { sweep } from '../../kernel/sweep.js';
import { transaction } from '../../kernel/transaction.js';
import { clearRetry, tryNextInstance } from './continue-series.js';
import { readSeries } from './series.js';

/** Tries again to make the tasks that could not be made when the one before them was completed. */
export async function retryInstances(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'making the next instance',
    from: 'tasks.task_template',
    account: 'account_id',
    where: 'retry_at <= $1',
    values: [ctx.clock.now()],
    since: 'retry_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => transaction(asAccount(ctx, accountId), (tx) => retryInstance(tx, id)),
  });
}

/** The second time finds nothing to retry: the template is due later, or has its task. */
async function retryInstance(tx: RowTx, id: string): Promise<void> {
  const [due] = await runStatement(
    tx,
    'select 1 from tasks.task_template where account_id = $3 and id = $1 and retry_at <= $2',
    [id, tx.clock.now(), tx.unit.account.id],
  );
  const series = due ? await readSeries(tx, id) : null;
  if (!series) return;
  if (series.active && !series.nextId) await tryNextInstance(tx, series);
  else await clearRetry(tx, series);
}
