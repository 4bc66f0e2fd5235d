import { z } from 'zod';

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
  #behaviours: Behaviour[] = [];
  /** Pushes that came, whatever became of them. */
  requests = 0;

  /** Puts a behaviour in force, in place of the one that was for the same subscription, or for all. */
  set(next: Behaviour): void {
    if (next.reset) {
      this.#behaviours = [];
      this.requests = 0;
    }
    const { reset, ...behaviour } = next;
    if (Object.keys(behaviour).length === 0) return;
    this.#behaviours = this.#behaviours.filter(({ subscription }) => subscription !== behaviour.subscription);
    this.#behaviours.push(behaviour);
  }

  /** The behaviour for a push, counted down when it is meant for so many. */
  take(id: string): Behaviour {
    const own = this.#behaviours.find(({ subscription }) => subscription === id);
    const behaviour = own ?? this.#behaviours.find(({ subscription }) => subscription === undefined);
    if (!behaviour) return {};
    if (behaviour.times !== undefined) {
      behaviour.times -= 1;
      if (behaviour.times === 0) this.#behaviours = this.#behaviours.filter((each) => each !== behaviour);
    }
    return behaviour;
  }

  /** What `GET /_control` shows. */
  show(): object {
    return { behaviours: this.#behaviours, requests: this.requests };
  }
}
