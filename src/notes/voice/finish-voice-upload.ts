import { z } from 'zod';
import { Note } from '../../../entities/notes/note.js';
import { TranscriptionFault, TranscriptionState } from '../../../entities/notes/recording.js';
import { unlockedIn } from '../../achievements/index.js';
import { record } from '../../activity/index.js';
import { renewHold, settleHold } from '../../billing/index.js';
import { noteCreated } from '../../events/notes.js';
import { inspectUploadErrors, settleUpload } from '../../files/index.js';
import { AnswersLater, type Context, newId, requirePerson, sendStatement, type Tx } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { field, parse } from '../../kernel/input.js';
import { sendJob } from '../../kernel/jobs.js';
import { transaction } from '../../kernel/transaction.js';
import { insertNote } from '../insert-note.js';
import { loadNote } from '../load-note.js';
import type { WrittenNote } from '../written-note.js';
import { Look, type LookedAt, lookAtRecording } from './look-at-recording.js';
import { type RecordingRow, readRecording } from './recording-rows.js';
import { TranscribeRecording, untranscribed } from './transcribe-recording.js';
import { holdForVoice, priceOfVoice, waitsUntil } from './voice-credits.js';
import { maxSeconds } from './voice-recording.js';

const Input = z.strictObject({ uploadId: field.id });

export const finishVoiceUploadErrors: DeclaredErrors = {
  ...inspectUploadErrors,
  VALIDATION_FAILED: `bytes of another type or size than was announced, no sound, or more than ${maxSeconds} s: they are removed`,
  LIMIT_REACHED: '`notes`',
  RATE_LIMITED: '',
  UNAVAILABLE: 'the store of files is away, or too many recordings are being read',
};

/**
 * Makes a note of a recording that has come: its length is read from its bytes, and a job writes down what was said. One
 * that is longer than announced is held for the rest; without enough credits it stays, FAILED, and can be tried again.
 * Finishing it again answers the same note. @throws AnswersLater until its bytes were looked at
 */
export async function finishVoiceUpload(ctx: Context, input: unknown): Promise<WrittenNote> {
  const { uploadId } = parse(Input, input);
  const finished = await finishedBefore(ctx, uploadId);
  if (finished) return finished;
  const { upload, seconds } = await lookedAt(ctx, uploadId);
  return transaction(ctx, async (tx) => {
    const before = tx.unit.head;
    const recording = await readRecording(tx, uploadId);
    if (!recording) throw gone();
    if (recording.noteId !== null) return { note: await loadNote(tx, recording.noteId), unlockedAchievements: [] };
    if (!(await settleUpload(tx, upload))) throw gone();
    const accountId = tx.unit.account.id;
    const note = new Note({ id: newId(tx.clock), accountId, content: untranscribed, createdAt: tx.clock.now() });
    await insertNote(tx, note);
    await attach(tx, recording, note.id, seconds);
    await record(tx, noteCreated(note.id, {}));
    return { note, unlockedAchievements: unlockedIn(tx, before) };
  });
}

/** The note of an upload that was finished before: its bytes are not looked at again. */
async function finishedBefore(ctx: Context, uploadId: string): Promise<WrittenNote | null> {
  const recording = await readRecording(ctx, uploadId);
  const noteId = recording?.noteId ?? null;
  if (noteId === null) return null;
  return transaction(ctx, async (tx) => ({ note: await loadNote(tx, noteId), unlockedAchievements: [] }));
}

/** Its bytes, as they were looked at between the two executions: meanwhile nothing is held. @throws AnswersLater */
async function lookedAt(ctx: Context, uploadId: string): Promise<LookedAt> {
  const { learnt } = ctx;
  if (learnt instanceof Look) return learnt.result();
  // With an Idempotency-Key it is counted once the key is kept.
  if (!ctx.unit) await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  throw new AnswersLater(uploadId, () => lookAtRecording(ctx, uploadId));
}

function gone(): AppError {
  return new AppError('NOT_FOUND', 'There is no such upload any more.');
}

/** Has it written down, where it is paid for. */
async function attach(tx: Tx, recording: RecordingRow, noteId: string, seconds: number): Promise<void> {
  const attempt = recording.tries + 1;
  const holdId = await holdFor(tx, recording, seconds);
  const fault = holdId === null ? TranscriptionFault.INSUFFICIENT_CREDITS : null;
  const state = fault ? TranscriptionState.FAILED : TranscriptionState.PENDING;
  await sendStatement(
    tx,
    `update notes.recording set note_id = $3, seconds = $4, hold_id = $5, transcription = $6, fault = $7, tries = $8,
       awaited_until = $9
     where account_id = $1 and file_id = $2`,
    [
      recording.accountId,
      recording.fileId,
      noteId,
      seconds,
      holdId,
      state,
      fault,
      attempt,
      fault ? null : waitsUntil(tx),
    ],
  );
  const { accountId, fileId } = recording;
  if (!fault) await sendJob(tx, TranscribeRecording, { accountId, fileId, attempt });
}

/** What was held when it was announced is enough, or is replaced; null when there is too little. */
async function holdFor(tx: Tx, recording: RecordingRow, seconds: number): Promise<string | null> {
  const { holdId } = recording;
  const isEnough = priceOfVoice(seconds) <= priceOfVoice(recording.seconds);
  if (holdId !== null && isEnough && (await renewHold(tx, holdId, waitsUntil(tx)))) return holdId;
  try {
    return (
      await transaction(tx, (part) =>
        holdForVoice(part, { ...recording, tries: recording.tries + 1 }, seconds, waitsUntil(tx)),
      )
    ).holdId;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'INSUFFICIENT_CREDITS')) throw error;
    if (holdId !== null) await settleHold(tx, holdId, 0);
    return null;
  }
}
