import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** The log: JSON lines on standard output. Never a token, a secret or what users write. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
