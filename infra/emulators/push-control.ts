import { z } from 'zod';
import { Behaviours } from './behaviours.js';

/** What `POST /_control` takes; see the README beside this file. */
export const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Only for pushes to this subscription. */
  subscription: z.string().optional(),
  /** For so many pushes; for all when not given. */
  times: z.int().min(1).optional(),
  /** Answered in place of 201; a message is kept only with a status below 300. */
  status: z.int().min(200).max(599).optional(),
  /** Sent as `Retry-After`. */
  retryAfterSeconds: z.int().min(0).optional(),
  /** Milliseconds before the answer. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Never answered. */
  hang: z.boolean().optional(),
});

/** How the next pushes go. */
export type Behaviour = z.infer<typeof Control>;

/** The behaviours in force and what has been seen; one a server. */
export class ControlState {
  readonly #behaviours = new Behaviours<Behaviour>(({ subscription }) => subscription);
  /** Pushes that came, whatever became of them. */
  requests = 0;

  /** Puts a behaviour in force, in place of the one that was for the same subscription, or for all. */
  set(next: Behaviour): void {
    this.#behaviours.set(next);
    if (next.reset) this.requests = 0;
  }

  /** The behaviour for a push. */
  take(id: string): Behaviour {
    return this.#behaviours.take((subscription) => subscription === id) ?? {};
  }

  /** What `GET /_control` shows. */
  show(): object {
    return { behaviours: this.#behaviours.show(), requests: this.requests };
  }
}
