import { expect, test } from '@jest/globals';
import { runInThread, ThreadExceeded, ThreadLate } from '../../src/kernel/context.js';

const module = new URL('./busy-thread.js', import.meta.url);

test('what is too much work is told apart from what is not done in time, which may be the fault of the machine', async () => {
  const limits = { maxCpuMs: 300, timeoutMs: 60_000, maxMemoryMb: 64 };
  await expect(runInThread(module, { works: true }, limits)).rejects.toThrow(ThreadExceeded);
  const waiting = runInThread(module, { works: false }, { ...limits, timeoutMs: 300 });
  await expect(waiting).rejects.toThrow(ThreadLate);
  expect(await runInThread(module, { answers: true }, limits)).toBe('done');
});
