import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Fault } from './lifetime.js';

/** What the process counts, in Prometheus' terms. One set per app, so that two apps in a process do not collide. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the registry and everything in it. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    operations: new Histogram({
      name: 'graphql_operation_seconds',
      help: 'Duration of GraphQL operations.',
      labelNames: ['transport', 'type', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5],
      registers,
    }),
    apiProcesses: new Gauge({
      name: 'api_processes',
      help: 'Processes of the API that share limits, as this one knows; 1 while the database is away.',
      registers,
    }),
    sockets: new Gauge({ name: 'graphql_sockets', help: 'Open WebSockets.', registers }),
    subscriptions: new Gauge({ name: 'graphql_subscriptions', help: 'Running subscriptions.', registers }),
    refusals: new Counter({
      name: 'requests_refused_total',
      help: 'Requests refused before execution.',
      labelNames: ['code'],
      registers,
    }),
    subscriberFailures: new Counter({
      name: 'event_subscriber_failures_total',
      help: 'Event subscribers that failed and were handed to a job.',
      labelNames: ['subscriber'],
      registers,
    }),
    faults: faultCounter(registry),
    documentCacheBytes: new Gauge({
      name: 'graphql_document_cache_bytes',
      help: 'What read documents and compiled operations keep in memory, as reckoned.',
      labelNames: ['cache'],
      registers,
    }),
    jobs: new Histogram({
      name: 'job_seconds',
      help: 'Duration of jobs.',
      labelNames: ['job', 'outcome'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
    ruleEvaluations: new Counter({
      name: 'recurrence_rules_evaluated_total',
      help: 'Recurrence rules whose next dates were worked out for a reader.',
      registers,
    }),
    answers: new Counter({
      name: 'assistant_answers_total',
      help: 'Assistant answers by how they ended.',
      labelNames: ['state'],
      registers,
    }),
    firstToken: new Histogram({
      name: 'assistant_first_token_seconds',
      help: "From the request to the provider's first token.",
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
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
