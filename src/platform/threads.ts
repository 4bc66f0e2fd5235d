import { Worker } from 'node:worker_threads';

/** What a thread may take. */
interface ThreadLimits {
  readonly timeoutMs: number;
  /** Of its heap; what is beyond it ends the thread, and nothing else. */
  readonly maxMemoryMb: number;
}

/** A thread took too long, or too much memory. */
export class ThreadExceeded extends Error {}

/**
 * Runs a module in a thread of its own, for work on what strangers have sent: it may take long, and fail in any way, without
 * this process standing still or ending. The module takes `workerData` and posts one message, which is answered.
 * @throws ThreadExceeded; what the module throws
 */
export async function runInThread(
  module: URL,
  workerData: object,
  { timeoutMs, maxMemoryMb }: ThreadLimits,
): Promise<unknown> {
  const worker = new Worker(module, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, maxYoungGenerationSizeMb: 16 },
    // Nothing of this process's secrets, and none of its ways to write.
    env: {},
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const timer = setTimeout(() => reject(new ThreadExceeded('The thread took too long.')), timeoutMs);
  worker.once('message', resolve);
  worker.once('error', (error) => {
    const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isMemory ? new ThreadExceeded('The thread took too much memory.', { cause: error }) : error);
  });
  worker.once('exit', () => reject(new Error('The thread ended without an answer.')));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
