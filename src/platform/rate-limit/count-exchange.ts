import { Batches } from '../batches.js';
import type { LiveProcesses } from '../live-processes.js';
import { unavailable } from '../unavailable.js';
import type { CountStore } from './count-store.js';
import type { Window } from './window.js';

/** What all processes together may let through beyond a limit, as a part of it. */
const tolerance = 0.1;
/** How long a request waits for the shared count; then its process decides alone, until the database is back. */
const patienceMs = 1_000;
/** Requests that may wait for it in a process; whoever comes then is decided by the process alone. */
const maxWaiting = 1_000;
const batchOptions = { coalesceMs: 3, maxKeys: 500, maxBatches: 100 };
/** How long after an exchange past rows are deleted, when its own are among them, and how many by one statement. */
const sweepAfterMs = 61_000;
const rowsPerSweep = 2_000;

/**
 * Exchanges counts of limits with the other processes, by way of the database and behind the requests. Each process may
 * let through its free share of a limit before it has told the others, so that together they let through at most a tenth
 * more than the limit, and refuse nobody below it. A process alone has nobody to tell.
 */
export class CountExchange {
  readonly #batches = new Batches<Window>((windows) => this.#exchange(windows), batchOptions);
  readonly #listeners: (() => void)[] = [];
  #waiting = 0;
  #exchangedAt = Number.NEGATIVE_INFINITY;
  #sweep: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> | null = null;

  constructor(
    private readonly processes: LiveProcesses,
    private readonly store: CountStore,
  ) {
    processes.onChange(() => {
      for (const listener of this.#listeners) listener();
    });
  }

  /** How much of a key's limit this process may have let through without having told the others. */
  freeShareOf(perMinute: number): number {
    const { others } = this.processes;
    return others === 0 ? Number.POSITIVE_INFINITY : Math.floor((tolerance * perMinute) / others);
  }

  /** Calls `listener` when free shares have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Tells the others what a window owes, soon. */
  tell(window: Window): void {
    void this.#batches.add(window);
  }

  /** Resolves when the window has been told and has heard of the others: true; false when that takes too long. */
  async hear(window: Window): Promise<boolean> {
    if (this.#waiting >= maxWaiting) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => {
      this.processes.noteAway(unavailable('The database did not count in time.'));
      resolve(false);
    }, patienceMs);
    this.#waiting += 1;
    this.#batches.add(window).then(
      () => resolve(true),
      () => resolve(false),
    );
    return promise.finally(() => {
      this.#waiting -= 1;
      clearTimeout(timer);
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#batches.settled();
    await this.#sweeping;
    if (this.#sweep) clearTimeout(this.#sweep);
  }

  async #exchange(batch: readonly Window[]): Promise<void> {
    const windows = current(batch);
    if (windows.length === 0) return;
    try {
      const debts = windows.map(({ debt }) => debt);
      const counts = await this.store.exchange(windows);
      windows.forEach((window, index) => {
        const count = counts[index];
        if (count) window.hear(debts[index] ?? 0, count);
      });
    } catch (error) {
      this.processes.noteAway(error);
      throw error;
    }
    this.#exchangedAt = performance.now();
    this.#sweepLater();
  }

  #sweepLater(): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweeping = this.#deletePast();
    }, sweepAfterMs).unref();
  }

  async #deletePast(): Promise<void> {
    this.#sweep = null;
    if (performance.now() - this.#exchangedAt < sweepAfterMs) this.#sweepLater();
    try {
      while ((await this.store.deletePast(rowsPerSweep)) === rowsPerSweep);
    } catch (error) {
      this.processes.noteAway(error);
    }
  }
}

/** The windows that still count, one of each key: the last, since a key that was forgotten meanwhile has a new one. */
function current(windows: readonly Window[]): Window[] {
  const now = performance.now();
  const byKey = new Map(windows.map((window) => [`${window.terms.name} ${window.key}`, window]));
  return [...byKey.values()].filter(({ endsAt }) => endsAt > now);
}
