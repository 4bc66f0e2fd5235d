import { z } from 'zod';
import type { Note } from '../../../entities/notes/note.js';
import { TranscriptionState } from '../../../entities/notes/recording.js';
import { requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { noteUpdated } from '../../events/notes.js';
import { type Context, requirePerson, sendStatement } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { field, parse, parseErrors } from '../../kernel/input.js';
import { sendJob } from '../../kernel/jobs.js';
import { transaction } from '../../kernel/transaction.js';
import { loadNote } from '../load-note.js';
import { recordingsByNote } from './recording-rows.js';
import { TranscribeRecording } from './transcribe-recording.js';
import { holdForVoice, waitsUntil } from './voice-credits.js';
import { readVoiceSeconds } from './voice-plan.js';

const Input = z.strictObject({ id: field.id });

export const retryTranscriptionErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a note without a recording, or one whose recording is being written down or was',
  VOICE_PRO_ONLY: '',
  INSUFFICIENT_CREDITS: '',
  RATE_LIMITED: '',
};

/** Has a recording written down that was not: what it costs is held anew. */
export async function retryTranscription(ctx: Context, input: unknown): Promise<Note> {
  const { id } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    const note = await loadNote(tx, id);
    const [recording] = await recordingsByNote(tx, [id]);
    if (recording?.transcription !== TranscriptionState.FAILED)
      throw new AppError('CONFLICT', 'Only a recording that could not be written down can be tried again.');
    const { accountId, fileId, seconds } = recording;
    await readVoiceSeconds(tx);
    const attempt = recording.tries + 1;
    const { holdId } = await holdForVoice(tx, { ...recording, tries: attempt }, seconds, waitsUntil(tx));
    await sendStatement(
      tx,
      `update notes.recording set transcription = 'PENDING', fault = null, hold_id = $3, tries = $4, awaited_until = $5
       where account_id = $1 and file_id = $2`,
      [accountId, fileId, holdId, attempt, waitsUntil(tx)],
    );
    await record(tx, noteUpdated(id, { fields: ['voice'] }));
    await sendJob(tx, TranscribeRecording, { accountId, fileId, attempt });
    return note;
  });
}
