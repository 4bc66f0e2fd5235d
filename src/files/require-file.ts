import { requireMay } from '../accounts/index.js';
import { type Context, load } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { type FileRow, unsafeFilesById } from './file-rows.js';
import type { FilePurpose } from './purpose.js';

/** The caller's file of a purpose. @throws NOT_FOUND, FORBIDDEN */
export async function requireFile(ctx: Context, purpose: FilePurpose, id: string): Promise<FileRow> {
  const file = await requireMay(ctx, 'write file', await load(ctx, unsafeFilesById, id));
  if (file.purpose !== purpose.name) throw new AppError('NOT_FOUND', 'There is no such file.');
  return file;
}
