import { randomUUID } from 'node:crypto';
import { Source } from '../entities/activity/event.js';
import { queueJobs } from '../jobs/index.js';
import { schedule } from '../jobs/schedule.js';
import { type Api, type Beside, openApi } from './api.js';
import type { Config } from './config.js';
import type { Context, Services, Subscriber } from './kernel/context.js';
import type { Clock } from './platform/clock.js';
import { DatabaseClock } from './platform/database-clock.js';
import type { Fault } from './platform/lifetime.js';
import type { Logger } from './platform/log.js';
import { MovableClock } from './platform/movable-clock.js';
import { RecurringRuns } from './platform/worker.js';
import { closeServices, openProviders, openServices } from './services.js';
import { subscribers as standardSubscribers } from './subscribers.js';

/** What an app does: one of them, or both in one process. */
export interface Roles {
  readonly api: boolean;
  readonly worker: boolean;
}

/** What may be put in another's place, in tests and in development. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** By which tokens are dated; `clock` when only that is given, else the database's: moving time signs nobody out. */
  readonly tokenClock?: Clock;
  readonly subscribers?: readonly Subscriber[];
  /** Outside production, for the pages that say where what is and try operations. */
  readonly beside?: Beside;
}

/** A started app. */
export interface App {
  /** Where the API listens; null without that role. */
  readonly url: string | null;
  /** Counts an error of the process that nobody handled. */
  countFault(fault: Fault): void;
  /** Takes nothing new, lets what runs finish within the configured time, disconnects. */
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
  config: Config,
  log: Logger,
  { clock: replacedClock, tokenClock: replacedTokenClock, subscribers = standardSubscribers }: AppOverrides = {},
): Promise<Core> {
  const databaseClock = new DatabaseClock();
  const movableClock = config.NODE_ENV === 'production' || replacedClock ? null : new MovableClock(databaseClock);
  const clock = replacedClock ?? movableClock ?? databaseClock;
  const tokenClock = replacedTokenClock ?? replacedClock ?? databaseClock;
  const services = await openServices(config, { databaseClock, tokenClock, movableClock, log, subscribers });
  const providers = openProviders(config);
  return {
    services,
    newContext: (own) => ({
      actor: null,
      // A person acts for the account of their own.
      accountId: own.actor?.kind === 'PERSON' ? own.actor.id : null,
      source: Source.USER,
      clock,
      providers,
      requestId: randomUUID(),
      client: null,
      log,
      signal: new AbortController().signal,
      services,
      socket: null,
      follows: false,
      unit: null,
      loaders: new Map(),
      ...own,
    }),
    close: (drainMs) => closeServices(services, drainMs),
  };
}

/** What a job may use: nobody asks, the system does it. */
export function jobContext({ newContext }: Core): Context {
  return newContext({ actor: { kind: 'SYSTEM', id: 'system' }, source: Source.SYSTEM });
}

/** The same for what somebody does by hand who runs the product. */
export function operatorContext({ newContext }: Core): Context {
  return newContext({ actor: { kind: 'OPERATOR', id: 'operator' }, source: Source.SYSTEM });
}

/**
 * The composition root: connects everything and starts the roles.
 * @throws when the database cannot be reached, has not been migrated, or the port is taken
 */
export async function startApp(
  config: Config,
  roles: Roles,
  log: Logger,
  replacements: AppOverrides = {},
): Promise<App> {
  const core = await openCore(config, log, replacements);
  const { services } = core;
  const drainMs = config.DRAIN_SECONDS * 1_000;
  const { beside = { places: [], sampleToken: () => null } } = replacements;
  let api: Api | null = null;
  try {
    api = roles.api ? await openApi(config, services, core.newContext, beside) : null;
  } catch (error) {
    await core.close(0);
    throw error;
  }
  const recurring = new RecurringRuns(log, services.metrics);
  if (roles.worker) {
    for (const { queue, run } of queueJobs) {
      services.queue.work({ queue, work: (data, attempt) => run(jobContext(core), data, attempt) });
    }
    for (const job of schedule({ sweepSeconds: config.SWEEP_SECONDS })) {
      recurring.start({ ...job, run: () => job.run(jobContext(core)) });
    }
    services.movableClock?.onMoved(() => recurring.runNow());
  }
  return {
    url: api?.url ?? null,
    countFault: (fault) => services.metrics.faults.inc({ fault }),
    close: async () => {
      await api?.drain();
      await services.liveTexts.drain(drainMs);
      await recurring.close();
      await core.close(drainMs);
    },
  };
}
