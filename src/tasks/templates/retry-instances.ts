import { type Context, type RowTx, runStatement } from '../../context.js';
import { transaction } from '../../transaction.js';
import { noteTry, tryNextInstance } from './continue-series.js';
import { readSeries } from './series.js';

const batchSize = 100;

/** Tries again to make the tasks that could not be made when the one before them was completed. */
export async function retryInstances(ctx: Context): Promise<void> {
  for (;;) {
    const due = await runStatement<{ id: string; userId: string }>(
      ctx,
      `select id, user_id as "userId" from tasks.task_template where retry_at <= $1 order by retry_at limit ${batchSize}`,
      [ctx.clock.now()],
    );
    for (const { id, userId } of due) await transaction(ctx, (tx) => retryInstance(tx, id), userId);
    if (due.length < batchSize) return;
  }
}

/** The second time finds nothing to retry: the template is due later, or has its task. */
async function retryInstance(tx: RowTx, id: string): Promise<void> {
  const [due] = await runStatement(tx, 'select 1 from tasks.task_template where id = $1 and retry_at <= $2', [
    id,
    tx.clock.now(),
  ]);
  const series = due ? await readSeries(tx, id) : null;
  if (!series) return;
  if (series.active && !series.openId) await tryNextInstance(tx, series);
  else await noteTry(tx, series, null, 0);
}
