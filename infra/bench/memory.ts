import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** Heap and buffers of the product, right after its garbage collector was called through the inspector. */
export async function memory({ inspectorUrl }: { readonly inspectorUrl: string }): Promise<number> {
  const inspector = new WebSocket(inspectorUrl);
  await once(inspector, 'open');
  const ask = async (method: string, params: object = {}) => {
    inspector.send(JSON.stringify({ id: 1, method, params }));
    const [data] = await once(inspector, 'message');
    return JSON.parse(String(data));
  };
  for (let count = 0; count < 3; count += 1) await ask('HeapProfiler.collectGarbage');
  const expression = 'JSON.stringify((({ heapUsed, external }) => heapUsed + external)(process.memoryUsage()))';
  const answer = Evaluated.parse(await ask('Runtime.evaluate', { expression }));
  inspector.close();
  return Number(answer.result.result.value);
}

const Evaluated = z.object({ result: z.object({ result: z.object({ value: z.string() }) }) });

const sampleMs = 20;

/** Megabytes by which the memory of a process grows at most while work is done. NaN where there is no `/proc`. */
export async function residentGrowth(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentMegabytes(pid);
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentMegabytes(pid));
  }, sampleMs);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

function residentMegabytes(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(kilobytes) / 1_000;
  } catch {
    return Number.NaN;
  }
}
