import type { Acquirer } from './checkout-acquirer.js';
import type { Book } from './checkout-book.js';
import type { ControlState } from './checkout-control.js';
import type { IdempotencyKeys } from './checkout-idempotency.js';
import type { EmulatedRequest } from './server.js';

/** What the stand-in is made of. */
export interface Parts {
  readonly book: Book;
  readonly acquirer: Acquirer;
  readonly state: ControlState;
  readonly keys: IdempotencyKeys;
  readonly secretKey: string;
  readonly now: () => Date;
}

/** One request of the API, with where the stand-in was reached. */
export interface ApiRequest extends EmulatedRequest {
  readonly origin: string;
  /** Resolves when whoever asks has gone. */
  readonly gone: Promise<void>;
}
