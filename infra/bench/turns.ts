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
const leadInMs = 500;

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
interface Outcome {
  readonly perSecond: number;
  readonly serverMs: number;
  readonly databaseMs: number;
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

/** Runs limits and product in turns, after all have warmed up. */
export async function inTurns(
  world: World,
  { product, limits, before }: Contest,
  ms: number = roundMs,
): Promise<Outcomes> {
  const run = async (url: string, pid: number, requests: Requests, forMs: number): Promise<Outcome> => {
    await before();
    const cpu = async () => [cpuSecondsOf([pid]), cpuSecondsOf(await databasePids(world.pool))] as const;
    let [server, database] = [0, 0];
    const onEnd = async () => {
      [server, database] = await cpu();
    };
    const { requests: sent, requestsPerSecond } = await load(url, requests, forMs, { ms: leadInMs, onEnd });
    const [serverAfter, databaseAfter] = await cpu();
    const ofOne = (seconds: number) => (seconds * 1_000) / sent;
    return {
      perSecond: requestsPerSecond,
      serverMs: ofOne(serverAfter - server),
      databaseMs: ofOne(databaseAfter - database),
    };
  };
  const runProduct = (forMs: number) => run(world.productUrl, world.productPid, product, forMs);
  const runLimit = ({ requests }: Limit, forMs: number) => run(world.limitUrl, world.limitPid, requests, forMs);
  const warmUp = Math.min(warmUpMs, ms);
  await runProduct(warmUp);
  for (const limit of limits) await runLimit(limit, warmUp);
  const ofProduct: Outcome[] = [];
  const ofLimits = limits.map((limit) => ({ limit, found: [] as Outcome[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { limit, found } of ofLimits) found.push(await runLimit(limit, ms));
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
export function figuresOf(scenario: string, { product, limits }: Outcomes): Figure[] {
  const costs = (who: string, { perSecond, serverMs, databaseMs }: Outcome) => [
    plain(scenario, who, perSecond, 'requests/s'),
    plain(scenario, `${who}: server CPU`, serverMs, 'ms'),
    plain(scenario, `${who}: PostgreSQL CPU`, databaseMs, 'ms'),
  ];
  return [
    ...limits.flatMap((limit) => costs(limit.name, limit)),
    ...costs('product', product),
    ...limits.map(({ name, ratio, bar }) => atLeast(scenario, `of ${name}`, ratio, '', bar)),
  ];
}
