import { randomUUID } from 'node:crypto';
import { Source } from '../entities/activity/event.js';
import { queueJobs } from '../jobs/index.js';
import { schedule } from '../jobs/schedule.js';
import { type Api, openApi } from './api.js';
import { everySessionTopic } from './auth/index.js';
import type { Config } from './config.js';
import type { Context, Subscriber } from './context.js';
import { type Clock, systemClock } from './platform/clock.js';
import type { Logger } from './platform/log.js';
import { RecurringRuns } from './platform/worker.js';
import { closeServices, openGateways, openServices } from './services.js';
import { subscribers as standardSubscribers } from './subscribers.js';

/** What an app does: one of them, or both in one process. */
export interface Roles {
  readonly api: boolean;
  readonly worker: boolean;
}

/** What may be put in another's place, in tests and in development. */
export interface Replacements {
  readonly clock?: Clock;
  readonly subscribers?: readonly Subscriber[];
}

/** A started app. */
export interface App {
  /** Where the API listens; null without that role. */
  readonly url: string | null;
  /** Takes nothing new, lets what runs finish within the configured time, disconnects. */
  close(): Promise<void>;
}

/**
 * The composition root: connects everything and starts the roles.
 * @throws when the database cannot be reached, has not been migrated, or the port is taken
 */
export async function startApp(
  config: Config,
  roles: Roles,
  log: Logger,
  { clock = systemClock, subscribers = standardSubscribers }: Replacements = {},
): Promise<App> {
  const services = await openServices(config, { clock, log, subscribers });
  const gateways = openGateways(config);
  const drainMs = config.DRAIN_SECONDS * 1_000;
  // Ours comes first: sockets that are told to ask again must not find an old verdict.
  services.doorbell.listen(everySessionTopic, () => services.tokens.forget());
  const newContext = (own: Partial<Context>): Context => ({
    user: null,
    source: Source.USER,
    clock,
    gateways,
    requestId: randomUUID(),
    log,
    signal: new AbortController().signal,
    services,
    socket: null,
    unit: null,
    loaders: new Map(),
    ...own,
  });
  let api: Api | null = null;
  try {
    api = roles.api ? await openApi(config, services, newContext) : null;
  } catch (error) {
    await closeServices(services, 0);
    throw error;
  }
  const recurring = new RecurringRuns(log, services.metrics);
  if (roles.worker) {
    const jobContext = () => newContext({ source: Source.SYSTEM });
    for (const { queue, run } of queueJobs) {
      services.queue.work({ queue, work: (data, attempt) => run(jobContext(), data, attempt) });
    }
    for (const job of schedule({ sweepSeconds: config.SWEEP_SECONDS })) {
      recurring.start({ ...job, run: () => job.run(jobContext()) });
    }
  }
  return {
    url: api?.url ?? null,
    close: async () => {
      await api?.drain();
      await services.liveTexts.drain(drainMs);
      await recurring.close();
      await api?.close();
      await closeServices(services, drainMs);
    },
  };
}
