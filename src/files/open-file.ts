import type { Readable } from 'node:stream';
import { FileState } from '../../entities/files/file.js';
import type { Context } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import type { FileRow } from './file-rows.js';
import type { FilePurpose } from './purpose.js';
import { readObject } from './read-object.js';
import { requireFile } from './require-file.js';

/** A file for whoever works with its bytes. */
export interface OpenFile extends Pick<FileRow, 'contentType' | 'bytes'> {
  read(): Promise<Readable>;
}

/** Opens a finished file of the context's account. @throws NOT_FOUND, FORBIDDEN */
export async function openFile(ctx: Context, purpose: FilePurpose, id: string): Promise<OpenFile> {
  const { state, contentType, bytes, objectKey } = await requireFile(ctx, purpose, id);
  if (state !== FileState.UPLOADED) throw new AppError('NOT_FOUND', 'There is no such file.');
  return { contentType, bytes, read: () => readObject(ctx, { objectKey, bytes }) };
}
