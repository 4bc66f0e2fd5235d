import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/**
 * The log: JSON lines on standard output. Never a token, a secret or what users write: of an error only what it is and
 * where it was thrown, since libraries hang requests with their headers on theirs.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describe } };
  return destination ? pino(options, destination) : pino(options);
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}
