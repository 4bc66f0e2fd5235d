import { z } from 'zod';
import { FileScan } from '../../entities/files/file.js';
import { type Attempt, asAccount, type Context, runStatement, type Tx } from '../kernel/context.js';
import { defineJob } from '../kernel/jobs.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { unsafeFilesById } from './file-rows.js';
import { scans } from './metrics.js';
import { readObject } from './read-object.js';
import { releaseFiles } from './release-file.js';

const Job = z.object({ fileId: z.uuid() });

/** Looks through one file. Tried for a day: nobody can download it before. */
export const ScanFile = defineJob('files.scan', Job, {
  retryLimit: 24,
  retryDelaySeconds: 10,
  expireInSeconds: 600,
  atOnce: 2,
  keepSeconds: 3_600,
});

/** Looks for what harms; a file that has some is removed. Done again it changes nothing. @throws when the scanner is away */
export async function scanFile(ctx: Context, { fileId }: z.infer<typeof Job>, _attempt: Attempt): Promise<void> {
  const [file] = await unsafeFilesById(ctx, [fileId]);
  const { fileScanner } = ctx.providers;
  if (!file || !fileScanner) return;
  const outcome = await fileScanner.scan(await readObject(ctx, file), ctx.signal);
  await transaction(asAccount(ctx, file.accountId), async (tx) => {
    if (await noteScan(tx, fileId, outcome)) count(tx, scans, { outcome });
  });
  if (outcome === 'INFECTED') ctx.log.warn({ file: fileId, account: file.accountId }, 'a file was infected');
}

async function noteScan(tx: Tx, fileId: string, outcome: 'CLEAN' | 'INFECTED'): Promise<boolean> {
  const rows = await runStatement(
    tx,
    `update files.file set scan = $3
     where account_id = $1 and id = $2 and scan = 'PENDING' and released_at is null returning id`,
    [tx.unit.account.id, fileId, outcome === 'CLEAN' ? FileScan.CLEAN : FileScan.PENDING],
  );
  if (outcome === 'INFECTED') await releaseFiles(tx, [fileId]);
  return rows.length > 0;
}
