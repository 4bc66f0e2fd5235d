import { randomUUID } from 'node:crypto';
import { Failures } from './failures.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';

/** Something to be done again and again. */
interface Recurring {
  readonly name: string;
  readonly everySeconds: number;
  /** @param requestId names this run in the log, and in what follows from it */
  run(requestId: string): Promise<void>;
}

/** Runs recurring jobs: at once, then at their intervals, one run of each at a time. */
export class RecurringRuns {
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #starts: (() => void)[] = [];

  constructor(
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** Starts one. Why a run failed is logged, once in a row; the next one works off what it left. */
  start(job: Recurring): void {
    const failures = new Failures(this.log);
    let running = false;
    let again = false;
    const run = async () => {
      running = true;
      const requestId = randomUUID();
      const startedAt = performance.now();
      let outcome = 'ok';
      try {
        await job.run(requestId);
        failures.clear();
      } catch (error) {
        outcome = 'failed';
        failures.note(error, { requestId, job: job.name }, 'a recurring job failed');
      } finally {
        running = false;
        this.metrics.jobs.observe({ job: job.name, outcome }, (performance.now() - startedAt) / 1_000);
      }
    };
    const track = () => {
      if (running) return;
      const current = run().finally(() => {
        this.#running.delete(current);
        if (again) {
          again = false;
          track();
        }
      });
      this.#running.add(current);
    };
    track();
    this.#timers.push(setInterval(track, job.everySeconds * 1_000));
    this.#starts.push(() => {
      again = running;
      track();
    });
  }

  /** Starts a run of each now, after the one that is under way: time was moved, and much may be due. */
  runNow(): void {
    for (const start of this.#starts) start();
  }

  /** Starts no more runs and waits for those that are under way. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#starts.length = 0;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
