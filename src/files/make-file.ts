import type { Readable } from 'node:stream';
import { FileScan, FileState } from '../../entities/files/file.js';
import { type Context, newId, type StoredObject, type Tx } from '../kernel/context.js';
import { insertFile } from './insert-file.js';
import type { FilePurpose } from './purpose.js';

/** Bytes that we have made and stored, before they are a file. */
export interface MadeFile extends StoredObject {
  readonly id: string;
  readonly objectKey: string;
}

/**
 * Stores what we make ourselves. It is a file only once `keepMade` says so: what never becomes one is removed two days later,
 * as every object without a file. @throws what the body fails with; when the store is away
 */
export async function storeMade(
  ctx: Context,
  { name }: FilePurpose,
  body: Readable,
  signal: AbortSignal,
): Promise<MadeFile> {
  const id = newId(ctx.clock);
  const objectKey = `${name}/${id}`;
  return { id, objectKey, ...(await ctx.providers.objectStore.put(objectKey, body, signal)) };
}

/** Makes a file of it, which takes nothing of its account's room. */
export async function keepMade(tx: Tx, { name, types }: FilePurpose, made: MadeFile): Promise<void> {
  const now = tx.clock.now();
  await insertFile(tx, {
    accountId: tx.unit.account.id,
    purpose: name,
    state: FileState.UPLOADED,
    contentType: types[0]?.name ?? 'application/octet-stream',
    isSizeDeclared: true,
    takesRoom: false,
    scan: FileScan.NOT_SCANNED,
    createdAt: now,
    unfinishedUntil: now,
    receivingUntil: null,
    releasedAt: null,
    ...made,
  });
}
