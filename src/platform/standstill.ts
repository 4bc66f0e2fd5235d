/** The process says this often to itself that time goes on. */
const tickMs = 250;
/** When this much time is missing the process stood still, and heard of nothing meanwhile. */
const stoodStillMs = 1_000;

/**
 * Notices that this process stood still: it was stopped, or its machine slept. Whichever comes first afterwards finds it
 * out: the timer, or who asks.
 */
export class Standstill {
  #tickedAt = performance.now();
  #endedAt = Number.NEGATIVE_INFINITY;
  readonly #timer = setInterval(() => this.#notice(), tickMs).unref();

  constructor(private readonly onEnded: () => void = () => undefined) {}

  /** When the last one was over, by `performance.now()`. */
  get endedAt(): number {
    this.#notice();
    return this.#endedAt;
  }

  /** Ends the timer. */
  close(): void {
    clearInterval(this.#timer);
  }

  #notice(): void {
    const now = performance.now();
    const hasEnded = now - this.#tickedAt > stoodStillMs;
    this.#tickedAt = now;
    if (!hasEnded) return;
    this.#endedAt = now;
    this.onEnded();
  }
}
