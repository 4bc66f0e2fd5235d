/** What a probe is told must be true for at most this long. */
const freshMs = 500;
/** A probe is answered by then, whatever the database does. */
const patienceMs = 700;

const silent = 'The database does not answer.';

/**
 * Asks whether what requests need is there, and answers within 0.7 s why not, or null. However many ask, one question is
 * under way: a database that is stuck must not collect theirs.
 */
export class Readiness {
  #running: Promise<string | null> | null = null;
  #wellUntil = 0;

  /** `ask` answers what is wrong, or null; what it throws counts as no answer. */
  constructor(private readonly ask: () => Promise<string | null>) {}

  async whyNot(): Promise<string | null> {
    if (performance.now() < this.#wellUntil) return null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(resolve, patienceMs, silent);
    const answer = await Promise.race([this.#running, late]);
    clearTimeout(timer);
    return answer;
  }

  async #run(): Promise<string | null> {
    try {
      const fault = await this.ask();
      if (fault === null) this.#wellUntil = performance.now() + freshMs;
      return fault;
    } catch {
      return silent;
    }
  }
}
