import { Recording } from '../../../entities/notes/recording.js';
import { type Context, requireAccount, runStatement } from '../../kernel/context.js';
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
