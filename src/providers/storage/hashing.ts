import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { StoredObject } from './object-store.js';

/**
 * Counts and hashes what is piped from a stream, without a stream of its own in between, which takes CPU for every
 * chunk. Call it right before the stream is piped, and what it answers once all has passed.
 */
export function hashingOf(body: Readable): () => StoredObject {
  const hash = createHash('sha256');
  let bytes = 0;
  body.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  return () => ({ bytes, sha256: hash.digest('hex') });
}
