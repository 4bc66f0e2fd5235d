import type { Note } from '../../entities/notes/note.js';
import { record } from '../activity/index.js';
import { noteRecovered } from '../events/notes.js';
import { isKept } from '../files/index.js';
import type { RowTx } from '../kernel/context.js';
import { insertNote } from './insert-note.js';
import { DeletedNote, noteOf } from './note-content.js';
import { insertRecording } from './voice/recording-rows.js';

/** Brings a note back as it was deleted, id and times included. @throws LIMIT_REACHED */
export async function restoreNote(tx: RowTx, content: unknown): Promise<Note> {
  const { voice, ...kept } = DeletedNote.parse(content);
  const note = noteOf(kept);
  await insertNote(tx, note);
  // Its bytes are kept as long as the note can be restored, unless they were found to be harmful.
  if (voice && (await isKept(tx, voice.fileId))) await insertRecording(tx, voice);
  await record(tx, noteRecovered(note.id, {}));
  return note;
}
