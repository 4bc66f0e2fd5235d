import { PgBoss } from 'pg-boss';
import type { Logger } from '../log.js';

/** Runs a statement on the caller's own transaction, with `$1` placeholders. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;

/** A queue's contract: what a job carries and how it is repeated. Its work is registered apart from it. */
export interface QueueDefinition {
  readonly name: string;
  readonly retryLimit: number;
  readonly retryDelaySeconds: number;
  /** After this long a running job counts as lost and runs again. */
  readonly expireInSeconds: number;
}

/** What a worker does with one job's data; it parses it itself, since data is what some older version wrote. */
export interface JobHandler {
  readonly queue: QueueDefinition;
  work(data: unknown, jobId: string): Promise<void>;
}

/**
 * Jobs are found by polling: a worker that is notified looks for delayed jobs (retries) only every 30 s or so.
 * A queue that must start within milliseconds will want `notify` for itself.
 */
const pollingIntervalSeconds = 0.5;

/** The job queue: pg-boss on the direct connection. Jobs are sent within the caller's transaction. */
export class Queue {
  readonly #boss: PgBoss;

  constructor(url: string, log: Logger) {
    this.#boss = new PgBoss({
      connectionString: url,
      max: 3,
      application_name: 'perpetua-flow queue',
      schedule: false,
      migrate: false,
    });
    this.#boss.on('error', (error) => log.error({ error }, 'queue'));
  }

  /** Makes or upgrades the queue's own tables; belongs to the migrate role. */
  static async migrate(url: string, queues: readonly QueueDefinition[]): Promise<void> {
    const boss = new PgBoss({ connectionString: url, max: 2, schedule: false, supervise: false });
    boss.on('error', () => undefined);
    await boss.start();
    for (const queue of queues) await Queue.#define(boss, queue);
    await boss.stop({ graceful: false });
  }

  static async #define(boss: PgBoss, { name, ...settings }: QueueDefinition): Promise<void> {
    const options = {
      retryLimit: settings.retryLimit,
      retryDelay: settings.retryDelaySeconds,
      retryBackoff: true,
      expireInSeconds: settings.expireInSeconds,
    };
    if (await boss.getQueue(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, options);
  }

  /** Connects. @throws when the tables are missing or older than the code: the migrate role must run first. */
  async open(): Promise<void> {
    await this.#boss.start();
  }

  /** Adds a job in the transaction behind `executeSql`: it exists only if that commits. */
  async send(queue: QueueDefinition, data: object, executeSql: ExecuteSql): Promise<void> {
    await this.#boss.send(queue.name, data, { db: { executeSql } });
  }

  /** Starts working a queue off. */
  async work({ queue, work }: JobHandler): Promise<void> {
    await this.#boss.work(queue.name, { pollingIntervalSeconds, batchSize: 10 }, async (jobs) => {
      for (const job of jobs) await work(job.data, job.id);
    });
  }

  /** Lets running jobs finish for at most `timeoutMs`, then disconnects. */
  async close(timeoutMs: number): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: timeoutMs });
  }
}
