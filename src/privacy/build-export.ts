import { z } from 'zod';
import { Source } from '../../entities/activity/event.js';
import { NotificationType } from '../../entities/notifications/notification.js';
import { record } from '../activity/index.js';
import { accountExportFailed, accountExportReady } from '../events/privacy.js';
import { keepMade, type MadeFile, storeMade } from '../files/index.js';
import { type Attempt, asAccount, type Context, logFailure, runStatement, type Tx } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import { defineJob } from '../kernel/jobs.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { notify } from '../notifications/index.js';
import { accountExportFile } from './account-export-file.js';
import { exportInto } from './export-into.js';
import { accountExports } from './metrics.js';
import { zipped } from './zip.js';

const Job = z.object({ accountId: z.uuid(), exportId: z.uuid() });
type Job = z.infer<typeof Job>;

/** Days that an export can be downloaded, and that one which failed is shown. */
const daysKept = 7;
/** An account of a gigabyte of files, at 1 MB a second. */
const buildSeconds = 1_200;

/** Makes one export; tried for some 10 minutes, as long as the store may be away. */
export const BuildExport = defineJob('privacy.build-export', Job, {
  retryLimit: 4,
  retryDelaySeconds: 20,
  expireInSeconds: buildSeconds + 60,
  atOnce: 2,
  keepSeconds: 3_600,
});

/**
 * Makes the archive of an export that is PENDING, stores it, and says so. One that has ended, or whose account is gone, is
 * left alone. @throws when it should be tried again
 */
export async function buildExport(ctx: Context, { accountId, exportId }: Job, { isLast }: Attempt): Promise<void> {
  const own = asAccount(ctx, accountId);
  if (!(await isPending(own, exportId))) return;
  try {
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(buildSeconds * 1_000)]);
    const made = await zipped(
      (sink) => exportInto({ ...own, signal }, accountId, sink),
      (archive) => storeMade(own, accountExportFile, archive, signal),
    );
    await transaction(own, (tx) => finish(tx, exportId, made));
  } catch (error) {
    if (!isLast) throw error;
    logFailure(ctx.log, error, { accountExport: exportId }, 'an export was given up');
    await transaction(own, (tx) => failExport(tx, exportId));
  }
}

async function isPending(ctx: Context, exportId: string): Promise<boolean> {
  const rows = await runStatement(
    ctx,
    `select from privacy.account_export where account_id = $1 and id = $2 and state = 'PENDING'`,
    [ctx.accountId, exportId],
  );
  return rows.length > 0;
}

/** Once: an archive that comes second is no file, and is removed as such. */
async function finish(tx: Tx, exportId: string, made: MadeFile): Promise<void> {
  const { bytes, id: fileId } = made;
  const ready = await runStatement(
    tx,
    `update privacy.account_export set state = 'READY', ready_at = $3, expires_at = $4, bytes = $5, file_id = $6
     where account_id = $1 and id = $2 and state = 'PENDING' returning id`,
    [tx.unit.account.id, exportId, tx.clock.now(), removedAt(tx), bytes, fileId],
  );
  if (ready.length === 0) return;
  await keepMade(tx, accountExportFile, made);
  await record(tx, accountExportReady(exportId, { bytes }, Source.SYSTEM));
  await tell(tx, exportId, {
    title: 'Your data is ready',
    body: `The copy of your account that you asked for can be downloaded for ${daysKept} days.`,
  });
  count(tx, accountExports, { outcome: 'READY' });
}

/** Says that an export which is PENDING has failed. */
export async function failExport(tx: Tx, exportId: string): Promise<void> {
  const failed = await runStatement(
    tx,
    `update privacy.account_export set state = 'FAILED', expires_at = $3
     where account_id = $1 and id = $2 and state = 'PENDING' returning id`,
    [tx.unit.account.id, exportId, removedAt(tx)],
  );
  if (failed.length === 0) return;
  await record(tx, accountExportFailed(exportId, {}, Source.SYSTEM));
  await tell(tx, exportId, {
    title: 'Your data could not be copied',
    body: 'The copy of your account that you asked for could not be made. Ask for another one.',
  });
  count(tx, accountExports, { outcome: 'FAILED' });
}

function removedAt({ clock }: Tx): Date {
  return new Date(clock.now().getTime() + daysKept * dayMs);
}

function tell(tx: Tx, entityId: string, text: { readonly title: string; readonly body: string }): Promise<void> {
  return notify(tx, {
    type: NotificationType.SYSTEM,
    ...text,
    actionUrl: null,
    about: { entityType: 'account_export', entityId },
    key: `account export ${entityId}`,
    push: true,
  });
}
