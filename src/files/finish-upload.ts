import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { FileScan, FileState } from '../../entities/files/file.js';
import { readLimits, requireMayErrors } from '../accounts/index.js';
import { type Context, requireNoTransaction, runStatement, type Tx, unavailable } from '../kernel/context.js';
import { AppError, type DeclaredErrors, invalid } from '../kernel/errors.js';
import { sendJob } from '../kernel/jobs.js';
import { observe } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import type { FileRow } from './file-rows.js';
import { quotaShare } from './metrics.js';
import { type FilePurpose, typeOf } from './purpose.js';
import { readObject } from './read-object.js';
import { readWhole } from './read-whole.js';
import { releaseUnfinished } from './release-file.js';
import { requireFile } from './require-file.js';
import { ScanFile } from './scan-file.js';

/** What has come, looked at, before it becomes a file. */
export interface InspectedUpload {
  readonly file: FileRow;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Its bytes, from the beginning. */
  read(): Promise<Readable>;
}

export const inspectUploadErrors: DeclaredErrors = {
  ...requireMayErrors,
  VALIDATION_FAILED: 'bytes of another type or size than was announced: they are removed',
  CONFLICT: 'its bytes have not come yet',
};

/** How long all bytes of an upload may take to come from the store. */
const readTimeoutMs = 90_000;

/**
 * Looks at the bytes of an upload: their type as they say it themselves, their number and hash. What is not what was
 * announced is removed. Outside of any transaction, since it asks the store; a file that is finished is answered as it is.
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT, VALIDATION_FAILED
 */
export async function inspectUpload(ctx: Context, purpose: FilePurpose, fileId: string): Promise<InspectedUpload> {
  requireNoTransaction(ctx);
  const file = await requireFile(ctx, purpose, fileId);
  const size = file.state === FileState.UPLOADED ? file.bytes : await sizeOf(ctx, file);
  if (size === null || (file.state === FileState.RECEIVED && size !== file.bytes)) return awaitAgain(ctx, file);
  if (file.isSizeDeclared && size !== file.bytes)
    return refuseUpload(ctx, file, {
      field: 'bytes',
      rule: `must be ${file.bytes}, as was announced, and are ${size}`,
    });
  const read = () => readObject(ctx, { ...file, bytes: size }, readTimeoutMs);
  const { head, sha256 } = await readWhole(read, file.sha256);
  const found = (await fileTypeFromBuffer(head))?.mime ?? 'unknown';
  const contentType = typeOf(purpose, found)?.name;
  if (contentType !== file.contentType)
    return refuseUpload(ctx, file, {
      field: 'contentType',
      rule: `must be ${file.contentType}; the bytes are ${found}`,
    });
  return { file, contentType, bytes: size, sha256, read };
}

/** @throws UNAVAILABLE when the store is away */
async function sizeOf({ providers }: Context, { objectKey }: FileRow): Promise<number | null> {
  try {
    return await providers.objectStore.sizeOf(objectKey);
  } catch (cause) {
    throw unavailable('The store of files is away. Try again.', { cause });
  }
}

/** What the store has lost since it came can come again, to the same address. @throws CONFLICT */
async function awaitAgain(ctx: Context, { accountId, id, objectKey }: FileRow): Promise<never> {
  await runStatement(
    ctx,
    `update files.file set state = 'PENDING', sha256 = null
     where account_id = $1 and id = $2 and object_key = $3 and state = 'RECEIVED' and released_at is null`,
    [accountId, id, objectKey],
  );
  throw new AppError('CONFLICT', 'The bytes of this upload have not come yet.');
}

/** Removes what has come, unless it was finished meanwhile, and says why. @throws VALIDATION_FAILED */
export async function refuseUpload(
  ctx: Context,
  { id }: Pick<FileRow, 'id'>,
  fault: { readonly field: string; readonly rule: string },
): Promise<never> {
  await transaction(ctx, (tx) => releaseUnfinished(tx, id));
  throw invalid([fault]);
}

/** Makes a file of an upload, once; false when it is one already. Where files are scanned, it cannot be downloaded before. */
export async function settleUpload(tx: Tx, { file, bytes, sha256 }: InspectedUpload): Promise<boolean> {
  const scan = tx.providers.fileScanner ? FileScan.PENDING : FileScan.NOT_SCANNED;
  const rows = await runStatement(
    tx,
    `update files.file set state = 'UPLOADED', bytes = $3, sha256 = $4, scan = $5, receiving_until = null
     where account_id = $1 and id = $2 and state <> 'UPLOADED' and released_at is null returning id`,
    [tx.unit.account.id, file.id, bytes, sha256, scan],
  );
  if (rows.length === 0) return false;
  if (tx.providers.fileScanner) await sendJob(tx, ScanFile, { fileId: file.id });
  const [used] = await runStatement<{ bytes: string }>(tx, 'select bytes from files.storage where account_id = $1', [
    tx.unit.account.id,
  ]);
  observe(tx, quotaShare, {}, Number(used?.bytes ?? 0) / (await readLimits(tx)).storage);
  return true;
}
