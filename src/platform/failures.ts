import type { Logger } from './log.js';
import { logFailure } from './unavailable.js';

/** The failures of one thing that is tried again and again: one line of the log for each reason, not for each try. */
export class Failures {
  #last: string | null = null;

  constructor(private readonly log: Logger) {}

  /** Logs why it failed, unless that is why it failed the last time. */
  note(error: unknown, fields: object, message: string): void {
    const reason = String(error);
    if (reason !== this.#last) logFailure(this.log, error, fields, message);
    this.#last = reason;
  }

  /** It went well: the next failure is news, whatever its reason. */
  clear(): void {
    this.#last = null;
  }
}
