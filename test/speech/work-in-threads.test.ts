import { expect, test } from '@jest/globals';
import { runInThread, ThreadExceeded, ThreadLate } from '../../src/kernel/context.js';

const { signal } = new AbortController();
const limits = { maxCpuMs: 300, timeoutMs: 60_000, maxMemoryMb: 64 };
const module = new URL('./busy-thread.js', import.meta.url);

test('what is too much work is told apart from what is not done in time, which may be the fault of the machine', async () => {
  await expect(runInThread(module, { works: true }, limits, signal)).rejects.toThrow(ThreadExceeded);
  const waiting = runInThread(module, { works: false }, { ...limits, timeoutMs: 300 }, signal);
  await expect(waiting).rejects.toThrow(ThreadLate);
  expect(await runInThread(module, { answers: true }, limits, signal)).toBe('done');
});

test('a thread that nobody waits for any more ends', async () => {
  globalThis.requireNothingLeft?.();
  const left = new AbortController();
  const running = runInThread(
    module,
    { works: true },
    { maxCpuMs: 60_000, timeoutMs: 60_000, maxMemoryMb: 64 },
    left.signal,
  );
  left.abort(new Error('They left.'));
  await expect(running).rejects.toThrow('They left.');
  await expect(runInThread(module, { answers: true }, limits, left.signal)).rejects.toThrow('They left.');
});
