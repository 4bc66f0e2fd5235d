import type { Readable } from 'node:stream';
import { File } from '../../entities/files/file.js';
import { type Context, ObjectMissing, requireAccount, runStatement } from '../kernel/context.js';
import { type RowIn, rowsOf } from '../kernel/rows.js';
import type { FilePurpose } from './purpose.js';
import { readObject } from './read-object.js';

const listedRows = rowsOf(File, ['id', 'purpose', 'contentType', 'bytes', 'objectKey', 'createdAt']);
type ListedRow = RowIn<typeof listedRows>;

/** A file of an account, for whoever wants all of them. */
export interface AccountFile extends Omit<ListedRow, 'objectKey'> {
  /** Its bytes; null where they have been removed meanwhile. @throws when the store is away, or has fewer of them */
  read(): Promise<Readable | null>;
}

/** Files that are read at once: rows, not bytes. */
const pageSize = 100;

/** Every finished file of the context's account, but those of one purpose. */
export async function* accountFiles(ctx: Context, without: FilePurpose): AsyncGenerator<AccountFile, void, undefined> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows: ListedRow[] = await runStatement<ListedRow>(
      ctx,
      `select ${listedRows.columns} from files.file
       where account_id = $1 and id > $2 and state = 'UPLOADED' and released_at is null and purpose <> $3
       order by id limit $4`,
      [requireAccount(ctx), after, without.name, pageSize],
    );
    for (const { objectKey, ...file } of rows) yield { ...file, read: () => read(ctx, { ...file, objectKey }) };
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.id;
  }
}

async function read(ctx: Context, row: ListedRow): Promise<Readable | null> {
  try {
    return await readObject(ctx, row);
  } catch (error) {
    if (error instanceof ObjectMissing) return null;
    throw error;
  }
}
