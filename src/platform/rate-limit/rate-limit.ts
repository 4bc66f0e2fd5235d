import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../kernel/errors.js';
import { counted } from '../../kernel/text.js';
import { recentlyUsed } from '../recently-used.js';
import type { Allowance } from './allowance.js';
import type { CountExchange } from './count-exchange.js';
import { type LimitTerms, Window } from './window.js';

const windowMs = 60_000;
/**
 * Some 5 MB. The key that was not used for longest is forgotten: whoever comes from that many addresses is not stopped
 * by a limit for each, but cannot fill the memory either.
 */
const maxKeys = 20_000;

/** Refusals of a window that are given at once: a client reads from the first when to come again. */
const promptRefusals = 20;
/** How long whoever goes on regardless waits for each of the others. */
const lateMs = 1_000;
/** Requests that may wait for that in a process: each holds a connection. */
const maxHeld = 1_000;
/** How often a request hears of the others before its process decides alone: others may have used what it waited for. */
const maxRounds = 3;

/** What is counted, as refusals say it, and what to do about one. */
interface Words {
  readonly what?: string;
  readonly advice?: string;
}

/**
 * A number of requests a minute for each key, in all processes together, at most a tenth more. A request is decided from
 * memory as long as this process has told the others of all but its free share (`CountExchange`); only one beyond that
 * waits for a moment, until it has.
 */
export class RateLimit {
  static #held = 0;
  readonly #windows = recentlyUsed<Window>(maxKeys);

  /** @param exchange null for what no other process counts */
  constructor(
    private readonly terms: LimitTerms,
    private readonly exchange: CountExchange | null,
    private readonly words: Words = {},
  ) {
    exchange?.onChange(() => {
      for (const window of this.#windows.values()) this.#tellIfDue(window);
    });
  }

  /**
   * Counts a request, or what it is worth when that is more: at once, or after hearing of the other processes.
   * @throws RATE_LIMITED with `retryAfter` (seconds), `limit`, `remaining` and `reset`; then nothing is counted
   */
  take(key: string, count = 1): Allowance | Promise<Allowance> {
    const window = this.#windowOf(key);
    if (window.awaited + count > window.remaining) throw this.#refuse(window);
    if (window.owed + count > this.#freeShare) return this.#takeTogether(key, count);
    return this.#count(window, count);
  }

  /**
   * As `take`, for what has happened already: it is counted whether or not the others know. @throws RATE_LIMITED
   */
  charge(key: string, count = 1): void {
    const window = this.#windowOf(key);
    if (count > window.remaining) throw this.#refuse(window);
    this.#count(window, count);
  }

  /**
   * As `take`, for requests that hold a connection: whoever sends on regardless of refusals gets them a second later, so
   * that refusing takes little from the others, however fast they are sent.
   * @param whenFull is told when too many wait for that: the connection should be closed
   * @throws RATE_LIMITED
   */
  async takeOrHold(key: string, whenFull: () => void): Promise<Allowance> {
    try {
      return await this.take(key);
    } catch (error) {
      if (this.#windowOf(key).refused <= promptRefusals) throw error;
      if (RateLimit.#held >= maxHeld) {
        whenFull();
        throw error;
      }
      RateLimit.#held += 1;
      await pause(lateMs).finally(() => {
        RateLimit.#held -= 1;
      });
      throw error;
    }
  }

  /** Whether the next request would be refused, as far as this process knows. */
  isExhausted(key: string): boolean {
    const window = this.#windows.peek(key);
    return window !== undefined && window.endsAt > performance.now() && window.remaining <= 0;
  }

  get #freeShare(): number {
    return this.exchange?.freeShareOf(this.terms.perMinute) ?? Number.POSITIVE_INFINITY;
  }

  /** Whoever waits is granted what there is in the order of coming: nobody new gets in between. */
  async #takeTogether(key: string, count: number): Promise<Allowance> {
    for (let round = 1; ; round += 1) {
      const waited = this.#windowOf(key);
      waited.awaited += count;
      const hasHeard = await this.exchange?.hear(waited).finally(() => {
        waited.awaited -= count;
      });
      const window = this.#windowOf(key);
      if (count > window.remaining) throw this.#refuse(window);
      if (window.owed + count <= this.#freeShare || !hasHeard || round === maxRounds) return this.#count(window, count);
    }
  }

  #count(window: Window, count: number): Allowance {
    window.taken += count;
    this.#tellIfDue(window);
    return { limit: this.terms.perMinute, remaining: window.remaining, resetSeconds: resetSecondsOf(window) };
  }

  /** At half of the free share: the rest is for what comes before the others know. */
  #tellIfDue(window: Window): void {
    if (window.owed > this.#freeShare / 2) this.exchange?.tell(window);
  }

  #refuse(window: Window): AppError {
    window.refused += 1;
    const limit = this.terms.perMinute;
    const { what = 'request', advice = 'Try again later.' } = this.words;
    const seconds = resetSecondsOf(window);
    return new AppError('RATE_LIMITED', `At most ${counted(limit, what)} a minute. ${advice}`, {
      retryAfter: seconds,
      limit,
      // Others wait for what there may be.
      remaining: Math.max(0, window.remaining - window.awaited),
      reset: seconds,
    });
  }

  #windowOf(key: string): Window {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known && known.endsAt > now) return known;
    const window = new Window(this.terms, key, now + windowMs);
    this.#windows.set(key, window);
    return window;
  }
}

function resetSecondsOf({ endsAt }: Window): number {
  return Math.max(1, Math.ceil((endsAt - performance.now()) / 1_000));
}
