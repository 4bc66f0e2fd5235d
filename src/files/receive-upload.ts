import { randomBytes } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { FileState } from '../../entities/files/file.js';
import {
  asAccount,
  type Context,
  logFailure,
  runStatement,
  type StoredObject,
  unavailable,
} from '../kernel/context.js';
import { AppError, invalid } from '../kernel/errors.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { type FileRow, unsafeFilesById } from './file-rows.js';
import { bytesMoved } from './metrics.js';
import { type FilePurpose, typeOf } from './purpose.js';

/** How long a process vouches for an upload that it is receiving, and how often it says so. */
const [vouchMs, renewMs] = [30_000, 10_000];

/** The body of a request to an upload's address. */
export interface UploadBody {
  readonly contentType: string;
  /** As the client says; null when it does not. */
  readonly contentLength: number | null;
  readonly stream: Readable;
}

/**
 * Receives the bytes of an upload through us: once, and all of them or nothing. One that breaks off can be sent again to the
 * same address. Whoever calls has checked the address.
 * @throws NOT_FOUND; CONFLICT when they have come already; UNAVAILABLE while they are coming; VALIDATION_FAILED for another type or size
 */
export async function receiveUpload(
  ctx: Context,
  purposes: readonly FilePurpose[],
  fileId: string,
  body: UploadBody,
): Promise<void> {
  const file = await readAwaited(ctx, fileId);
  const purpose = purposes.find(({ name }) => name === file.purpose);
  if (!purpose) throw new Error(`Nobody knows the purpose ${file.purpose}.`);
  refuseOther(purpose, file, body);
  const own = asAccount(ctx, file.accountId);
  await claim(own, file);
  const timer = setInterval(() => void vouch(own, file).catch(() => undefined), renewMs);
  // A name of its own, so that an attempt which comes late cannot change what another has stored.
  const objectKey = `${file.objectKey}-${randomBytes(4).toString('hex')}`;
  try {
    const stored = await store(ctx, objectKey, atMost(file.bytes, body.stream));
    refuseSize(purpose, file, stored.bytes);
    await noteReceived(own, file, { ...stored, objectKey });
    count(ctx, bytesMoved, { purpose: purpose.name, direction: 'in' }, stored.bytes);
  } catch (error) {
    await giveUp(own, file, objectKey);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** @throws what its sender is to blame for; UNAVAILABLE when the store fails */
async function store(ctx: Context, objectKey: string, { stream, faultOfSender }: BoundedBody): Promise<StoredObject> {
  try {
    return await ctx.providers.objectStore.put(objectKey, stream, ctx.signal);
  } catch (error) {
    const fault = faultOfSender();
    if (fault || ctx.signal.aborted) throw fault ?? ctx.signal.reason;
    logFailure(ctx.log, error, { objectKey }, 'the store of files did not take an upload');
    throw unavailable('The file cannot be stored right now. Send it again.', { cause: error });
  }
}

interface BoundedBody {
  readonly stream: Readable;
  /** Why no more of it comes, where that is not the store's fault, which ends the stream with its own error. */
  faultOfSender(): Error | null;
}

/** Ends with an error as soon as more has come than may: what is reserved is what is written. */
function atMost(bytes: number, stream: Readable): BoundedBody {
  let received = 0;
  let fault: Error | null = null;
  const bounded = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      received += chunk.length;
      if (received > bytes) fault ??= invalid([{ field: 'body', rule: `must have at most ${bytes} bytes` }]);
      done(fault, chunk);
    },
  });
  stream.once('error', (error) => {
    fault ??= error;
    bounded.destroy(error);
  });
  // It may fail before the store takes anything of it.
  bounded.on('error', () => undefined);
  bounded.once('close', () => stream.unpipe(bounded));
  return { stream: stream.pipe(bounded), faultOfSender: () => fault };
}

async function readAwaited(ctx: Context, fileId: string): Promise<FileRow> {
  const [file] = await unsafeFilesById(ctx, [fileId]);
  if (!file) throw new AppError('NOT_FOUND', 'There is no such upload, or it was given up.');
  if (file.state !== FileState.PENDING) throw new AppError('CONFLICT', 'The bytes of this upload have come already.');
  return file;
}

function refuseOther(purpose: FilePurpose, file: FileRow, { contentType, contentLength }: UploadBody): void {
  if (typeOf(purpose, contentType)?.name !== file.contentType)
    throw invalid([{ field: 'content-type', rule: `must be ${file.contentType}, as was announced` }]);
  if (contentLength !== null) refuseSize(purpose, file, contentLength);
}

function refuseSize({ maxBytes }: FilePurpose, { isSizeDeclared, bytes }: FileRow, given: number): void {
  if (isSizeDeclared && given !== bytes)
    throw invalid([{ field: 'body', rule: `must have ${bytes} bytes, as was announced, and has ${given}` }]);
  if (given < 1 || given > maxBytes) throw invalid([{ field: 'body', rule: `must have from 1 to ${maxBytes} bytes` }]);
}

/**
 * Takes it for this request. Another one that brings the bytes may have died, or its connection: that they come is no reason
 * to forget them. @throws UNAVAILABLE
 */
async function claim(ctx: Context, file: FileRow): Promise<void> {
  if (await vouch(ctx, file, 'and (receiving_until is null or receiving_until < now())')) return;
  throw unavailable('The bytes of this upload seem to be coming already. Send them again in a moment.');
}

async function vouch(ctx: Context, { accountId, id }: FileRow, unless = ''): Promise<boolean> {
  const rows = await runStatement(
    ctx,
    `update files.file set receiving_until = now() + $3 * interval '1 ms'
     where account_id = $1 and id = $2 and state = 'PENDING' and released_at is null ${unless} returning id`,
    [accountId, id, vouchMs],
  );
  return rows.length > 0;
}

async function noteReceived(
  ctx: Context,
  { accountId, id }: FileRow,
  { bytes, sha256, objectKey }: { readonly bytes: number; readonly sha256: string; readonly objectKey: string },
): Promise<void> {
  const rows = await transaction(ctx, (tx) =>
    runStatement(
      tx,
      `update files.file set state = $6, bytes = $3, sha256 = $4, object_key = $5, receiving_until = null
       where account_id = $1 and id = $2 and state = 'PENDING' and released_at is null returning id`,
      [accountId, id, bytes, sha256, objectKey, FileState.RECEIVED],
    ),
  );
  if (rows.length > 0) return;
  const [file] = await runStatement<{ released: boolean }>(
    ctx,
    'select released_at is not null as released from files.file where account_id = $1 and id = $2',
    [accountId, id],
  );
  // 409 says that the bytes are here, so that their sender may forget them.
  if (!file || file.released) throw new AppError('NOT_FOUND', 'This upload was given up meanwhile. Begin a new one.');
  throw new AppError('CONFLICT', 'This upload has come already.');
}

/**
 * Lets it be tried again. The row may name the object all the same, when the answer to a commit was lost: then it stays. What
 * cannot be undone now lapses by itself, and the sweepers find it.
 */
async function giveUp(ctx: Context, { accountId, id }: FileRow, objectKey: string): Promise<void> {
  try {
    const [file] = await runStatement<{ objectKey: string }>(
      ctx,
      `update files.file set receiving_until = case when state = 'PENDING' then null else receiving_until end
       where account_id = $1 and id = $2 returning object_key as "objectKey"`,
      [accountId, id],
    );
    if (file?.objectKey !== objectKey) await ctx.providers.objectStore.remove(objectKey);
  } catch (error) {
    logFailure(ctx.log, error, { objectKey }, 'what came of an upload that broke off was not removed yet');
  }
}
