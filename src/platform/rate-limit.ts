import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { AppError } from '../kernel/errors.js';
import { counted } from '../kernel/text.js';

/** How much of an allowance is left after a request. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is whole again. */
  readonly resetSeconds: number;
}

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

interface Window {
  taken: number;
  refused: number;
  readonly endsAt: number;
}

/** So many requests a minute for each key. Counted per process: with N processes a key gets up to N times as much. */
export class RateLimit {
  static #held = 0;
  readonly #windows = new LRUCache<string, Window>({ max: maxKeys });

  /**
   * @param what is counted, as the refusal says it
   * @param advice what to do about a refusal
   */
  constructor(
    private readonly perMinute: number,
    private readonly what = 'request',
    private readonly advice = 'Try again later.',
  ) {}

  /**
   * Counts a request, or what it is worth when that is more.
   * @throws RATE_LIMITED with `retryAfter` (seconds), `limit`, `remaining` and `reset`; then nothing is counted
   */
  take(key: string, count = 1): Allowance {
    const window = this.#pageRequestOf(key);
    const limit = this.perMinute;
    const resetSeconds = Math.max(1, Math.ceil((window.endsAt - performance.now()) / 1_000));
    if (window.taken + count > limit) {
      window.refused += 1;
      const details = {
        retryAfter: resetSeconds,
        limit,
        remaining: Math.max(0, limit - window.taken),
        reset: resetSeconds,
      };
      throw new AppError('RATE_LIMITED', `At most ${counted(limit, this.what)} a minute. ${this.advice}`, details);
    }
    window.taken += count;
    return { limit, remaining: limit - window.taken, resetSeconds };
  }

  /**
   * As `take`, for requests that hold a connection: whoever sends on regardless of refusals gets them a second later, so
   * that refusing takes little from the others, however fast they are sent.
   * @param whenFull is told when too many wait for that: the connection should be closed
   * @throws RATE_LIMITED
   */
  async takeOrHold(key: string, whenFull: () => void): Promise<Allowance> {
    try {
      return this.take(key);
    } catch (error) {
      if (this.#pageRequestOf(key).refused <= promptRefusals) throw error;
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

  /** Whether the next request would be refused. */
  isExhausted(key: string): boolean {
    const window = this.#windows.peek(key);
    return window !== undefined && window.endsAt > performance.now() && window.taken >= this.perMinute;
  }

  #pageRequestOf(key: string): Window {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known && known.endsAt > now) return known;
    const window = { taken: 0, refused: 0, endsAt: now + windowMs };
    this.#windows.set(key, window);
    return window;
  }
}

/** The headers that tell a client about its allowance. */
export function allowanceHeaders({ limit, remaining, resetSeconds }: Allowance): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetSeconds),
  };
}

/** The headers that go with an error's details: when to try again, and a RATE_LIMITED one's allowance. */
export function rateHeaders(details: Readonly<Record<string, unknown>>): Record<string, string> {
  const { retryAfter, limit, remaining, reset } = details;
  if (typeof retryAfter !== 'number') return {};
  const headers = { 'retry-after': String(retryAfter) };
  if (typeof limit !== 'number' || typeof remaining !== 'number' || typeof reset !== 'number') return headers;
  return { ...headers, ...allowanceHeaders({ limit, remaining, resetSeconds: reset }) };
}
