import { Note } from '../../entities/notes/note.js';
import { type Context, readByIds } from '../kernel/context.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

export const noteRows = rowsWithout(Note, []);

/** A note as reads see it. */
export type NoteRow = RowIn<typeof noteRows>;

/** Notes by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeNotesById(ctx: Context, ids: readonly string[]): Promise<(NoteRow | null)[]> {
  return readByIds<NoteRow>(ctx, `select ${noteRows.columns} from notes.note where id = any($1::uuid[])`, ids);
}
