import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { gaugeOnScrape, type Metrics } from '../metrics.js';
import type { Queue } from './queue.js';

/** What is known of a queue at one moment. */
const Depth = z.object({
  name: z.string(),
  due: z.number(),
  delayed: z.number(),
  /** How long the job waits that has been due longest. */
  oldestSeconds: z.number(),
});
type Depth = z.infer<typeof Depth>;

/** Jobs of a queue that are counted: what is beyond costs more to count than it says. */
const maxCounted = 10_000;
/** A scrape waits no longer for the database. */
const patienceMs = 1_000;
/** What was found answers all gauges of a scrape. */
const freshMs = 1_000;

// By the index that pg-boss finds jobs by.
const text = `
  select queue.name, counted.* from unnest($1::text[]) as queue (name), lateral (
    select count(*) filter (where start_after <= now())::int as due,
      count(*) filter (where start_after > now())::int as delayed,
      coalesce(extract(epoch from now() - min(start_after) filter (where start_after <= now())), 0)::float8
        as "oldestSeconds"
    from (
      select start_after from pgboss.job where name = queue.name and state < 'active' and not blocked
      order by priority desc, created_on limit ${maxCounted}
    ) as job
  ) as counted`;

/** What waits in these queues. @throws when the database does not answer */
export async function readDepths(queue: Queue, names: readonly string[]): Promise<Depth[]> {
  return z.array(Depth).parse(await queue.ask(text, [names]));
}

/** Has whoever scrapes see what waits in these queues. While the database does not answer, nothing is said of them. */
export function observeQueues(metrics: Metrics, queue: Queue, names: readonly string[]): void {
  const depths = new Depths(queue, names);
  gaugeOnScrape(
    metrics,
    {
      name: 'queue_jobs',
      help: `Jobs that no worker has taken yet, ${maxCounted} of a queue at most: due now, or delayed until later.`,
      labelNames: ['queue', 'state'],
    },
    async () =>
      (await depths.read()).flatMap(({ name, due, delayed }) => [
        { labels: { queue: name, state: 'due' }, value: due },
        { labels: { queue: name, state: 'delayed' }, value: delayed },
      ]),
  );
  gaugeOnScrape(
    metrics,
    {
      name: 'queue_oldest_job_seconds',
      help: 'How long the job has been due that waits longest; 0 when none does.',
      labelNames: ['queue'],
    },
    async () =>
      (await depths.read()).map(({ name, oldestSeconds }) => ({ labels: { queue: name }, value: oldestSeconds })),
  );
}

/** Asks once at a time, however many scrape: a database that is stuck must not collect questions. */
class Depths {
  #asking: Promise<readonly Depth[]> | null = null;
  #found: readonly Depth[] = [];
  #foundAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly queue: Queue,
    private readonly names: readonly string[],
  ) {}

  /** Nothing when there is no answer in time. */
  async read(): Promise<readonly Depth[]> {
    if (performance.now() - this.#foundAt < freshMs) return this.#found;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    const timer = new AbortController();
    const late = pause<readonly Depth[]>(patienceMs, [], { signal: timer.signal, ref: false }).catch(() => []);
    return Promise.race([this.#asking, late]).finally(() => timer.abort());
  }

  /** Why there is no answer is in the log of whoever works the queue off. */
  async #ask(): Promise<readonly Depth[]> {
    try {
      this.#found = await readDepths(this.queue, this.names);
      this.#foundAt = performance.now();
      return this.#found;
    } catch {
      return [];
    }
  }
}
