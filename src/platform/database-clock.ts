import type { Clock } from './clock.js';
import type { RunStatement } from './database/rows.js';
import { Failures } from './failures.js';
import type { Logger } from './log.js';

/** How often a process looks what time it is at the database: after a sleeping machine woke up, for instance. */
const lookEveryMs = 5_000;

/**
 * The database's clock, which all processes share: what one of them stores, another compares with its own time. It runs
 * on with this process's monotonic clock, so that nobody who sets the machine's clock moves it.
 */
export class DatabaseClock implements Clock {
  /** The database's time, in milliseconds since 1970, when the monotonic clock stood at 0; the machine's until asked. */
  #originMs = performance.timeOrigin;
  #timer: NodeJS.Timeout | null = null;

  now(): Date {
    return new Date(this.#originMs + performance.now());
  }

  /** Asks the database. What it answers is good to half of what asking took: within that, nothing changes. */
  async read(runStatement: RunStatement): Promise<void> {
    const askedAt = performance.now();
    const [row] = await runStatement<{ ms: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
      [],
    );
    if (!row) throw new Error('The database did not say what time it is.');
    const halfMs = (performance.now() - askedAt) / 2;
    const originMs = row.ms - askedAt - halfMs;
    if (Math.abs(originMs - this.#originMs) > halfMs) this.#originMs = originMs;
  }

  /** Calls `look` at once and then every 5 s, which asks the database; a look that fails changes nothing. */
  async follow(look: () => Promise<void>, log: Logger): Promise<void> {
    await look();
    const failures = new Failures(log);
    const again = () =>
      look().then(
        () => failures.clear(),
        (error: unknown) => failures.note(error, {}, 'the time was not asked'),
      );
    this.#timer = setInterval(() => void again(), lookEveryMs).unref();
  }

  /** Asks no more. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}
