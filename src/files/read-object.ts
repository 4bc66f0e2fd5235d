import { pipeline, type Readable, Transform } from 'node:stream';
import { type Context, unavailable } from '../kernel/context.js';
import type { FileRow } from './file-rows.js';

/** How long all bytes of an object may take to come to work of our own, unless it says otherwise. */
const standardTimeoutMs = 300_000;

/**
 * The bytes of an object, for work of our own: a store that falls silent in the middle ends it, which whoever reads for a
 * client that may pause must not do. @throws what the store does, and when fewer bytes come than there are
 */
export async function readObject(
  { providers, signal }: Context,
  { objectKey, bytes }: Pick<FileRow, 'objectKey' | 'bytes'>,
  timeoutMs = standardTimeoutMs,
): Promise<Readable> {
  const timed = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return wholeOrError(await providers.objectStore.read(objectKey, null, timed), bytes);
}

/** The same bytes; UNAVAILABLE at their end when they are fewer than there are, which a store that was damaged does not say. */
export function wholeOrError(stream: Readable, bytes: number): Readable {
  let came = 0;
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      came += chunk.length;
      done(null, chunk);
    },
    flush: (done) => {
      const cause = new Error(`Only ${came} of ${bytes} bytes came.`);
      done(came < bytes ? unavailable('The file cannot be read right now. Try again.', { cause }) : null);
    },
  });
  // Whoever reads hears of every error.
  return pipeline(stream, counted, () => undefined);
}
