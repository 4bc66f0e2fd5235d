import { z } from 'zod';
import { Note } from '../../entities/notes/note.js';
import { type ColumnsOf, entityOf } from '../kernel/rows.js';

const moment = z.coerce.date<Date | string>();

/** A note as a tombstone keeps it: every column, says the compiler. What an older version wrote is read with defaults. */
export const NoteContent = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  content: z.string(),
  archived: z.boolean(),
  createdAt: moment,
  updatedAt: moment,
} satisfies Record<keyof ColumnsOf<Note>, z.ZodType>);

/** A content as a note, to be written once more. */
export function noteOf(content: z.infer<typeof NoteContent>): Note {
  return entityOf(Note, content);
}
