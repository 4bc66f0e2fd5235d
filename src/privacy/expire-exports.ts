import { Source } from '../../entities/activity/event.js';
import { AccountExportState } from '../../entities/privacy/account-export.js';
import { record } from '../activity/index.js';
import { accountExportExpired } from '../events/privacy.js';
import { releaseFiles } from '../files/index.js';
import { asAccount, type Context, runStatement, type Tx } from '../kernel/context.js';
import { sweep } from '../kernel/sweep.js';
import { transaction } from '../kernel/transaction.js';
import { failExport } from './build-export.js';

/** Removes exports that are 7 days old, with their archives, and gives up those that nobody has made within a day. */
export async function expireExports(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'removing an export',
    from: 'privacy.account_export',
    account: 'account_id',
    where: 'expires_at <= $1',
    values: [ctx.clock.now()],
    since: 'expires_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => transaction(asAccount(ctx, accountId), (tx) => expire(tx, id)),
  });
}

async function expire(tx: Tx, id: string): Promise<void> {
  const [due] = await runStatement<{ state: AccountExportState; fileId: string | null }>(
    tx,
    `select state, file_id as "fileId" from privacy.account_export
     where account_id = $1 and id = $2 and expires_at <= $3`,
    [tx.unit.account.id, id, tx.clock.now()],
  );
  if (!due) return;
  if (due.state === AccountExportState.PENDING) return failExport(tx, id);
  await runStatement(tx, 'delete from privacy.account_export where account_id = $1 and id = $2', [
    tx.unit.account.id,
    id,
  ]);
  if (due.fileId !== null) await releaseFiles(tx, [due.fileId]);
  await record(tx, accountExportExpired(id, {}, Source.SYSTEM));
}
