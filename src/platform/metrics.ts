import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Build } from './build.js';
import type { Fault } from './lifetime.js';
import { DefinedMetrics, type MetricDefinition } from './metric-definitions.js';

/** What the process counts, in Prometheus' terms. One set per app, so that two apps in a process do not collide. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the registry and everything in it; `definitions` are what the domains count. */
export function createMetrics(definitions: readonly MetricDefinition[] = []) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    defined: new DefinedMetrics(registry, definitions),
    operations: new Histogram({
      name: 'graphql_operation_seconds',
      help: 'Duration of GraphQL operations. Only trusted documents have their operation named.',
      labelNames: ['transport', 'type', 'operation', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5],
      registers,
    }),
    sockets: new Gauge({ name: 'graphql_sockets', help: 'Open WebSockets and event streams.', registers }),
    subscriptions: new Gauge({ name: 'graphql_subscriptions', help: 'Running subscriptions.', registers }),
    refusals: new Counter({
      name: 'requests_refused_total',
      help: 'Requests refused before execution.',
      labelNames: ['code'],
      registers,
    }),
    faults: faultCounter(registry),
    jobs: new Histogram({
      name: 'job_seconds',
      help: 'Duration of runs of recurring jobs and of jobs of queues.',
      labelNames: ['job', 'outcome'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
    lineUp: new Gauge({
      name: 'doorbell_line_up',
      help: 'Whether the line to the other processes is connected.',
      registers,
    }),
    lineReconnects: new Counter({
      name: 'doorbell_line_reconnects_total',
      help: 'Connections of the line that were made anew.',
      registers,
    }),
    notifications: new Counter({
      name: 'doorbell_notifications_total',
      help: 'Notifications that went over the line, each with up to 150 topics.',
      labelNames: ['direction'],
      registers,
    }),
  };
}

/** One value of a gauge. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Adds a gauge that is read when somebody scrapes. What `read` does not know is left out, an empty list leaves out all:
 * a scrape answers the rest. `read` must not throw.
 */
export function gaugeOnScrape(
  { registry }: Pick<Metrics, 'registry'>,
  { name, help, labelNames = [] }: { name: string; help: string; labelNames?: readonly string[] },
  read: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const samples = await read();
      this.reset();
      for (const { labels, value } of samples) this.set(labels, value);
    },
  });
}

/** Says which build runs, as a gauge that is always 1. */
export function addBuildInfo(metrics: Metrics, { version, commit }: Build): void {
  const labels = { version, commit, node: process.version };
  const definition = {
    name: 'build_info',
    help: 'The build that runs; always 1.',
    labelNames: ['version', 'commit', 'node'],
  };
  gaugeOnScrape(metrics, definition, () => [{ labels, value: 1 }]);
}

/** Each fault is there with 0 from the start: a rate has nothing to begin from otherwise. */
function faultCounter(registry: Registry): Counter<'fault'> {
  const counter = new Counter({
    name: 'process_faults_total',
    help: 'Errors that nobody handled: rejected promises, and exceptions, after which the process ends.',
    labelNames: ['fault'],
    registers: [registry],
  });
  const faults: readonly Fault[] = ['unhandled_rejection', 'uncaught_exception'];
  for (const fault of faults) counter.inc({ fault }, 0);
  return counter;
}
