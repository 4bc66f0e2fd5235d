import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { unavailable } from '../kernel/context.js';

/** Bytes by which a type can be told. */
const headBytes = 4_100;

/**
 * The first bytes of a stream, and the hash of all of them, which are read only where it is not known.
 * @throws UNAVAILABLE when they cannot be read
 */
export async function readWhole(
  read: () => Promise<Readable>,
  knownSha256: string | null,
): Promise<{ readonly head: Uint8Array; readonly sha256: string }> {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  let missing = headBytes;
  try {
    for await (const chunk of (await read()) as AsyncIterable<Buffer>) {
      if (missing > 0) parts.push(chunk.subarray(0, missing));
      missing -= chunk.length;
      if (knownSha256 === null) hash.update(chunk);
      else if (missing <= 0) break;
    }
  } catch (cause) {
    throw unavailable('The bytes cannot be read right now. Try again.', { cause });
  }
  return { head: Buffer.concat(parts), sha256: knownSha256 ?? hash.digest('hex') };
}
