import type { Readable } from 'node:stream';
import { FileScan, FileState } from '../../entities/files/file.js';
import { asAccount, type ByteRange, type Context, logFailure, ObjectMissing, unavailable } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { count } from '../kernel/metrics.js';
import { type FileRow, unsafeFilesById } from './file-rows.js';
import { bytesMoved } from './metrics.js';
import { type FilePurpose, typeOf } from './purpose.js';
import { wholeOrError } from './read-object.js';

/** A file that somebody may download now. */
export interface Download {
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether a browser may show it, instead of saving it. */
  readonly isSafeToShow: boolean;
  /** What a browser calls it when it saves it. */
  readonly savedAs: string | null;
  /** All of it, or a part. */
  read(range: ByteRange | null): Promise<Readable>;
}

/**
 * Opens a file for whoever was given its address, if they still may have it. Whoever calls has checked the address.
 * @throws NOT_FOUND, FORBIDDEN; CONFLICT while it is being looked through
 */
export async function openDownload(
  ctx: Context,
  purposes: readonly FilePurpose[],
  { fileId, personId }: { readonly fileId: string; readonly personId: string },
): Promise<Download> {
  const [file] = await unsafeFilesById(ctx, [fileId]);
  const purpose = purposes.find(({ name }) => name === file?.purpose);
  if (!file || !purpose || file.state !== FileState.UPLOADED || file.sha256 === null)
    throw new AppError('NOT_FOUND', 'There is no such file.');
  if (file.scan === FileScan.PENDING)
    throw new AppError('CONFLICT', 'This file is being looked through. Try again soon.');
  // The address speaks for the person, who has no session here: what may be done is what their account may.
  const own = asAccount({ ...ctx, actor: { kind: 'SYSTEM', id: 'system' } }, personId);
  await purpose.requireMayDownload(own, file);
  return {
    contentType: file.contentType,
    bytes: file.bytes,
    sha256: file.sha256,
    isSafeToShow: typeOf(purpose, file.contentType)?.isSafeToShow ?? false,
    savedAs: purpose.savedAs,
    read: (range) => read(own, purpose, file, range),
  };
}

async function read(ctx: Context, purpose: FilePurpose, file: FileRow, range: ByteRange | null): Promise<Readable> {
  const stream = await ctx.providers.objectStore.read(file.objectKey, range, ctx.signal).catch((cause: unknown) => {
    logFailure(ctx.log, cause, { file: file.id }, 'a file could not be read');
    if (cause instanceof ObjectMissing) throw new AppError('NOT_FOUND', 'The bytes of this file are lost.', { cause });
    throw unavailable('The file cannot be read right now. Try again.', { cause });
  });
  if (range === null || range.from === 0) await purpose.recordDownload?.(ctx, file);
  const bytes = range ? range.to - range.from + 1 : file.bytes;
  count(ctx, bytesMoved, { purpose: purpose.name, direction: 'out' }, bytes);
  return wholeOrError(stream, bytes);
}
