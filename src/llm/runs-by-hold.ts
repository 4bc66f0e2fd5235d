import { Run } from '../../entities/llm/run.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { type RowIn, rowsOf } from '../kernel/rows.js';

const runRows = rowsOf(Run, [
  'id',
  'holdId',
  'purpose',
  'state',
  'inputTokens',
  'outputTokens',
  'createdAt',
  'endedAt',
]);

/** A run as reads see it. */
export type RunRow = RowIn<typeof runRows>;

/** The caller's runs for which credits were held, by the ids of the holds; null where there was none. */
export async function runsByHold(ctx: Context, holdIds: readonly string[]): Promise<(RunRow | null)[]> {
  const rows = await runStatement<RunRow>(
    ctx,
    `select ${runRows.columns} from llm.run where account_id = $1 and hold_id = any($2::uuid[])`,
    [requireAccount(ctx), holdIds],
  );
  const byHold = new Map(rows.map((row) => [row.holdId, row]));
  return holdIds.map((id) => byHold.get(id) ?? null);
}
