import { type RowTx, runStatement, sendStatement, type Tx } from '../kernel/context.js';

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

/** Whether somebody refers to a file, so that its bytes stay. */
export async function isKept(tx: RowTx, id: string): Promise<boolean> {
  const rows = await runStatement(
    tx,
    'select from files.file where account_id = $1 and id = $2 and released_at is null',
    [tx.unit.account.id, id],
  );
  return rows.length > 0;
}

/** Releases an upload, unless it was finished meanwhile. */
export async function releaseUnfinished(tx: Tx, id: string): Promise<void> {
  const unfinished = await runStatement(
    tx,
    `select from files.file where account_id = $1 and id = $2 and state <> 'UPLOADED'`,
    [tx.unit.account.id, id],
  );
  if (unfinished.length > 0) await releaseFiles(tx, [id]);
}
