import { Run } from '../../entities/llm/run.js';
import { type Context, runStatement } from '../kernel/context.js';
import { type RowIn, rowsOf } from '../kernel/rows.js';

const leaseRows = rowsOf(Run, ['id', 'holdId', 'leaseOwner', 'leaseUntil']);

/** Who writes what credits are held for, and until when they vouch for it. */
type LeaseRow = RowIn<typeof leaseRows>;

/** The runs for which credits are held, of any accounts, in the order of the holds; null where there is none. */
export async function leasesOfHolds(
  ctx: Context,
  holds: readonly { readonly accountId: string; readonly id: string }[],
): Promise<(LeaseRow | null)[]> {
  const rows = await runStatement<LeaseRow>(
    ctx,
    `select ${leaseRows.columns} from llm.run
     where (account_id, hold_id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
    [holds.map(({ accountId }) => accountId), holds.map(({ id }) => id)],
  );
  const byHold = new Map(rows.map((row) => [row.holdId, row]));
  return holds.map(({ id }) => byHold.get(id) ?? null);
}
