import type { Note } from '../../entities/notes/note.js';
import { record } from '../activity/index.js';
import { noteRecovered } from '../events/notes.js';
import type { RowTx } from '../kernel/context.js';
import { insertNote } from './insert-note.js';
import { NoteContent, noteOf } from './note-content.js';

/** Brings a note back as it was deleted, id and times included. @throws LIMIT_REACHED */
export async function restoreNote(tx: RowTx, content: unknown): Promise<Note> {
  const note = noteOf(NoteContent.parse(content));
  await insertNote(tx, note);
  await record(tx, noteRecovered(note.id, {}));
  return note;
}
