import { settleHold } from '../../billing/index.js';
import { type InspectedUpload, inspectUpload, refuseUpload } from '../../files/index.js';
import { type Context, sendStatement } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { transaction } from '../../kernel/transaction.js';
import { readRecording } from './recording-rows.js';
import { recordingSeconds } from './recording-seconds.js';
import { maxSeconds, voiceRecording, wholeSeconds } from './voice-recording.js';

/** A recording whose bytes were looked at. */
export interface LookedAt {
  readonly upload: InspectedUpload;
  readonly seconds: number;
}

/** How looking at a recording went, for whoever asks later. */
export class Look {
  constructor(
    /** @throws what the recording is refused with */
    readonly result: () => LookedAt,
  ) {}
}

/**
 * Looks at the bytes of a recording, which takes as long as the store and a thread do. What is no recording is removed, and
 * what was held for it is free at once.
 */
export async function lookAtRecording(ctx: Context, uploadId: string): Promise<Look> {
  try {
    const upload = await inspectUpload(ctx, voiceRecording, uploadId).catch(async (error: unknown) => {
      // Its bytes are gone when they are of another type or size.
      if (error instanceof AppError && error.code === 'VALIDATION_FAILED') await releaseHold(ctx, uploadId);
      throw error;
    });
    const seconds = await secondsOf(ctx, upload);
    return new Look(() => ({ upload, seconds }));
  } catch (error) {
    return new Look(() => {
      throw error;
    });
  }
}

async function secondsOf(ctx: Context, upload: InspectedUpload): Promise<number> {
  const exact = await recordingSeconds(ctx, upload);
  if (exact === null) return refuse(ctx, upload, 'must be a recording of sound');
  const seconds = wholeSeconds(exact);
  if (seconds <= maxSeconds) return seconds;
  return refuse(ctx, upload, `must be at most ${maxSeconds} s, and is ${seconds}`);
}

/** What was held for it is free at once. @throws VALIDATION_FAILED */
async function refuse(ctx: Context, { file }: InspectedUpload, rule: string): Promise<never> {
  await releaseHold(ctx, file.id);
  return refuseUpload(ctx, file, { field: 'uploadId', rule });
}

/** Of an upload that is not finished, and will not be. */
async function releaseHold(ctx: Context, fileId: string): Promise<void> {
  await transaction(ctx, async (tx) => {
    const recording = await readRecording(tx, fileId);
    if (!recording || recording.noteId !== null || recording.holdId === null) return;
    await settleHold(tx, recording.holdId, 0);
    await sendStatement(tx, 'update notes.recording set hold_id = null where account_id = $1 and file_id = $2', [
      recording.accountId,
      fileId,
    ]);
  });
}
