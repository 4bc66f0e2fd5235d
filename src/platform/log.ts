import { isNativeError } from 'node:util/types';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Bytes of lines that are written together: a system call for each line costs more than the line. */
const buffered = 8_192;
/** No line waits longer. */
const flushEveryMs = 500;

export type { Logger };

/**
 * The log: JSON lines on standard output. Never a token, a secret or what users write: of an error only what it is and
 * where it was thrown, since libraries hang requests with their headers on theirs.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describe } };
  return pino(options, destination ?? toFile(1));
}

function describe(error: unknown): unknown {
  if (!isNativeError(error)) return typeof error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}

/**
 * A buffered destination: a path, or 1 for standard output. What is pending is written when the process exits, unless
 * its reader is gone: sonic-boom's `flushSync`, which pino calls by itself at that moment, tries for ever then.
 */
export function toFile(dest: string | 1): DestinationStream {
  const destination = pino.destination({ dest, minLength: buffered, periodicFlush: flushEveryMs, sync: false });
  const flushSync = destination.flushSync.bind(destination);
  let isBroken = false;
  destination.flushSync = () => {
    if (!isBroken) flushSync();
  };
  // A full disk, or a reader that is gone, must not end the process.
  destination.on('error', (_error) => {
    isBroken = true;
  });
  // A disk may have room again.
  destination.on('drain', () => {
    isBroken = false;
  });
  process.once('exit', () => destination.flushSync());
  return destination;
}

/** How long the last lines may take before the process ends. */
const lastFlushMs = 1_000;

/** Writes what is pending before a process ends by itself. */
export async function flushed(log: Logger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, lastFlushMs);
  log.flush(() => resolve());
  await promise;
  clearTimeout(timer);
}
