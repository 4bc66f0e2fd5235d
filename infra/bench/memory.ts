import { once } from 'node:events';
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
