import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../errors.js';

/** How much of an allowance is left after a request. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is whole again. */
  readonly resetSeconds: number;
}

const windowSeconds = 60;

/** So many requests a minute for each key. Counted per process: with N processes a key gets up to N times as much. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;

  constructor(private readonly perMinute: number) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds });
  }

  /** Counts one request. @throws RATE_LIMITED with `retryAfter` (seconds), `limit`, `remaining` and `reset` */
  async take(key: string): Promise<Allowance> {
    try {
      return this.#allowance(await this.#limiter.consume(key));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const { limit, resetSeconds } = this.#allowance(refusal);
      const details = { retryAfter: resetSeconds, limit, remaining: 0, reset: resetSeconds };
      throw new AppError('RATE_LIMITED', `At most ${limit} requests a minute. Try again later.`, details);
    }
  }

  #allowance({ remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
    return {
      limit: this.perMinute,
      remaining: Math.max(0, remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
    };
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
export function rateHeaders({ retryAfter, limit, reset }: Readonly<Record<string, unknown>>): Record<string, string> {
  if (typeof retryAfter !== 'number') return {};
  const isLimit = typeof limit === 'number' && typeof reset === 'number';
  const allowance = isLimit ? allowanceHeaders({ limit, remaining: 0, resetSeconds: reset }) : {};
  return { 'retry-after': String(retryAfter), ...allowance };
}
