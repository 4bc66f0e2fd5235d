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
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}

/** A buffered destination: a path, or 1 for standard output. What is pending is written when the process exits. */
export function toFile(dest: string | 1): DestinationStream {
  const destination = pino.destination({ dest, minLength: buffered, periodicFlush: flushEveryMs, sync: false });
  // A full disk must not end the process.
  destination.on('error', (_error) => {});
  process.once('exit', () => destination.flushSync());
  return destination;
}
