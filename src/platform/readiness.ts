/** What a probe is told must be true for at most this long. */
const freshMs = 500;
/** A probe is answered by then, whatever the database does. */
const patienceMs = 700;

const silent = 'The database does not answer.';

/**
 * Asks whether what requests need is there, and answers within 0.7 s why not, or null. However many ask, one question is
 * under way: a database that is stuck must not collect theirs. One that is busy is there: as long as it answers others, a
 * question that waits says nothing, or every process would be taken out under load.
 */
export class Readiness {
  #running: Promise<string | null> | null = null;
  #wellUntil = 0;
  /** What the last question that was answered found. */
  #lastFault: string | null = null;

  /**
   * @param ask answers what is wrong, or null; what it throws counts as no answer
   * @param lastAnswer when the database last answered anything, by `performance.now()`
   */
  constructor(
    private readonly ask: () => Promise<string | null>,
    private readonly lastAnswer: () => number,
  ) {}

  async whyNot(): Promise<string | null> {
    if (performance.now() < this.#wellUntil) return null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    const askedAt = performance.now();
    const { promise: late, resolve } = Promise.withResolvers<string | null>();
    const giveUp = () => resolve(this.lastAnswer() > askedAt ? this.#lastFault : silent);
    // Not before this process has read what came while it was busy itself.
    const timer = setTimeout(setImmediate, patienceMs, giveUp);
    const answer = await Promise.race([this.#running, late]);
    clearTimeout(timer);
    return answer;
  }

  async #run(): Promise<string | null> {
    try {
      const fault = await this.ask();
      this.#lastFault = fault;
      if (fault === null) this.#wellUntil = performance.now() + freshMs;
      return fault;
    } catch {
      return silent;
    }
  }
}
