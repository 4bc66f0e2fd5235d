import { randomUUID } from 'node:crypto';
import { Source } from '../entities/activity/event.js';
import { queueJobs } from '../jobs/index.js';
import { schedule } from '../jobs/schedule.js';
import { type Api, type ApiPeriods, type Beside, openApi } from './api.js';
import type { ConfigOf } from './config.js';
import { filePurposes as standardFilePurposes } from './file-purposes.js';
import type { FilePurpose } from './files/index.js';
import type { OperationsRouteOptions } from './http/operations.js';
import type { Context, Services, Subscriber } from './kernel/context.js';
import { type OperationsPort, openOperationsPort } from './operations-port.js';
import type { Clock } from './platform/clock.js';
import { lastAnswerOf } from './platform/database/answers.js';
import { isWritable } from './platform/database/writable.js';
import { DatabaseClock } from './platform/database-clock.js';
import type { Fault } from './platform/lifetime.js';
import { BoundLog, type Logger } from './platform/log.js';
import { MovableClock } from './platform/movable-clock.js';
import { observeQueues } from './platform/queue/queue-depth.js';
import { Readiness } from './platform/readiness.js';
import { RecurringRuns } from './platform/worker.js';
import { openProviders, type Roles } from './providers.js';
import { closeServices, openServices } from './services.js';
import { subscribers as standardSubscribers } from './subscribers.js';

/** What may be put in another's place, in tests and in development. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** By which tokens are dated; `clock` when only that is given, else the database's: moving time signs nobody out. */
  readonly tokenClock?: Clock;
  readonly subscribers?: readonly Subscriber[];
  /** What files are kept for. */
  readonly filePurposes?: readonly FilePurpose[];
  /** Outside production, for the pages that say where what is and try operations. */
  readonly beside?: Beside;
  readonly periods?: ApiPeriods;
}

/** A started app. */
export interface App {
  /** Where the API listens; null without that role. */
  readonly url: string | null;
  /** Where probes and metrics are; null when that port is off. */
  readonly operationsUrl: string | null;
  /** Counts an error of the process that nobody handled. */
  countFault(fault: Fault): void;
  /** Takes nothing new, lets what runs finish within the configured time, disconnects. Once, however often it is asked. */
  close(): Promise<void>;
}

/** The machinery, connected, without any role. */
export interface Core {
  readonly services: Services;
  /** What an operation may use; `own` says what is particular to it. */
  newContext(own: Partial<Context>): Context;
  /** Disconnects, once the jobs that run have had this long to finish. */
  close(drainMs: number): Promise<void>;
}

/**
 * Connects everything and starts nothing: for work that is done by hand, and for the app.
 * @throws when the database cannot be reached or has not been migrated
 */
export async function openCore(
  config: ConfigOf<'admin'>,
  roles: Roles,
  log: Logger,
  { clock: replacedClock, tokenClock: replacedTokenClock, subscribers = standardSubscribers }: AppOverrides = {},
): Promise<Core> {
  const databaseClock = new DatabaseClock();
  const movableClock = config.NODE_ENV === 'production' || replacedClock ? null : new MovableClock(databaseClock);
  const clock = replacedClock ?? movableClock ?? databaseClock;
  const tokenClock = replacedTokenClock ?? replacedClock ?? databaseClock;
  const isRunning = roles.api !== null || roles.worker !== null;
  const services = await openServices(config, roles.api, {
    ...{ databaseClock, tokenClock, movableClock, log, subscribers, isRunning },
  });
  const providers = openProviders(roles, clock);
  const newContext = ({ requestId = randomUUID(), ...own }: Partial<Context>): Context => {
    // A person acts for the account of their own.
    const accountId = own.actor?.kind === 'PERSON' ? own.actor.id : null;
    return {
      actor: null,
      accountId,
      source: Source.USER,
      clock,
      providers,
      requestId,
      client: null,
      log: new BoundLog(log, accountId === null ? { requestId } : { requestId, account: accountId }),
      signal: own.signal ?? new AbortController().signal,
      services,
      socket: null,
      follows: false,
      unit: null,
      begun: null,
      learnt: null,
      loaders: new Map(),
      ...own,
    };
  };
  return { services, newContext, close: (drainMs) => closeServices(services, drainMs) };
}

