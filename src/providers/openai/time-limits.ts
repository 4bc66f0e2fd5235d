import { Standstill } from '../../platform/standstill.js';
import type { TimeOptions } from './options.js';

/** How long one answer may take. The limit that runs out aborts the request upstream and is the reason given. */
export class TimeLimits {
  readonly #upstream = new AbortController();
  readonly #total: NodeJS.Timeout;
  readonly #first: NodeJS.Timeout;
  readonly #idleMs: number;
  readonly #standstill = new Standstill();
  #idle: NodeJS.Timeout | null = null;
  /** A reader who takes long with a piece is no silence of the provider's. */
  #isWaiting = true;

  constructor({ firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs }: TimeOptions) {
    this.#total = setTimeout(() => this.#giveUp('The answer took too long in total.'), totalTimeoutMs);
    this.#first = this.#limit(firstTokenTimeoutMs, 'The first piece did not come in time.');
    this.#idleMs = idleTimeoutMs;
  }

  /** Aborts when a limit has run out, or nothing more is wanted. */
  get signal(): AbortSignal {
    return this.#upstream.signal;
  }

  /** A piece came. */
  pause(): void {
    this.#isWaiting = false;
  }

  /** The next piece is waited for; one timer is wound up again for each, since making one costs more. */
  resume(): void {
    this.#isWaiting = true;
    if (this.#idle) {
      this.#idle.refresh();
      return;
    }
    clearTimeout(this.#first);
    this.#idle = this.#limit(this.#idleMs, 'The next piece did not come in time.');
  }

  /** Nothing more is wanted: aborts the request when it still runs. */
  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#first);
    if (this.#idle) clearTimeout(this.#idle);
    this.#standstill.close();
    this.#upstream.abort();
  }

  /** What came while this process stood still has not been read yet: the time begins anew. */
  #limit(ms: number, reason: string): NodeJS.Timeout {
    const timer = setTimeout(() => {
      if (!this.#isWaiting) return;
      if (this.#standstill.endedAt > performance.now() - ms) timer.refresh();
      else this.#giveUp(reason);
    }, ms);
    return timer;
  }

  #giveUp(reason: string): void {
    this.#upstream.abort(new Error(reason));
  }
}
