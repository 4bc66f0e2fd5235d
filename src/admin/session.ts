import type { Context } from '../kernel/context.js';

/** One run of the command line, as its command sees it. */
export interface Session {
  /** Why something is changed; null for a command that changes nothing. */
  readonly reason: string | null;
  /** Connects to the database, once however often it is asked. @throws when it cannot be reached, or lacks migrations */
  open(): Promise<Context>;
}