/** What a job may use: nobody asks, the system does it. */
export function jobContext({ newContext }: Core, requestId: string = randomUUID()): Context {
  return newContext({ requestId, actor: { kind: 'SYSTEM', id: 'system' }, source: Source.SYSTEM });
}

/** The same for what somebody does by hand who runs the product. @param name as whom the record has them */
export function operatorContext({ newContext }: Core, name: string): Context {
  return newContext({ actor: { kind: 'OPERATOR', id: 'operator', name }, source: Source.SYSTEM });
}

/** How much of the time in which a process drains the runs of models have. */
const runsShare = 0.9;

/** Where only the app runs. */
const nothingBeside: Beside = { places: [], sampleToken: () => null };

/**
 * The composition root: connects everything and starts the roles.
 * @throws when the database cannot be reached, has not been migrated, or the port is taken
 */
export async function startApp(
  config: ConfigOf<'api'> | ConfigOf<'worker'>,
  roles: Roles,
  log: Logger,
  replacements: AppOverrides = {},
): Promise<App> {
  const core = await openCore(config, roles, log, replacements);
  const { services } = core;
  const drainMs = config.DRAIN_SECONDS * 1_000;
  const { beside = nothingBeside, periods = {}, filePurposes = standardFilePurposes } = replacements;
  const operations = await operationsOf(config, roles, services);
  let api: Api | null = null;
  let operationsPort: OperationsPort | null = null;
  try {
    operationsPort = await openOperationsPort(config, operations.routes, services, log);
    api = roles.api
      ? await openApi(roles.api, services, {
          ...core,
          log,
          beside,
          periods,
          filePurposes,
          operations: operations.routes,
        })
      : null;
  } catch (error) {
    await operationsPort?.close();
    await core.close(0);
    throw error;
  }
  const recurring = new RecurringRuns(log, services.metrics);
  if (roles.worker) startWork(core, recurring, roles.worker);
  let closing: Promise<void> | null = null;
  const close = async () => {
    operations.drain();
    // Runs end somewhat before connections are cut: whoever waits for one is answered.
    await Promise.all([api?.drain(), services.liveTexts.drain(drainMs * runsShare)]);
    // Those that a request has begun meanwhile.
    await services.liveTexts.drain(0);
    await recurring.close();
    await core.close(drainMs);
    // Last: whoever looks whether the process lives must not end it while it drains.
    await operationsPort?.close();
  };
  return {
    url: api?.url ?? null,
    operationsUrl: operationsPort?.url ?? null,
    countFault: (fault) => services.metrics.faults.inc({ fault }),
    close: () => (closing ??= close()),
  };
}

/** The worker role: queues and recurring jobs. */
function startWork(core: Core, recurring: RecurringRuns, { SWEEP_SECONDS }: ConfigOf<'worker'>): void {
  const { queue, movableClock } = core.services;
  for (const job of queueJobs) {
    queue.work({
      queue: job.queue,
      fieldsOf: job.fieldsOf,
      work: (data, attempt) => job.run(jobContext(core), data, attempt),
    });
  }
  for (const job of schedule({ sweepSeconds: SWEEP_SECONDS })) {
    recurring.start({ ...job, run: (requestId) => job.run(jobContext(core, requestId)) });
  }
  movableClock?.onMoved(() => recurring.runNow());
}

/** What both ports say of this process, until it drains. */
async function operationsOf(
  { METRICS_TOKEN }: Pick<ConfigOf<'worker'>, 'METRICS_TOKEN'>,
  roles: Roles,
  { orm, queue, metrics }: Services,
): Promise<{ readonly routes: OperationsRouteOptions; drain(): void }> {
  const pool = await orm.em.getConnection().getNativeClient();
  if (roles.worker) {
    observeQueues(
      metrics,
      queue,
      queueJobs.map((job) => job.queue.name),
    );
  }
  const readiness = new Readiness(
    async () => {
      if (!(await isWritable(pool))) return 'The database takes no writes.';
      if (roles.worker) await queue.ask('select 1');
      return null;
    },
    () => lastAnswerOf(pool),
  );
  let isDraining = false;
  return {
    drain: () => {
      isDraining = true;
    },
    routes: {
      metricsToken: METRICS_TOKEN,
      whyNotReady: async () => (isDraining ? 'The server is shutting down.' : readiness.whyNot()),
      metrics: async () => ({
        contentType: metrics.registry.contentType,
        text: await metrics.registry.metrics(),
      }),
    },
  };
}
