import { Worker } from 'node:worker_threads';
import { errorCodeOf } from './error-code.js';

/** What a thread may take. */
export interface ThreadLimits {
  /** Of a processor, whatever else the machine does meanwhile. */
  readonly maxCpuMs: number;
  /** How long anybody waits for it. */
  readonly timeoutMs: number;
  /** Of its heap; what is beyond it ends the thread, and nothing else. */
  readonly maxMemoryMb: number;
}

/** What a thread was given is too much work, or takes too much memory: it would again. */
export class ThreadExceeded extends Error {}

/** A thread was not done in time, which may be the fault of the machine. */
export class ThreadLate extends Error {}

/** How often a thread is asked how much it has worked. */
const cpuLookMs = 250;

/**
 * Runs a module in a thread of its own, for work on what strangers have sent: it may take long, and fail in any way, without
 * this process standing still or ending. The module takes `workerData` and posts one message, which is answered. It ends
 * as soon as nobody waits for it any more.
 * @throws ThreadExceeded; ThreadLate; the reason of `signal`; what the module throws
 */
export async function runInThread(
  module: URL,
  workerData: object,
  { maxCpuMs, timeoutMs, maxMemoryMb }: ThreadLimits,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, maxYoungGenerationSizeMb: 16 },
    // Nothing of this process's secrets, and none of its ways to write.
    env: {},
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const timer = setTimeout(() => reject(new ThreadLate('The thread was not done in time.')), timeoutMs);
  const look = setInterval(() => {
    worker.cpuUsage().then(
      ({ user, system }) => {
        if (user + system > maxCpuMs * 1_000) reject(new ThreadExceeded('The thread worked too long.'));
      },
      // It has ended, which its own events tell.
      () => undefined,
    );
  }, cpuLookMs);
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp);
  worker.once('message', resolve);
  worker.once('error', (error) => {
    const isMemory = errorCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isMemory ? new ThreadExceeded('The thread took too much memory.', { cause: error }) : error);
  });
  worker.once('exit', () => reject(new Error('The thread ended without an answer.')));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(look);
    signal.removeEventListener('abort', giveUp);
    await worker.terminate();
  }
}
