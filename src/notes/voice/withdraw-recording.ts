import { TranscriptionFault, TranscriptionState } from '../../../entities/notes/recording.js';
import type { Tx } from '../../kernel/context.js';
import { type RecordingRow, recordingsByNote } from './recording-rows.js';
import { fail } from './transcribe-recording.js';

/** The recording of a note that is about to be deleted, as it is to be kept: nobody writes it down any more. */
export async function withdrawRecording(tx: Tx, noteId: string): Promise<RecordingRow | null> {
  const [recording = null] = await recordingsByNote(tx, [noteId]);
  if (recording?.transcription !== TranscriptionState.PENDING) return recording;
  return fail(tx, recording, TranscriptionFault.NOT_FOUND);
}
