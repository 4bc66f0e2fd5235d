import { type Context, type RowTx, runStatement } from '../../context.js';
import { sweep } from '../../sweep.js';
import { transaction } from '../../transaction.js';
import { noteSuccess, tryAgain } from './continue-series.js';
import { isAhead, readSeries } from './series.js';

interface Due {
  readonly id: string;
  readonly userId: string;
  readonly retryAt: string;
}

/** Tries again to make the tasks that could not be made when the one before them was completed. */
export async function retryInstances(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await sweep<Due>(ctx, {
    what: 'making the next instance',
    read: (last, limit) =>
      runStatement(
        ctx,
        `select id, user_id as "userId", retry_at::text as "retryAt" from tasks.task_template
         where retry_at <= $1 and ($2::timestamptz is null or (retry_at, id) > ($2::timestamptz, $3::uuid))
         order by retry_at, id limit $4`,
        [now, last?.retryAt ?? null, last?.id ?? null, limit],
      ),
    work: ({ id, userId }) => transaction(ctx, (tx) => retryInstance(tx, id), userId),
  });
}

/** The second time finds nothing to retry: the template is due later, or has its task. */
async function retryInstance(tx: RowTx, id: string): Promise<void> {
  const [due] = await runStatement(tx, 'select 1 from tasks.task_template where id = $1 and retry_at <= $2', [
    id,
    tx.clock.now(),
  ]);
  const series = due ? await readSeries(tx, id) : null;
  if (!series) return;
  if (series.active && !isAhead(series)) await tryAgain(tx, series);
  else await noteSuccess(tx, series);
}
