import type { Readable, Writable } from 'node:stream';
import type { Context } from '../kernel/context.js';
import type { Finding } from './finding.js';

/** Where the command line reads and prints. */
export interface Terminal {
  readonly input: Readable;
  /** What was asked for. */
  readonly output: Writable;
  /** Why it is not there. */
  readonly errors: Writable;
}

/** One run of the command line, as its command sees it. */
export interface Session {
  /** Why something is changed; null for a command that changes nothing. */
  readonly reason: string | null;
  readonly terminal: Terminal;
  /** Whether only one JSON document goes to the output. */
  readonly json: boolean;
  /**
   * Connects to the database, once however often it is asked; for a command that changes nothing so that nothing can be
   * changed. @throws when it cannot be reached, or lacks migrations
   */
  open(): Promise<Context>;
  /** Looks at everything that the product needs, whatever of it is there. */
  examine(): Promise<readonly Finding[]>;
}
