import { randomUUID } from 'node:crypto';
import { Connections } from './connections.js';
import { load } from './load.js';
import { openLoop } from './open-loop.js';
import { distinctOf, signedEvents } from './payment-events.js';
import { atMost, type Figure, median, percentile, plain } from './report.js';
import { cpuMeter, figuresOf, leadInMs, takeTurns } from './turns.js';
import type { World } from './world.js';

/** More events a second than either takes: a connection that has sent all of its own would begin with them again. */
const mostPerSecond = 12_000;
/** Events a second in the open loop, the same for every version: far more than anybody's payments make. */
const calmPerSecond = 500;
const [calmRounds, calmMs] = [5, 4_000];
/** What whoever sends an event is promised. */
const answeredWithinMs = 100;

/** Who takes events. */
interface Taker {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** How long a round's requests took, in milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/**
 * Signed events of a payment provider, a tenth of them repeated, against a bare route that verifies, parses and inserts
 * the same: at full speed on 32 and on 256 connections, and at 500 a second in an open loop. No worker works them off
 * meanwhile.
 */
export async function benchWebhook(world: World): Promise<Figure[]> {
  const product = { name: 'product', url: `${world.productUrl}/api/v1/webhooks/checkout`, pid: world.productPid };
  const limit = { name: 'bare route', url: `${world.limitUrl}/webhook`, pid: world.limitPid };
  const figures: Figure[] = [];
  for (const connections of [32, 256]) {
    const scenario = `webhook, ${connections} connections`;
    const [ofProduct, ofLimit]: [Latency[], Latency[]] = [[], []];
    const outcomes = await takeTurns(fullSpeed(world, product, connections, ofProduct), [
      { name: limit.name, run: fullSpeed(world, limit, connections, ofLimit), bar: 0.7 },
    ]);
    figures.push(...figuresOf(scenario, outcomes));
    // The first was the warm-up.
    figures.push(...latencies(scenario, limit, ofLimit.slice(1)), ...latencies(scenario, product, ofProduct.slice(1)));
  }
  return [...figures, ...(await calm(world, limit, product))];
}

/** Keeps all connections busy, and notes how long requests took. */
function fullSpeed(world: World, { url, pid }: Taker, connections: number, noted: Latency[]) {
  return async (ms: number) => {
    await forgetEvents(world);
    const each = Math.ceil((mostPerSecond * (ms + leadInMs)) / 1_000 / connections);
    const requests = Array.from({ length: connections }, () => signedEvents(url, newSeries(), each));
    const cpu = await cpuMeter(world, pid);
    const round = await load(url, requests, ms, { ms: leadInMs, onEnd: cpu.restart });
    noted.push(latencyOf(round.times));
    return { perSecond: round.requestsPerSecond, ...(await cpu.ofOne(round.requests)) };
  };
}

/** At a rate that leaves room: how long it takes, and whether all that was answered is stored. */
async function calm(world: World, limit: Taker, product: Taker): Promise<Figure[]> {
  const scenario = `webhook, ${calmPerSecond} a second`;
  const [ofLimit, ofProduct]: [Latency[], Latency[]] = [[], []];
  let unlike = 0;
  const send = async ({ url }: Taker, noted: Latency[]) => {
    await forgetEvents(world);
    const times = await sendCalmly(url);
    noted.push(latencyOf(times));
    unlike += Math.abs(distinctOf(times.length) - (await storedEvents(world)));
  };
  for (let round = 0; round < calmRounds; round += 1) {
    await send(limit, ofLimit);
    await send(product, ofProduct);
  }
  return [
    ...latencies(scenario, limit, ofLimit),
    ...latencies(scenario, product, ofProduct, answeredWithinMs),
    atMost(scenario, 'lost or stored twice', unlike, '', 0),
  ];
}

/** Answers how long each took, in milliseconds since it was due. @throws when an answer is not 200 */
async function sendCalmly(url: string): Promise<number[]> {
  const count = Math.ceil((2 * calmPerSecond * calmMs) / 1_000);
  const requests = signedEvents(url, newSeries(), count).values();
  const connections = new Connections(url);
  const times: number[] = [];
  await openLoop(calmPerSecond, calmMs, () => async (dueAt) => {
    const { status, body } = await connections.send(requests.next().value ?? Buffer.alloc(0));
    if (status !== 200) throw new Error(`An event was answered ${status}: ${body}`);
    times.push(performance.now() - dueAt);
  });
  connections.close();
  return times;
}

/** Medians of the rounds; `most` is the bar of the 99th percentile, where it has one. */
function latencies(scenario: string, { name }: Taker, noted: readonly Latency[], most?: number): Figure[] {
  const of = (key: keyof Latency) => median(noted.map((each) => each[key]));
  const [figure, p99] = [`${name}: p99`, of('p99')];
  return [
    plain(scenario, `${name}: p50`, of('p50'), 'ms'),
    most === undefined ? plain(scenario, figure, p99, 'ms') : atMost(scenario, figure, p99, 'ms', most),
  ];
}

function latencyOf(times: readonly number[]): Latency {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

async function forgetEvents({ pool }: World): Promise<void> {
  await pool.query('truncate billing.payment_event');
}

async function storedEvents({ pool }: World): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from billing.payment_event');
  return rows[0]?.count ?? 0;
}

/** So that no two connections have events in common. */
function newSeries(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12);
}
