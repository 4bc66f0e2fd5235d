/** For how long nobody may have waited little before a queue is said to stand: a disk may stand still for about as long. */
const windowMs = 400;
/** The same of one that stood a moment ago, and how long that is: its load is not over because it was short once. */
const [soonWindowMs, soonMs] = [50, 5_000];

/**
 * Tells a queue that stands from a burst that it works off, as CoDel does (RFC 8289): by the shortest wait of a window,
 * not by its length. One that nobody leaves soon takes more than it can serve, and whoever comes now would only wait.
 */
export class StandingWait {
  #count = 0;
  /** When nobody waited, or somebody was let through soon. */
  #goodAt = 0;
  #stoodAt = Number.NEGATIVE_INFINITY;

  /**
   * @param targetMs how long somebody may wait
   * @param now milliseconds that never go back
   */
  constructor(
    private readonly targetMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Somebody begins to wait. The returned function is called once, when that is over. */
  begin(): () => void {
    const since = this.now();
    if (this.#count === 0) this.#goodAt = since;
    this.#count += 1;
    return () => {
      const now = this.now();
      this.#count -= 1;
      if (now - since <= this.targetMs) this.#goodAt = now;
    };
  }

  /** Whether everybody has waited too long for some time now. */
  get stands(): boolean {
    if (this.#count === 0) return false;
    const now = this.now();
    const wantedMs = now - this.#stoodAt < soonMs ? soonWindowMs : windowMs;
    const stands = now - this.#goodAt > this.targetMs + wantedMs;
    if (stands) this.#stoodAt = now;
    return stands;
  }
}
