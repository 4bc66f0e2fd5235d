/** What a probe is told must be true for at most this long. */
const freshMs = 500;
/** A probe is answered by then, whatever the database does. */
const patienceMs = 700;

/**
 * Asks whether something answers: true only if it did within 0.7 s. However many ask, one question is under way: a
 * database that is stuck must not collect theirs.
 */
export class Readiness {
  #running: Promise<boolean> | null = null;
  #wellUntil = 0;

  constructor(private readonly ask: () => Promise<unknown>) {}

  async isReady(): Promise<boolean> {
    if (performance.now() < this.#wellUntil) return true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, patienceMs, false);
    const answer = await Promise.race([this.#running, late]);
    clearTimeout(timer);
    return answer;
  }

  async #run(): Promise<boolean> {
    try {
      await this.ask();
      this.#wellUntil = performance.now() + freshMs;
      return true;
    } catch {
      return false;
    }
  }
}
