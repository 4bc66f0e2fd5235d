import type { Note } from '../../entities/notes/note.js';
import { record } from '../activity/index.js';
import { noteRecovered } from '../events/notes.js';
import { type RowTx, sendStatement } from '../kernel/context.js';
import { insertNote } from './insert-note.js';
import { DeletedNote, noteOf } from './note-content.js';
import type { RecordingRow } from './voice/recording-rows.js';

/** Brings a note back as it was deleted, id and times included. @throws LIMIT_REACHED */
export async function restoreNote(tx: RowTx, content: unknown): Promise<Note> {
  const { voice, ...kept } = DeletedNote.parse(content);
  const note = noteOf(kept);
  await insertNote(tx, note);
  if (voice) await insertRecording(tx, voice);
  await record(tx, noteRecovered(note.id, {}));
  return note;
}

/** Its bytes were kept as long as the note could be restored. */
async function insertRecording(tx: RowTx, recording: RecordingRow): Promise<void> {
  const { accountId, fileId, noteId, seconds, transcription, fault, transcript, holdId, tries, createdAt } = recording;
  await sendStatement(
    tx,
    `insert into notes.recording (account_id, file_id, note_id, seconds, transcription, fault, transcript, hold_id, tries, awaited_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10)`,
    [accountId, fileId, noteId, seconds, transcription, fault, transcript, holdId, tries, createdAt],
  );
}
