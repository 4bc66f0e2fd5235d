import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isNativeError } from 'node:util/types';
import { z } from 'zod';
import type { InspectedUpload } from '../../files/index.js';
import {
  type Context,
  type Patience,
  requireAccount,
  runInThread,
  ThreadExceeded,
  ThreadLate,
  type ThreadLimits,
  unavailable,
} from '../../kernel/context.js';

/**
 * Bits a second that sound takes at most: two channels of 24 bits at 96 kHz where it is not compressed, or without loss;
 * else twice what any encoder makes of a voice. What has more says that it is shorter than it is.
 */
const maxBitsPerSecond = { whole: 6_000_000, compressed: 640_000 };
const wholeTypes: ReadonlySet<string> = new Set(['audio/wav', 'audio/flac']);
/** Most recordings take a fifth of this; those that take longer begin anew where they are in the way of none of them. */
const quick = { maxCpuMs: 1_000, timeoutMs: 20_000, maxMemoryMb: 128 };
/** What takes longest is AAC without a header, whose every frame is looked at: 300 s of it take 1.5 s of a processor. */
const long = { maxCpuMs: 4_000, timeoutMs: 50_000, maxMemoryMb: 128 };
/** Longer than the recordings of some others take: theirs are one at a time each, and come in turn. */
const patience: Patience = { idleMs: 15_000, totalMs: 30_000 };
/** In all, which is less than a connection may stand still for. */
const answerWithinMs = 50_000;
const module = new URL('./measure-recording.js', import.meta.url);
const Seconds = z.number().positive().nullable().catch(null);

/**
 * Seconds of a recording, as its bytes say; null when they are no sound, or say that it is shorter than so many bytes can
 * be. It is read in a thread, since it can be made to take for ever: one of an account at a time, a few of all, and one of
 * those that take long.
 * @throws UNAVAILABLE when the store is away, too many are being read, the machine is too slow now, or nobody waits
 */
export async function recordingSeconds(ctx: Context, upload: InspectedUpload): Promise<number | null> {
  const { contentType, bytes } = upload;
  const account = requireAccount(ctx);
  const { threadSemaphore, longThreadSemaphore } = ctx.services;
  const startedAt = performance.now();
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(answerWithinMs)]);
  const again = () => {
    const leftMs = Math.max(0, answerWithinMs - (performance.now() - startedAt));
    return longThreadSemaphore.run(account, { ...patience, totalMs: leftMs }, () => measured(upload, long, signal));
  };
  const seconds = await threadSemaphore
    .run(account, patience, () => measured(upload, quick, signal))
    .catch(orIfExceeded(again))
    .catch(orIfExceeded(async () => null));
  const { whole, compressed } = maxBitsPerSecond;
  const isTooDense = seconds !== null && (bytes * 8) / seconds > (wholeTypes.has(contentType) ? whole : compressed);
  return isTooDense ? null : seconds;
}

/** Does something else instead, where something took more than it may. */
function orIfExceeded<T>(other: () => Promise<T>): (error: unknown) => Promise<T> {
  return async (error) => {
    if (error instanceof ThreadExceeded) return other();
    throw error;
  };
}

/** @throws ThreadExceeded, UNAVAILABLE */
async function measured(
  { read, contentType, bytes }: InspectedUpload,
  limits: ThreadLimits,
  signal: AbortSignal,
): Promise<number | null> {
  if (signal.aborted) return refuseForNow(signal.reason);
  const folder = await newFolder();
  const path = join(folder, 'content');
  try {
    await pipeline(await read(), createWriteStream(path), { signal }).catch(refuseForNow);
    return Seconds.parse(await runInThread(module, { path, contentType, bytes }, limits, signal));
  } catch (error) {
    const isPassing = error instanceof ThreadLate || (isNativeError(error) && 'syscall' in error);
    if (isPassing || signal.aborted) return refuseForNow(error);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In the system's folder for such, where each process of ours that died may have left one. */
const folders = join(tmpdir(), `perpetua-recordings-${process.getuid?.() ?? ''}`);
/** A recording is measured within seconds: what is older was left behind. */
const leftAfterMs = 600_000;

/** @throws UNAVAILABLE when there is no place for it */
async function newFolder(): Promise<string> {
  try {
    await mkdir(folders, { recursive: true, mode: 0o700 });
    await removeLeft();
    return await mkdtemp(join(folders, 'recording-'));
  } catch (error) {
    return refuseForNow(error);
  }
}

async function removeLeft(): Promise<void> {
  for (const name of await readdir(folders)) {
    const path = join(folders, name);
    const known = await stat(path).catch(() => null);
    if (known && known.mtimeMs < Date.now() - leftAfterMs) await rm(path, { recursive: true, force: true });
  }
}

function refuseForNow(cause: unknown): never {
  throw unavailable('The recording cannot be read right now. Try again.', { cause });
}
