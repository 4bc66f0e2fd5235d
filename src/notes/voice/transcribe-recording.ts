import { z } from 'zod';
import { TranscriptionFault } from '../../../entities/notes/recording.js';
import { record } from '../../activity/index.js';
import { renewHold, settleHold } from '../../billing/index.js';
import { noteTranscribed, noteTranscriptionFailed } from '../../events/notes.js';
import { openFile } from '../../files/index.js';
import {
  type Attempt,
  asAccount,
  type Context,
  logFailure,
  SpeechFailure,
  sendStatement,
  type Tx,
} from '../../kernel/context.js';
import { defineJob } from '../../kernel/jobs.js';
import { beginningOf } from '../../kernel/text.js';
import { transaction } from '../../kernel/transaction.js';
import { maxContentLength } from '../note-input.js';
import { type RecordingRow, readRecording } from './recording-rows.js';
import { heldUntil, priceOfVoice } from './voice-credits.js';
import { voiceRecording } from './voice-recording.js';

const Job = z.object({ accountId: z.uuid(), fileId: z.uuid(), attempt: z.int() });
type Job = z.infer<typeof Job>;

/** Writes down one recording. Tried three times within some seconds: after that the user decides. */
export const TranscribeRecording = defineJob('notes.transcribe', Job, {
  retryLimit: 2,
  retryDelaySeconds: 2,
  expireInSeconds: 180,
  atOnce: 10,
  keepSeconds: 3_600,
});

/** What a note says until its recording is written down. */
export const untranscribed = 'Voice recording';
/** Characters of a transcript that are kept: five minutes of the fastest speaker have half of it. */
const maxTranscriptLength = 20_000;

/**
 * Has a recording written down into its note, and settles what was held by the minutes that have begun. When that fails for
 * good the credits return, and the recording stays. What was written down, or given up, already stays as it is.
 * @throws when it should be tried again
 */
export async function transcribeRecording(ctx: Context, job: Job, { isLast }: Attempt): Promise<void> {
  const own = asAccount(ctx, job.accountId);
  if (!(await isAwaited(own, job))) return;
  try {
    const { contentType, bytes, read } = await openFile(own, voiceRecording, job.fileId);
    const audio = await read();
    const said = await ctx.providers.speechToText.transcribe({ audio, contentType, bytes, signal: ctx.signal });
    await end(own, job, (tx, recording) => complete(tx, recording, beginningOf(said, maxTranscriptLength)));
  } catch (error) {
    if (mayPass(error) && !isLast) throw error;
    logFailure(ctx.log, error, { file: job.fileId }, 'a recording was not written down');
    await end(own, job, (tx, recording) => fail(tx, recording, TranscriptionFault.AI_SERVICE_UNAVAILABLE));
  }
}

/** Whether the same may go well in some seconds; what the provider refuses it refuses again. */
function mayPass(error: unknown): boolean {
  return !(error instanceof SpeechFailure) || error.mayTryAgain;
}

/** Whether this try is still wanted and paid for; what is held for it is looked after for longer. */
function isAwaited(ctx: Context, job: Job): Promise<boolean> {
  return transaction(ctx, async (tx) => {
    const recording = await readPending(tx, job);
    if (!recording) return false;
    if (recording.holdId !== null && (await renewHold(tx, recording.holdId, heldUntil(tx)))) return true;
    await fail(tx, recording, TranscriptionFault.AI_SERVICE_UNAVAILABLE);
    return false;
  });
}

/** The recording, while this try of it is the one that goes on. */
async function readPending(tx: Tx, { fileId, attempt }: Job): Promise<(RecordingRow & { noteId: string }) | null> {
  const recording = await readRecording(tx, fileId);
  if (recording?.transcription !== 'PENDING' || recording.tries !== attempt) return null;
  return recording.noteId === null ? null : { ...recording, noteId: recording.noteId };
}

/** Once, whoever comes first. */
async function end(
  ctx: Context,
  job: Job,
  store: (tx: Tx, recording: RecordingRow & { noteId: string }) => Promise<void>,
): Promise<void> {
  await transaction(ctx, async (tx) => {
    const recording = await readPending(tx, job);
    if (recording) await store(tx, recording);
  });
}

/** A text that the user has written meanwhile stays: what was said can be read beside it. */
async function complete(tx: Tx, recording: RecordingRow & { noteId: string }, transcript: string): Promise<void> {
  const { accountId, fileId, noteId, seconds, holdId } = recording;
  await sendStatement(
    tx,
    `update notes.recording set transcription = 'COMPLETED', transcript = $3, fault = null, hold_id = null
     where account_id = $1 and file_id = $2`,
    [accountId, fileId, transcript],
  );
  const content = beginningOf(transcript, maxContentLength).trim();
  await sendStatement(
    tx,
    `update notes.note set content = $3, updated_at = $4 where account_id = $1 and id = $2 and content = $5 and $3 <> ''`,
    [accountId, noteId, content, tx.clock.now(), untranscribed],
  );
  if (holdId !== null) await settleHold(tx, holdId, priceOfVoice(seconds));
  await record(tx, noteTranscribed(noteId, { fileId, seconds }));
}

/** Keeps the recording, says why it was not written down, and gives the credits back. */
export async function fail(
  tx: Tx,
  { accountId, fileId, noteId, holdId }: Pick<RecordingRow, 'accountId' | 'fileId' | 'noteId' | 'holdId'>,
  fault: TranscriptionFault,
): Promise<void> {
  await sendStatement(
    tx,
    `update notes.recording set transcription = 'FAILED', fault = $3, hold_id = null
     where account_id = $1 and file_id = $2`,
    [accountId, fileId, fault],
  );
  if (holdId !== null) await settleHold(tx, holdId, 0);
  if (noteId !== null) await record(tx, noteTranscriptionFailed(noteId, { fileId, fault }));
}
