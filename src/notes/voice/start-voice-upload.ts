import { z } from 'zod';
import { TranscriptionState } from '../../../entities/notes/recording.js';
import { requireCapacityForOneMore } from '../../accounts/index.js';
import { type StartedUpload, startUpload, startUploadErrors } from '../../files/index.js';
import { type Context, countRows, requirePerson, type Tx } from '../../kernel/context.js';
import { type DeclaredErrors, invalid } from '../../kernel/errors.js';
import { parse } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { insertRecording, type RecordingRow } from './recording-rows.js';
import { holdForVoice, priceOfVoice } from './voice-credits.js';
import { readVoiceSeconds } from './voice-plan.js';
import { maxSeconds, voiceRecording } from './voice-recording.js';

/** Characters of a media type with its parameters. */
const maxTypeLength = 100;

/** How long an upload takes at most, which may begin until its address expires. */
const uploadMs = 900_000;

const Input = z.strictObject({
  contentType: z.string().max(maxTypeLength, `must have at most ${maxTypeLength} characters`),
  seconds: z.int().min(1, 'must be at least 1').max(maxSeconds, `must be at most ${maxSeconds}`),
  bytes: z.int().nullish(),
});

export const startVoiceUploadErrors: DeclaredErrors = {
  ...startUploadErrors,
  VOICE_PRO_ONLY: '',
  INSUFFICIENT_CREDITS: '',
  LIMIT_REACHED: '`notes`, `storage` in bytes, and `uploads` that are not finished',
  RATE_LIMITED: '',
};

/** An upload that was prepared, and what is held for it. */
export interface StartedVoiceUpload extends Omit<StartedUpload, 'fileId'> {
  readonly uploadId: string;
  readonly heldCredits: number;
}

/**
 * Prepares the upload of a recording: reserves its room, holds what writing it down costs, and answers the address that
 * takes it. What is never finished gives both back.
 */
export async function startVoiceUpload(ctx: Context, input: unknown): Promise<StartedVoiceUpload> {
  const { contentType, seconds, bytes = null } = parse(Input, input);
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    await requireVoice(tx, seconds);
    await requireCapacityForOneMore(tx, 'notes', await countRows(tx, 'notes.note'));
    const { fileId, ...started } = await startUpload(tx, voiceRecording, { contentType, bytes });
    const leaseUntil = new Date(started.expiresAt.getTime() + uploadMs);
    const { holdId } = await holdForVoice(tx, { fileId, tries: 0, holdId: null }, seconds, leaseUntil);
    await insertRecording(tx, newRecording(tx, { fileId, seconds, holdId }));
    return { uploadId: fileId, ...started, heldCredits: priceOfVoice(seconds) };
  });
}

async function requireVoice(tx: Tx, seconds: number): Promise<void> {
  const voiceSeconds = await readVoiceSeconds(tx);
  if (seconds > voiceSeconds) throw invalid([{ field: 'seconds', rule: `must be at most ${voiceSeconds}` }]);
}

function newRecording(tx: Tx, given: Pick<RecordingRow, 'fileId' | 'seconds' | 'holdId'>) {
  const nothingYet = { noteId: null, fault: null, transcript: null, tries: 0 };
  const transcription = TranscriptionState.PENDING;
  return { ...given, ...nothingYet, transcription, accountId: tx.unit.account.id, createdAt: tx.clock.now() };
}
