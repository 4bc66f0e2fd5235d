import { z } from 'zod';
import { TranscriptionFault, TranscriptionState } from '../../../entities/notes/recording.js';
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
  type Transcript,
  type Tx,
} from '../../kernel/context.js';
import { defineJob } from '../../kernel/jobs.js';
import { sweep } from '../../kernel/sweep.js';
import { beginningOf } from '../../kernel/text.js';
import { transaction } from '../../kernel/transaction.js';
import { maxContentLength } from '../note-input.js';
import { type RecordingRow, readRecording } from './recording-rows.js';
import { payForVoice } from './voice-credits.js';
import { maxSeconds, voiceRecording, wholeSeconds } from './voice-recording.js';

const Job = z.object({ accountId: z.uuid(), fileId: z.uuid(), attempt: z.int() });
type Job = z.infer<typeof Job>;

/** Writes down one recording. Tried three times within some seconds: after that the user decides. */
export const TranscribeRecording = defineJob('notes.transcribe', Job, {
  retryLimit: 2,
  retryDelaySeconds: 2,
  // Beyond the longest that the provider may take.
  expireInSeconds: 400,
  atOnce: 10,
  keepSeconds: 3_600,
});

/** How long a try is vouched for, how often anew, and how long it may take until the next one begins. */
const [workMs, renewMs, betweenTriesMs] = [45_000, 15_000, 120_000];
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
  if (!(await vouch(own, job, workMs))) return;
  const timer = setInterval(() => void vouch(own, job, workMs).catch(() => undefined), renewMs);
  try {
    const { contentType, bytes, read } = await openFile(own, voiceRecording, job.fileId);
    const audio = await read();
    const said = await ctx.providers.speechToText.transcribe({ audio, contentType, bytes, signal: ctx.signal });
    await end(own, job, (tx, recording) => complete(tx, recording, said));
  } catch (error) {
    if (mayPass(error) && !isLast) {
      await vouch(own, job, betweenTriesMs);
      throw error;
    }
    logFailure(ctx.log, error, { file: job.fileId }, 'a recording was not written down');
    await end(own, job, (tx, recording) => fail(tx, recording, TranscriptionFault.AI_SERVICE_UNAVAILABLE));
  } finally {
    clearInterval(timer);
  }
}

/** Whether the same may go well in some seconds; what the provider refuses it refuses again. */
function mayPass(error: unknown): boolean {
  return !(error instanceof SpeechFailure) || error.mayTryAgain;
}

/** Says that somebody is at it, for so long; false when this try is not wanted or paid for any more. */
function vouch(ctx: Context, job: Job, forMs: number): Promise<boolean> {
  return transaction(ctx, async (tx) => {
    const recording = await readPending(tx, job);
    if (!recording) return false;
    const until = new Date(tx.clock.now().getTime() + forMs);
    const isPaid = recording.holdId !== null && (await renewHold(tx, recording.holdId, until));
    if (!isPaid) await fail(tx, recording, TranscriptionFault.AI_SERVICE_UNAVAILABLE);
    else
      await sendStatement(tx, 'update notes.recording set awaited_until = $3 where account_id = $1 and file_id = $2', [
        recording.accountId,
        recording.fileId,
        until,
      ]);
    return isPaid;
  });
}

/** Gives up recordings that nobody writes down any more, as when a worker dies in its last try: they can be tried again. */
export async function sweepRecordings(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await sweep(ctx, {
    what: 'giving up a recording',
    from: 'notes.recording',
    account: 'account_id',
    where: `transcription = 'PENDING' and awaited_until < $1`,
    values: [now],
    since: 'awaited_until',
    sinceType: 'timestamptz',
    id: 'file_id',
    work: ({ id, accountId }) =>
      transaction(asAccount(ctx, accountId), async (tx) => {
        const recording = await readRecording(tx, id);
        const isLost = recording?.awaitedUntil != null && new Date(recording.awaitedUntil) < now;
        if (recording?.transcription === 'PENDING' && isLost)
          await fail(tx, recording, TranscriptionFault.AI_SERVICE_UNAVAILABLE);
      }),
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
  store: (tx: Tx, recording: RecordingRow & { noteId: string }) => Promise<unknown>,
): Promise<void> {
  await transaction(ctx, async (tx) => {
    const recording = await readPending(tx, job);
    if (recording) await store(tx, recording);
  });
}

/** A text that the user has written meanwhile stays: what was said can be read beside it. */
async function complete(tx: Tx, recording: RecordingRow & { noteId: string }, said: Transcript): Promise<void> {
  const { accountId, fileId, noteId } = recording;
  const transcript = beginningOf(said.text, maxTranscriptLength);
  const seconds = secondsHeard(recording, said);
  await sendStatement(
    tx,
    `update notes.recording set transcription = 'COMPLETED', transcript = $3, fault = null, hold_id = null,
       awaited_until = null, seconds = $4
     where account_id = $1 and file_id = $2`,
    [accountId, fileId, transcript, seconds],
  );
  const content = beginningOf(transcript, maxContentLength).trim();
  await sendStatement(
    tx,
    `update notes.note set content = $3, updated_at = $4 where account_id = $1 and id = $2 and content = $5 and $3 <> ''`,
    [accountId, noteId, content, tx.clock.now(), untranscribed],
  );
  await payForVoice(tx, recording, seconds);
  await record(tx, noteTranscribed(noteId, { fileId, seconds }));
}

/** Seconds by which a provider may count otherwise than we do. */
const toleranceSeconds = 1;

/** A recording may say that it is shorter than it is; whoever has heard it knows. */
function secondsHeard({ seconds }: RecordingRow, said: Transcript): number {
  const heard = said.seconds ?? 0;
  return heard <= seconds + toleranceSeconds ? seconds : Math.min(wholeSeconds(heard), maxSeconds);
}

/** Keeps the recording, says why it was not written down, and gives the credits back. Answers it as it is then. */
export async function fail(tx: Tx, recording: RecordingRow, fault: TranscriptionFault): Promise<RecordingRow> {
  const { accountId, fileId, noteId, holdId } = recording;
  await sendStatement(
    tx,
    `update notes.recording set transcription = 'FAILED', fault = $3, hold_id = null, awaited_until = null
     where account_id = $1 and file_id = $2`,
    [accountId, fileId, fault],
  );
  if (holdId !== null) await settleHold(tx, holdId, 0);
  if (noteId !== null) await record(tx, noteTranscriptionFailed(noteId, { fileId, fault }));
  return { ...recording, transcription: TranscriptionState.FAILED, fault, holdId: null, awaitedUntil: null };
}
