import { AppError } from '../kernel/errors.js';
import { StandingWait } from './standing-wait.js';

/**
 * How long one may wait for the loop: longer than a few accounts that send what is hard to read have all others wait,
 * which is no reason to refuse those. And for the database.
 */
const [loopMs, databaseMs] = [250, 100];

/**
 * Whether a process takes more work. What all of it has to wait for are the event loop, connections to the database, and
 * turns to write. Once one of these queues stands, whoever comes is refused before anything is done for them: those who
 * wait already are served in a bounded time, and whoever comes again a second later finds room or another process.
 */
export class Admission {
  readonly loop = new StandingWait(loopMs);
  readonly connections = new StandingWait(databaseMs);
  readonly writers = new StandingWait(databaseMs);

  /** Whether nothing that begins now would be served soon. */
  get isClosed(): boolean {
    return this.loop.stands || this.connections.stands;
  }

  /** @throws UNAVAILABLE while it is closed */
  require(): void {
    if (this.isClosed) throw new Overloaded();
  }

  /** For what writes, once that is known. @throws UNAVAILABLE while turns to write are not to be had soon */
  requireForWrite(): void {
    if (this.writers.stands) throw new Overloaded();
  }
}

/** A process has more to do than it can. */
export class Overloaded extends AppError {
  constructor() {
    super('UNAVAILABLE', 'The server is busy. Try again.', { retryAfter: 1 });
  }
}
