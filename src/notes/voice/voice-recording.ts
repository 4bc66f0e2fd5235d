import { requireMay } from '../../accounts/index.js';
import type { FilePurpose } from '../../files/index.js';
import { type Context, requireAccount, runStatement } from '../../kernel/context.js';

/** Seconds of the longest recording, whatever the plan. */
export const maxSeconds = 300;
/** A recorder that is stopped at a full second comes a little late. */
const toleranceSeconds = 0.25;

/** Seconds of a recording as they are shown and paid for: those that have begun. */
export function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds - toleranceSeconds));
}

const megabyte = 1_000_000;

/** Recordings of notes. Whoever has the note may hear it. */
export const voiceRecording: FilePurpose = {
  name: 'voice-recording',
  uploadSeconds: 600,
  unfinishedSeconds: 86_400,
  downloadSeconds: 600,
  maxBytes: 60 * megabyte,
  types: [
    // What browsers record is a film without pictures, by its bytes.
    type('audio/webm', ['video/webm', 'video/x-matroska', 'audio/matroska']),
    type('audio/mp4', ['audio/x-m4a', 'audio/m4a', 'audio/aacp', 'video/mp4', 'video/quicktime']),
    type('audio/ogg', ['application/ogg', 'audio/opus', 'audio/x-ogg']),
    type('audio/mpeg', ['audio/mp3', 'audio/x-mpeg']),
    type('audio/wav', ['audio/x-wav', 'audio/wave', 'audio/vnd.wave']),
    type('audio/flac', ['audio/x-flac']),
    type('audio/aac', ['audio/x-aac']),
  ],
  savedAs: null,
  requireMayDownload: async (ctx, { id }) => {
    await requireMay(ctx, 'read note', await noteOf(ctx, id));
  },
  recordDownload: null,
};

function type(name: string, also: readonly string[]) {
  return { name, also, isSafeToShow: true };
}

/** The note whose recording a file is; none while that is deleted. */
async function noteOf(ctx: Context, fileId: string): Promise<{ accountId: string } | undefined> {
  const [note] = await runStatement<{ accountId: string }>(
    ctx,
    `select account_id as "accountId" from notes.recording
     where account_id = $1 and file_id = $2 and note_id is not null`,
    [requireAccount(ctx), fileId],
  );
  return note;
}
