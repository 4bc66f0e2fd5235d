import { PgBoss } from 'pg-boss';
import type { Logger } from '../log.js';
import { logFailure } from '../unavailable.js';
import { type JobHandler, type QueueDefinition, QueueWorker } from './queue-worker.js';

/** Runs a statement on the caller's own transaction, with `$1` placeholders. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;

/** The job queue: pg-boss on the direct connection. Jobs are sent within the caller's transaction. */
export class Queue {
  readonly #boss: PgBoss;
  readonly #workers: QueueWorker[] = [];

  constructor(
    url: string,
    private readonly log: Logger,
  ) {
    this.#boss = new PgBoss({
      connectionString: url,
      max: 3,
      application_name: 'perpetua-flow queue',
      schedule: false,
      migrate: false,
    });
    this.#boss.on('error', (error) => logFailure(log, error, {}, 'the queue failed'));
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
  work(handler: JobHandler): void {
    this.#workers.push(new QueueWorker(this.#boss, handler, this.log));
  }

  /** Lets running jobs finish for at most `timeoutMs`, then disconnects. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(timeoutMs)));
    await this.#boss.stop({ graceful: true, timeout: timeoutMs });
  }
}
