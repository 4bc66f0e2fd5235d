import { type File, FileScan, FileState } from '../../entities/files/file.js';
import { requireCapacity, requireCapacityForOneMore } from '../accounts/index.js';
import { newId, runStatement, type Tx } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { signedAddress, uploadPath } from './addresses.js';
import { insertFile } from './insert-file.js';
import { type FilePurpose, typeOf } from './purpose.js';

/** An upload as a client announces it. */
export interface AnnouncedUpload {
  readonly contentType: string;
  /** Null where it does not know them: then the bytes come through us, and as many as may come are reserved. */
  readonly bytes: number | null;
}

/** Where the bytes are to be sent, once, with `PUT` and these headers. */
export interface StartedUpload {
  readonly fileId: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: Date;
}

export const startUploadErrors: DeclaredErrors = {
  VALIDATION_FAILED: '',
  LIMIT_REACHED: '`storage` in bytes, and `uploads` that are not finished',
};

/**
 * Reserves room in the account's storage and prepares an upload: an address that works once, for one person, type and
 * size. @throws VALIDATION_FAILED, LIMIT_REACHED
 */
export async function startUpload(tx: Tx, purpose: FilePurpose, announced: AnnouncedUpload): Promise<StartedUpload> {
  const type = typeOf(purpose, announced.contentType);
  if (!type) throw invalid([{ field: 'contentType', rule: `must be one of ${namesOf(purpose)}` }]);
  const bytes = announced.bytes ?? purpose.maxBytes;
  if (bytes < 1 || bytes > purpose.maxBytes)
    throw invalid([{ field: 'bytes', rule: `must be from 1 to ${purpose.maxBytes}` }]);
  await requireRoom(tx, bytes);
  const now = tx.clock.now();
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  const id = newId(tx.clock);
  const file = {
    accountId: tx.unit.account.id,
    id,
    purpose: purpose.name,
    state: FileState.PENDING,
    contentType: type.name,
    bytes,
    isSizeDeclared: announced.bytes !== null,
    takesRoom: true,
    objectKey: `${purpose.name}/${id}`,
    sha256: null,
    scan: FileScan.PENDING,
    createdAt: now,
    unfinishedUntil: after(purpose.unfinishedSeconds),
    receivingUntil: null,
    releasedAt: null,
  };
  await insertFile(tx, file);
  const expiresAt = after(purpose.uploadSeconds);
  return { fileId: id, expiresAt, ...(await addressFor(tx, purpose, file, expiresAt)) };
}

function namesOf({ types }: FilePurpose): string {
  return types.flatMap(({ name, also }) => [name, ...also]).join(', ');
}

async function requireRoom(tx: Tx, bytes: number): Promise<void> {
  const [used] = await runStatement<{ bytes: string; uploads: number }>(
    tx,
    'select bytes, uploads from files.storage where account_id = $1',
    [tx.unit.account.id],
  );
  const current = Number(used?.bytes ?? 0);
  await requireCapacityForOneMore(tx, 'uploads', used?.uploads ?? 0);
  await requireCapacity(tx, 'storage', { current, wanted: current + bytes });
}

/** Straight to the bucket where that is possible, else through us. Signing asks nobody. */
async function addressFor(
  tx: Tx,
  { uploadSeconds }: FilePurpose,
  { id, objectKey, contentType, bytes, isSizeDeclared }: File,
  expiresAt: Date,
): Promise<Pick<StartedUpload, 'url' | 'headers'>> {
  const terms = { contentType, bytes, seconds: uploadSeconds };
  const direct = isSizeDeclared ? await tx.providers.objectStore.directUpload(objectKey, terms) : null;
  const headers = direct?.headers ?? { 'content-type': contentType };
  const url = direct?.url ?? signedAddress(tx, uploadPath(id), expiresAt);
  return { url, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) };
}
