import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { InspectedUpload } from '../../files/index.js';
import { type Context, requestPatience, runInThread, ThreadExceeded, unavailable } from '../../kernel/context.js';

/**
 * Bits a second that sound takes at most: two channels of 24 bits at 96 kHz where it is not compressed, or without loss;
 * else twice what any encoder makes of a voice. What has more says that it is shorter than it is.
 */
const maxBitsPerSecond = { whole: 6_000_000, compressed: 640_000 };
const wholeTypes: ReadonlySet<string> = new Set(['audio/wav', 'audio/flac']);
/** A recording of 60 MB is read in half a second. */
const limits = { timeoutMs: 15_000, maxMemoryMb: 128 };
const module = new URL('./measure-recording.js', import.meta.url);
const Seconds = z.number().positive().nullable().catch(null);

/**
 * Seconds of a recording, as its bytes say; null when they are no sound, or say that it is shorter than so many bytes can
 * be. It is read in a thread, since it can be made to take for ever, and a few at a time.
 * @throws UNAVAILABLE when the store is away, or too many are being read
 */
export async function recordingSeconds(ctx: Context, upload: InspectedUpload): Promise<number | null> {
  const { contentType, bytes } = upload;
  const seconds = await ctx.services.threadSemaphore.run('', requestPatience, () => measured(upload));
  const { whole, compressed } = maxBitsPerSecond;
  const isTooDense = seconds !== null && (bytes * 8) / seconds > (wholeTypes.has(contentType) ? whole : compressed);
  return isTooDense ? null : seconds;
}

async function measured({ read, contentType, bytes }: InspectedUpload): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'recording-'));
  const path = join(folder, 'content');
  try {
    await pipeline(await read(), createWriteStream(path)).catch((cause: unknown) => {
      throw unavailable('The recording cannot be read right now. Try again.', { cause });
    });
    return Seconds.parse(await runInThread(module, { path, contentType, bytes }, limits));
  } catch (error) {
    if (error instanceof ThreadExceeded) return null;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
