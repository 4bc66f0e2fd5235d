import { z } from 'zod';
import { Note } from '../../entities/notes/note.js';
import { Recording, TranscriptionFault, TranscriptionState } from '../../entities/notes/recording.js';
import { type ColumnsOf, entityOf } from '../kernel/rows.js';

const moment = z.coerce.date<Date | string>();

/** A note as a tombstone keeps it: every column, says the compiler. What an older version wrote is read with defaults. */
export const NoteContent = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  content: z.string(),
  archived: z.boolean(),
  convertedToId: z.uuid().nullable().default(null),
  createdAt: moment,
  updatedAt: moment,
} satisfies Record<keyof ColumnsOf<Note>, z.ZodType>);

/** A recording as a tombstone keeps it; its bytes stay where they are. */
const RecordingContent = z.object({
  accountId: z.uuid(),
  fileId: z.uuid(),
  noteId: z.uuid().nullable(),
  seconds: z.int(),
  transcription: z.enum(TranscriptionState),
  fault: z.enum(TranscriptionFault).nullable(),
  transcript: z.string().nullable(),
  holdId: z.uuid().nullable(),
  tries: z.int(),
  awaitedUntil: moment.nullable().default(null),
  createdAt: moment,
} satisfies Record<keyof ColumnsOf<Recording>, z.ZodType>);

/** A deleted note, whole: those that were deleted before there were recordings have none. */
export const DeletedNote = NoteContent.extend({ voice: RecordingContent.nullable().default(null) });

/** A content as a note, to be written once more. */
export function noteOf(content: z.infer<typeof NoteContent>): Note {
  return entityOf(Note, content);
}
