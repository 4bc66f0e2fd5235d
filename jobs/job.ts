import type { Attempt, Context } from '../src/kernel/context.js';

/** A queue's contract and its work. A handler is an edge: it parses nothing itself and calls one use case. */
export interface QueueJob {
  readonly queue: {
    readonly name: string;
    readonly retryLimit: number;
    readonly retryDelaySeconds: number;
    readonly expireInSeconds: number;
    readonly atOnce?: number;
    readonly keepSeconds?: number;
  };
  readonly run: (ctx: Context, data: unknown, attempt: Attempt) => Promise<void>;
}

/** Work that every worker repeats, at its start and then at an interval. It finds what is due and may run twice at once. */
export interface RecurringJob {
  readonly name: string;
  readonly everySeconds: number;
  readonly run: (ctx: Context) => Promise<void>;
}
