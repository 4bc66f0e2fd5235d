import { load, type RawRequest } from './load.js';
import { median } from './report.js';
import type { World } from './world.js';

/** Connections that send at the same time. */
export const connections = 16;
const rounds = 5;
const roundMs = 3_000;
const warmUpMs = 2_000;

/** The same work for the product and for its limit: for each connection its requests, in turn. */
export interface Pair {
  readonly product: readonly (readonly RawRequest[])[];
  readonly limit: readonly (readonly RawRequest[])[];
  /** Before each run. */
  before(): Promise<unknown>;
}

/** What the two came to: medians of their rounds, and the server CPU of one of the product's requests. */
export interface Turns {
  readonly product: number;
  readonly limit: number;
  readonly ratio: number;
  readonly cpuMs: number;
}

/** Runs limit and product in turns, after both have warmed up. */
export async function inTurns(world: World, { product, limit, before }: Pair, ms: number = roundMs): Promise<Turns> {
  const runs = { product: [] as number[], limit: [] as number[], cpuMs: [] as number[] };
  const run = async (url: string, requests: Pair['product'], forMs: number) => {
    await before();
    return load(url, requests, forMs);
  };
  await run(world.productUrl, product, Math.min(warmUpMs, ms));
  await run(world.limitUrl, limit, Math.min(warmUpMs, ms));
  for (let round = 0; round < rounds; round += 1) {
    runs.limit.push((await run(world.limitUrl, limit, ms)).requestsPerSecond);
    const cpuBefore = await cpuSeconds(world);
    const { requests, requestsPerSecond } = await run(world.productUrl, product, ms);
    runs.cpuMs.push((((await cpuSeconds(world)) - cpuBefore) * 1_000) / requests);
    runs.product.push(requestsPerSecond);
  }
  const ratios = runs.product.map((value, index) => value / (runs.limit[index] ?? Number.NaN));
  return { product: median(runs.product), limit: median(runs.limit), ratio: median(ratios), cpuMs: median(runs.cpuMs) };
}

async function cpuSeconds({ productUrl }: World): Promise<number> {
  const text = await (await fetch(`${productUrl}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}
