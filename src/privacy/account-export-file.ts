import { requireMay } from '../accounts/index.js';
import type { FilePurpose } from '../files/index.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';

/** Archives of accounts: nobody uploads one. */
export const accountExportFile: FilePurpose = {
  name: 'account-export',
  uploadSeconds: 0,
  unfinishedSeconds: 0,
  downloadSeconds: 600,
  maxBytes: 0,
  types: [{ name: 'application/zip', also: [], isSafeToShow: false }],
  savedAs: 'perpetua-flow-account.zip',
  requireMayDownload: async (ctx, { id }) => {
    await requireMay(ctx, 'read account export', await exportOf(ctx, id));
  },
  recordDownload: null,
};

/** The export whose archive a file is, while it can be downloaded. */
async function exportOf(ctx: Context, fileId: string): Promise<{ accountId: string } | undefined> {
  const [found] = await runStatement<{ accountId: string }>(
    ctx,
    `select account_id as "accountId" from privacy.account_export
     where account_id = $1 and file_id = $2 and state = 'READY' and expires_at > $3`,
    [requireAccount(ctx), fileId, ctx.clock.now()],
  );
  return found;
}
