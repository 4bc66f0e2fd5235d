import { AppError } from '../kernel/errors.js';
import { StandingWait } from './standing-wait.js';

/**
 * Whether a process takes more work. What all of it has to wait for are the event loop, connections to the database, and
 * turns to write. Once one of these queues stands, whoever comes is refused before anything is done for them: those who
 * wait already are served in a bounded time, and whoever comes again a second later finds room or another process.
 */
export class Admission {
  readonly loop = new StandingWait();
  readonly connections = new StandingWait();
  readonly writers = new StandingWait();

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
