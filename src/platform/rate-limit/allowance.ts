/** How much of an allowance is left after a request. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is whole again. */
  readonly resetSeconds: number;
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
