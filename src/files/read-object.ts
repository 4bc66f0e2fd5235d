import type { Readable } from 'node:stream';
import type { Context } from '../kernel/context.js';

/** How long all bytes of an object may take to come to work of our own, unless it says otherwise. */
const standardTimeoutMs = 300_000;

/**
 * The bytes of an object, for work of our own: a store that falls silent in the middle ends it, which whoever reads for a
 * client that may pause must not do. @throws what the store does
 */
export function readObject(ctx: Context, objectKey: string, timeoutMs = standardTimeoutMs): Promise<Readable> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(timeoutMs)]);
  return ctx.providers.objectStore.read(objectKey, null, signal);
}
