import { z } from 'zod';
import { Behaviours } from './behaviours.js';
import { type OperationName, operationNames } from './s3-operations.js';

/** What `POST /_control` takes; see the README beside this file. */
export const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Only for this operation. */
  operation: z.enum(operationNames).optional(),
  /** For so many requests; for all when not given. */
  times: z.int().min(1).optional(),
  /** Answered in place of doing anything. */
  status: z.int().min(400).max(599).optional(),
  /** Milliseconds before anything is done. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** What was asked is done; in the middle of the answer the connection breaks. */
  cut: z.boolean().optional(),
});

/** How the next requests go. */
export type Behaviour = z.infer<typeof Control>;

/** The behaviours in force and what has been seen; one a server. */
export class ControlState {
  readonly #behaviours = new Behaviours<Behaviour>(({ operation }) => operation);
  readonly #requests = new Map<OperationName, number>();

  /** Puts a behaviour in force, in place of the one that was for the same operation, or for all. */
  set(next: Behaviour): void {
    this.#behaviours.set(next);
    if (next.reset) this.#requests.clear();
  }

  /** The behaviour for a request, which is counted, whatever becomes of it. */
  take(operation: OperationName): Behaviour {
    this.#requests.set(operation, (this.#requests.get(operation) ?? 0) + 1);
    return this.#behaviours.take((each) => each === operation) ?? {};
  }

  /** What `GET /_control` shows. */
  show(): object {
    return { behaviours: this.#behaviours.show(), requests: Object.fromEntries(this.#requests) };
  }
}
