import { PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { logFailure } from '../unavailable.js';
import { type JobFilter, jobsStatement, QueuedJob } from './queue-jobs.js';
import { type JobHandler, type QueueDefinition, QueueWorker } from './queue-worker.js';

/** Runs a statement on the caller's own transaction, with `$1` placeholders. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;

/** A job whose worker said nothing for this long is lost and runs again; pg-boss takes no less. */
const heartbeatTimeoutSeconds = 10;
const connectTimeoutMs = 5_000;
const askTimeoutMs = 3_000;
/** What has ended is deleted this far apart. */
const cleanUpEverySeconds = 3_600;

/** How soon a job is missed whose worker died. */
export interface Supervision {
  /** A worker says this often that it lives, while jobs run. */
  readonly heartbeatMs: number;
  /** Between two looks for jobs that are lost, by whichever process comes first. */
  readonly lookEverySeconds: number;
}

/** With the timeout, the first delay of a retry and polling: some 23 s at most from a death to the next attempt. */
const usualSupervision: Supervision = { heartbeatMs: 3_000, lookEverySeconds: 10 };

/** The job queue: pg-boss on the direct connection. Jobs are sent within the caller's transaction. */
export class Queue {
  readonly #boss: PgBoss;
  readonly #workers: QueueWorker[] = [];

  constructor(
    url: string,
    private readonly log: Logger,
    private readonly metrics: Metrics,
    /** Null in what somebody runs by hand: that looks for no jobs that are lost, and does not clean up. */
    private readonly supervision: Supervision | null = usualSupervision,
  ) {
    const { lookEverySeconds } = supervision ?? usualSupervision;
    this.#boss = new PgBoss({
      connectionString: url,
      max: 3,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'perpetua-flow queue',
      schedule: false,
      supervise: supervision !== null,
      migrate: false,
      superviseIntervalSeconds: lookEverySeconds,
      monitorIntervalSeconds: lookEverySeconds,
      maintenanceIntervalSeconds: cleanUpEverySeconds,
    });
    this.#boss.on('error', (emitted) => logFailure(log, asError(emitted), {}, 'the queue failed'));
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
      heartbeatSeconds: heartbeatTimeoutSeconds,
      ...(settings.keepSeconds === undefined ? {} : { deleteAfterSeconds: settings.keepSeconds }),
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
    const { heartbeatMs } = this.supervision ?? usualSupervision;
    this.#workers.push(new QueueWorker(this.#boss, handler, this.log, this.metrics, heartbeatMs));
  }

  /** Jobs that have not ended, or have failed, the oldest first. @throws as `ask` does */
  async find(filter: JobFilter): Promise<QueuedJob[]> {
    const { text, values } = jobsStatement(filter);
    return z.array(QueuedJob).parse(await this.ask(text, values));
  }

  /** Has failed jobs of a queue run once more, in the transaction behind `executeSql`. Answers how many that were. */
  async retry(queue: string, ids: readonly string[], executeSql: ExecuteSql): Promise<number> {
    const answer: unknown = await this.#boss.retry(queue, [...ids], { db: { executeSql } });
    return Retried.parse(answer).affected;
  }

  /** Asks the database something on the queue's own connections. @throws when they are gone, or silent for 3 s */
  async ask(text: string, values: unknown[] = []): Promise<unknown[]> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('The queue does not answer.')), askTimeoutMs);
    const asked = this.#boss.getDb().executeSql(text, values);
    const { rows } = await Promise.race([asked, late]).finally(() => clearTimeout(timer));
    return rows;
  }

  /** Lets running jobs finish for at most `timeoutMs`, then disconnects. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(timeoutMs)));
    await this.#boss.stop({ graceful: true, timeout: timeoutMs });
  }
}

/** Of what pg-boss answers to a retry, which its types do not say. */
const Retried = z.object({ affected: z.number() });

/** pg-boss hands on copies of errors that are none to Node. */
function asError(emitted: object): Error {
  if (emitted instanceof Error) return emitted;
  return Object.assign(new Error('message' in emitted ? String(emitted.message) : 'The queue says no more.'), emitted);
}
