import type { Context } from '../src/kernel/context.js';

/** Work that every worker repeats, at its start and then at an interval. It finds what is due and may run twice at once. */
export interface RecurringJob {
  readonly name: string;
  readonly everySeconds: number;
  readonly run: (ctx: Context) => Promise<void>;
}
