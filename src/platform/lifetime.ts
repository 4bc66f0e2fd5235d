import { endProcess } from './log.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Where faults are told. */
interface FaultLog {
  error(fields: { readonly error: unknown }, message: string): void;
  fatal(fields: { readonly error: unknown }, message: string): void;
}

/** An error that nobody handled. */
export type Fault = 'unhandled_rejection' | 'uncaught_exception';

/**
 * Waits for Ctrl-C or a termination, then closes; answers the exit code. A second signal while it closes changes
 * nothing.
 *
 * Here it is decided what becomes of an error that nobody handled. A rejected promise that nobody awaits has left every
 * other request as it was: it is logged, and the process goes on. An exception that nobody caught may have left anything
 * half done: it is logged, what runs gets its time to finish, and the process ends with 1 to be started anew; a second
 * one ends it as soon as it is logged. `count` counts both.
 */
export async function runUntilSignal(
  close: () => Promise<void>,
  log: FaultLog,
  count: (fault: Fault) => void = () => undefined,
): Promise<number> {
  process.on('unhandledRejection', (error) => {
    count('unhandled_rejection');
    log.error({ error }, 'a promise was rejected and nobody awaited it');
  });
  const exitCode = await new Promise<number>((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(0));
    let isFirst = true;
    process.on('uncaughtException', (error) => {
      count('uncaught_exception');
      log.fatal({ error }, 'an exception was not caught: the process ends');
      if (!isFirst) void endProcess(1);
      isFirst = false;
      resolve(1);
    });
  });
  await close();
  return exitCode;
}
