import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { type DestinationStream, pino } from 'pino';
import { errorCodeOf } from './error-code.js';

/** Bytes of lines that are written together: a system call for each line costs more than the line. */
const buffered = 8_192;
/** No line waits longer. */
const flushEveryMs = 500;

/** Where lines go: fields, and what happened. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/** What failures are written to. */
export type FailureLog = Pick<Logger, 'warn' | 'error'>;

/** What says on every line which process wrote it. */
export interface ProcessFields {
  /** What it runs, as `api worker`. */
  readonly role: string;
  readonly instance: string;
  readonly version: string;
}

/** The name of this process among all: the one that was given, or host and process id. */
export function instanceName(given: string | null): string {
  return given ?? `${hostname()}:${process.pid}`;
}

/**
 * The log: JSON lines on standard output. Never a token, a secret or what users write: of an error only what it is and
 * where it was thrown, since libraries hang requests with their headers on theirs.
 */
export function createLog(
  level: string,
  destination: DestinationStream = toFile(1),
  process: ProcessFields | null = null,
): Logger {
  const options = { level, base: process, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describe } };
  return pino(options, destination);
}

/** Holds lines back until it is known whether they are so: what is tried again may not fail again. */
export class HeldLog implements FailureLog {
  #lines: (() => void)[] = [];

  constructor(private readonly log: FailureLog) {}

  warn(fields: object, message: string): void {
    this.#lines.push(() => this.log.warn(fields, message));
  }

  error(fields: object, message: string): void {
    this.#lines.push(() => this.log.error(fields, message));
  }

  /** Forgets the lines: they were of a try that does not count. */
  clear(): void {
    this.#lines = [];
  }

  write(): void {
    for (const line of this.#lines) line();
    this.clear();
  }
}

/**
 * Puts fields on every line of one operation or job. One that is given again replaces the one before; pino's children
 * would write both.
 */
export class BoundLog implements Logger {
  constructor(
    private readonly log: Logger,
    private readonly fields: object,
  ) {}

  info(fields: object, message: string): void {
    this.log.info({ ...this.fields, ...fields }, message);
  }

  warn(fields: object, message: string): void {
    this.log.warn({ ...this.fields, ...fields }, message);
  }

  error(fields: object, message: string): void {
    this.log.error({ ...this.fields, ...fields }, message);
  }

  fatal(fields: object, message: string): void {
    this.log.fatal({ ...this.fields, ...fields }, message);
  }

  /** The same log with more fields, which replace those of the same name. */
  with(fields: object): BoundLog {
    return new BoundLog(this.log, { ...this.fields, ...fields });
  }
}

function describe(error: unknown): unknown {
  if (!isNativeError(error)) return typeof error;
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    code: errorCodeOf(error) ?? undefined,
    stack,
    ...(cause === undefined ? {} : { cause: describe(cause) }),
  };
}

type Destination = ReturnType<typeof pino.destination>;

/** What this process writes its logs to. */
const destinations = new Set<Destination>();

/**
 * A buffered destination: a path, 1 for standard output, or 2 for standard error. Whoever ends the process does so by `endProcess`. Pino and
 * sonic-boom would write what is pending as the process exits, with `flushSync`, which tries for ever when the reader is
 * gone or the disk is full. https://github.com/pinojs/sonic-boom
 */
export function toFile(dest: string | 1 | 2): DestinationStream {
  const destination = pino.destination({ dest, minLength: buffered, periodicFlush: flushEveryMs, sync: false });
  destination.flushSync = () => undefined;
  // A full disk, or a reader that is gone, must not end the process.
  destination.on('error', () => undefined);
  destinations.add(destination);
  return destination;
}

/** How long the last lines may take before the process ends. */
const lastFlushMs = 1_000;

/** Ends the process with this code, once what is pending of its logs has been written or cannot be. */
export async function endProcess(exitCode: number): Promise<void> {
  await Promise.race([Promise.all([...destinations].map(ended)), pause(lastFlushMs)]);
  process.exit(exitCode);
}

/**
 * Not by `flush`, which while something is being written waits for that alone. Without `Promise.withResolvers`, which an
 * older Node lacks: this is how its refusal gets written.
 */
function ended(destination: Destination): Promise<void> {
  return new Promise((resolve) => {
    destination.once('close', resolve);
    destination.once('error', () => resolve());
    destination.end();
  });
}
