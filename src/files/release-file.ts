import { type RowTx, sendStatement } from '../kernel/context.js';

/** Says that nobody refers to files any more: their room is free at once, their bytes are removed behind that. */
export async function releaseFiles(tx: RowTx, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return;
  await sendStatement(
    tx,
    `update files.file set released_at = $3, receiving_until = null
     where account_id = $1 and id = any($2::uuid[]) and released_at is null`,
    [tx.unit.account.id, fileIds, tx.clock.now()],
  );
}
