import { Recording } from '../../../entities/notes/recording.js';
import { type Context, type RowTx, requireAccount, runStatement, sendStatement } from '../../kernel/context.js';
import { type RowIn, rowsWithout } from '../../kernel/rows.js';

const recordingRows = rowsWithout(Recording, []);

/** A recording as reads see it. */
export type RecordingRow = RowIn<typeof recordingRows>;

/** The caller's recordings by their notes' ids; null for a note that was typed. */
export async function recordingsByNote(ctx: Context, noteIds: readonly string[]): Promise<(RecordingRow | null)[]> {
  const rows = await runStatement<RecordingRow>(
    ctx,
    `select ${recordingRows.columns} from notes.recording where account_id = $1 and note_id = any($2::uuid[])`,
    [requireAccount(ctx), noteIds],
  );
  const byNote = new Map(rows.map((row) => [row.noteId, row]));
  return noteIds.map((id) => byNote.get(id) ?? null);
}

/** One recording of the context's account by its file; undefined when there is none. */
export async function readRecording(ctx: Context, fileId: string): Promise<RecordingRow | undefined> {
  const [recording] = await runStatement<RecordingRow>(
    ctx,
    `select ${recordingRows.columns} from notes.recording where account_id = $1 and file_id = $2`,
    [requireAccount(ctx), fileId],
  );
  return recording;
}

/** Writes a recording, new or as it was: nobody is at it yet. */
export async function insertRecording(tx: RowTx, recording: Omit<RecordingRow, 'awaitedUntil'>): Promise<void> {
  const { accountId, fileId, noteId, seconds, transcription, fault, transcript, holdId, tries, createdAt } = recording;
  await sendStatement(
    tx,
    `insert into notes.recording (account_id, file_id, note_id, seconds, transcription, fault, transcript, hold_id, tries, awaited_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10)`,
    [accountId, fileId, noteId, seconds, transcription, fault, transcript, holdId, tries, createdAt],
  );
}
