import { AccountExportState } from '../../entities/privacy/account-export.js';
import { record } from '../activity/index.js';
import { accountExportRequested } from '../events/privacy.js';
import { type Context, newId, runStatement } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import { type DeclaredErrors, limitReached } from '../kernel/errors.js';
import { sendJob } from '../kernel/jobs.js';
import { transaction } from '../kernel/transaction.js';
import { BuildExport } from './build-export.js';
import { type AccountExportRow, listExports } from './export-rows.js';

/** Exports that an account may ask for within 24 hours. */
const maxADay = 3;
/** How long one is waited for. */
const waitedForMs = dayMs;

export const exportAccountErrors: DeclaredErrors = {
  LIMIT_REACHED: '`accountExports`, of 24 hours: `retryAfter` says when there may be another one',
};

/**
 * Has a copy made of all that is held of the caller's account; a job makes it. While one is being made it is that one.
 * @throws LIMIT_REACHED (`retryAfter`)
 */
export async function exportAccount(ctx: Context): Promise<AccountExportRow> {
  return transaction(ctx, async (tx) => {
    const known = await listExports(tx);
    const running = known.find(({ state }) => state === AccountExportState.PENDING);
    if (running) return running;
    requireRoom(known, tx.clock.now());
    const accountId = tx.unit.account.id;
    const requestedAt = tx.clock.now();
    const asked = {
      ...{ accountId, id: newId(tx.clock), state: AccountExportState.PENDING, requestedAt },
      expiresAt: new Date(requestedAt.getTime() + waitedForMs),
    };
    await runStatement(
      tx,
      `insert into privacy.account_export (account_id, id, state, requested_at, ready_at, expires_at, bytes, file_id)
       values ($1, $2, $3, $4, null, $5, null, null)`,
      [accountId, asked.id, asked.state, requestedAt, asked.expiresAt],
    );
    await record(tx, accountExportRequested(asked.id, {}));
    await sendJob(tx, BuildExport, { accountId, exportId: asked.id });
    return { ...asked, readyAt: null, bytes: null, fileId: null };
  });
}

/** @throws LIMIT_REACHED */
function requireRoom(known: readonly AccountExportRow[], now: Date): void {
  const moments = known.map(({ requestedAt }) => new Date(requestedAt).getTime() + dayMs - now.getTime());
  const leftMs = moments.filter((each) => each > 0).sort((a, b) => b - a);
  const oldest = leftMs[maxADay - 1];
  if (oldest === undefined) return;
  throw limitReached(`An account may be exported ${maxADay} times in 24 hours.`, {
    resource: 'accountExports',
    limit: maxADay,
    current: leftMs.length,
    retryAfter: Math.ceil(oldest / 1_000),
  });
}
