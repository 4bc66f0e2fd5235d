import { File } from '../../entities/files/file.js';
import { type Context, readByIds } from '../kernel/context.js';
import { type RowIn, rowsOf } from '../kernel/rows.js';

const fileRows = rowsOf(File, [
  'id',
  'accountId',
  'purpose',
  'state',
  'contentType',
  'bytes',
  'isSizeDeclared',
  'objectKey',
  'sha256',
  'scan',
]);

/** A file as reads see it. */
export type FileRow = RowIn<typeof fileRows>;

/** Files by id, without those that nobody refers to; null where there is none. Whose they are is for the caller to check. */
export function unsafeFilesById(ctx: Context, ids: readonly string[]): Promise<(FileRow | null)[]> {
  const text = `select ${fileRows.columns} from files.file where id = any($1::uuid[]) and released_at is null`;
  return readByIds<FileRow>(ctx, text, ids);
}
