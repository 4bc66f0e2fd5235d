import { cpuSecondsOf, databasePids } from './cpu.js';
import { load, type RawRequest } from './load.js';
import { atLeast, type Figure, median, plain } from './report.js';
import type { World } from './world.js';

/** Connections that send at the same time. */
export const connections = 16;
const rounds = 5;
const roundMs = 3_000;
const warmUpMs = 2_000;
/** Tables that were filled anew have every connection plan its statements again, which users' do not. */
export const leadInMs = 500;

/** Requests of each connection, sent in turn. */
type Requests = readonly (readonly RawRequest[])[];

/** The least that the same work can take, without the product. */
interface Limit {
  readonly name: string;
  readonly requests: Requests;
  /** The part of its rate that the product is to reach. */
  readonly bar: number;
}

/** The same work for the product and for its limits. */
interface Contest {
  readonly product: Requests;
  readonly limits: readonly Limit[];
  /** Before each run. */
  before(): Promise<unknown>;
}

/** What one of them came to: medians of its rounds. CPU is that of one request, in milliseconds. */
export interface Outcome {
  readonly perSecond: number;
  readonly serverMs: number;
  readonly databaseMs: number;
}

/** Does the work for some milliseconds. */
type Run = (ms: number) => Promise<Outcome>;

/** A limit, and how it does the work. */
interface LimitRun extends Pick<Limit, 'name' | 'bar'> {
  readonly run: Run;
}

/** What a limit came to, and the product's rate as a part of its in the same round. */
interface LimitOutcome extends Outcome, Pick<Limit, 'name' | 'bar'> {
  readonly ratio: number;
}

/** All of them. */
interface Outcomes {
  readonly product: Outcome;
  readonly limits: readonly LimitOutcome[];
}

/** Sends the requests of limits and product in turns, after all have warmed up. */
export async function inTurns(
  world: World,
  { product, limits, before }: Contest,
  ms: number = roundMs,
): Promise<Outcomes> {
  const run = async (url: string, pid: number, requests: Requests, forMs: number): Promise<Outcome> => {
    await before();
    const cpu = await cpuMeter(world, pid);
    const leadIn = { ms: leadInMs, onEnd: cpu.restart };
    const { requests: count, requestsPerSecond } = await load(url, requests, forMs, leadIn);
    return { perSecond: requestsPerSecond, ...(await cpu.ofOne(count)) };
  };
  return takeTurns(
    (forMs) => run(world.productUrl, world.productPid, product, forMs),
    limits.map(({ name, bar, requests }) => ({
      name,
      bar,
      run: (forMs) => run(world.limitUrl, world.limitPid, requests, forMs),
    })),
    ms,
  );
}

/** Measures what a server and PostgreSQL use from now on, or from the last restart. */
export async function cpuMeter({ pool }: World, pid: number) {
  const read = async () => [cpuSecondsOf([pid]), cpuSecondsOf(await databasePids(pool))] as const;
  let [server, database] = await read();
  return {
    restart: async () => {
      [server, database] = await read();
    },
    /** CPU of one of so many works, in milliseconds. */
    ofOne: async (count: number): Promise<Pick<Outcome, 'serverMs' | 'databaseMs'>> => {
      const [serverAfter, databaseAfter] = await read();
      const ofOne = (seconds: number) => (seconds * 1_000) / count;
      return { serverMs: ofOne(serverAfter - server), databaseMs: ofOne(databaseAfter - database) };
    },
  };
}

/** Runs limits and product in turns, after all have warmed up. */
export async function takeTurns(runProduct: Run, limits: readonly LimitRun[], ms: number = roundMs): Promise<Outcomes> {
  const warmUp = Math.min(warmUpMs, ms);
  await runProduct(warmUp);
  for (const { run } of limits) await run(warmUp);
  const ofProduct: Outcome[] = [];
  const ofLimits = limits.map((limit) => ({ limit, found: [] as Outcome[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { limit, found } of ofLimits) found.push(await limit.run(ms));
    ofProduct.push(await runProduct(ms));
  }
  const ratioTo = (found: readonly Outcome[]) =>
    median(ofProduct.map(({ perSecond }, round) => perSecond / (found[round]?.perSecond ?? 0)));
  return {
    product: middle(ofProduct),
    limits: ofLimits.map(({ limit: { name, bar }, found }) => ({ ...middle(found), name, bar, ratio: ratioTo(found) })),
  };
}

function middle(all: readonly Outcome[]): Outcome {
  const of = (key: keyof Outcome) => median(all.map((each) => each[key]));
  return { perSecond: of('perSecond'), serverMs: of('serverMs'), databaseMs: of('databaseMs') };
}

/** Rates and CPU of the product and of each limit, and the product's part of each, with its bar. */
export function figuresOf(scenario: string, { product, limits }: Outcomes, unit = 'requests/s'): Figure[] {
  const costs = (who: string, { perSecond, serverMs, databaseMs }: Outcome) => [
    plain(scenario, who, perSecond, unit),
    plain(scenario, `${who}: server CPU`, serverMs, 'ms'),
    plain(scenario, `${who}: PostgreSQL CPU`, databaseMs, 'ms'),
  ];
  return [
    ...limits.flatMap((limit) => costs(limit.name, limit)),
    ...costs('product', product),
    ...limits.map(({ name, ratio, bar }) => atLeast(scenario, `of ${name}`, ratio, '', bar)),
  ];
}
