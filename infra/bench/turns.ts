import { cpuSecondsOf, databasePids } from './cpu.js';
import { load, type RawRequest } from './load.js';
import { atLeast, type Figure, median, plain } from './report.js';
import type { World } from './world.js';

/** Connections that send at the same time. */
export const connections = 16;
const rounds = 5;
const roundMs = 3_000;
const warmUpMs = 2_000;

/** Requests of each connection, sent in turn. */
type Requests = readonly (readonly RawRequest[])[];

/** The same work for the product and for its limits. */
export interface Contest<Limit extends string> {
  readonly product: Requests;
  readonly limits: Readonly<Record<Limit, Requests>>;
  /** Before each run. */
  before(): Promise<unknown>;
}

/** What one of them came to: medians of its rounds. CPU is that of one request, in milliseconds. */
interface Outcome {
  readonly perSecond: number;
  readonly serverMs: number;
  readonly databaseMs: number;
}

/** All of them, and the product's rate as a part of each limit's in the same round. */
export interface Outcomes<Limit extends string> {
  readonly product: Outcome;
  readonly limits: Readonly<Record<Limit, Outcome & { readonly ratio: number }>>;
}

/** Runs limits and product in turns, after all have warmed up. */
export async function inTurns<Limit extends string>(
  world: World,
  { product, limits, before }: Contest<Limit>,
  ms: number = roundMs,
): Promise<Outcomes<Limit>> {
  const names = Object.keys(limits) as Limit[];
  const run = async (name: Limit | null, forMs: number): Promise<Outcome> => {
    await before();
    const [url, pid] = name === null ? [world.productUrl, world.productPid] : [world.limitUrl, world.limitPid];
    const cpu = async () => [cpuSecondsOf([pid]), cpuSecondsOf(await databasePids(world.pool))] as const;
    const [server, database] = await cpu();
    const { requests, requestsPerSecond } = await load(url, name === null ? product : limits[name], forMs);
    const [serverAfter, databaseAfter] = await cpu();
    const ofOne = (seconds: number) => (seconds * 1_000) / requests;
    return {
      perSecond: requestsPerSecond,
      serverMs: ofOne(serverAfter - server),
      databaseMs: ofOne(databaseAfter - database),
    };
  };
  for (const name of [null, ...names]) await run(name, Math.min(warmUpMs, ms));
  const found = new Map<Limit | null, Outcome[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of [...names, null]) found.set(name, [...(found.get(name) ?? []), await run(name, ms)]);
  }
  const of = (name: Limit | null) => found.get(name) ?? [];
  const ratio = (name: Limit) =>
    median(of(null).map((each, round) => each.perSecond / (of(name)[round]?.perSecond ?? 0)));
  return {
    product: middle(of(null)),
    limits: Object.fromEntries(
      names.map((name) => [name, { ...middle(of(name)), ratio: ratio(name) }]),
    ) as Outcomes<Limit>['limits'],
  };
}

function middle(all: readonly Outcome[]): Outcome {
  const of = (key: keyof Outcome) => median(all.map((each) => each[key]));
  return { perSecond: of('perSecond'), serverMs: of('serverMs'), databaseMs: of('databaseMs') };
}

/** Rates and CPU of the product and of each limit, and the product's part of each, with its bar. */
export function figuresOf<Limit extends string>(
  scenario: string,
  { product, limits }: Outcomes<Limit>,
  bars: Readonly<Record<Limit, number>>,
): Figure[] {
  const costs = (who: string, { perSecond, serverMs, databaseMs }: Outcome) => [
    plain(scenario, who, perSecond, 'requests/s'),
    plain(scenario, `${who}: server CPU`, serverMs, 'ms'),
    plain(scenario, `${who}: PostgreSQL CPU`, databaseMs, 'ms'),
  ];
  const names = Object.keys(limits) as Limit[];
  return [
    ...names.flatMap((name) => costs(name, limits[name])),
    ...costs('product', product),
    ...names.map((name) => atLeast(scenario, `of ${name}`, limits[name].ratio, '', bars[name])),
  ];
}
