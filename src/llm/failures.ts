/** What fails again and again for one reason is worth one line of the log. */
export class Failures {
  #last: string | null = null;

  /** Whether this is not why it failed the last time, if it did. */
  isNew(error: unknown): boolean {
    const reason = String(error);
    const isNew = reason !== this.#last;
    this.#last = reason;
    return isNew;
  }

  /** It went well. */
  clear(): void {
    this.#last = null;
  }
}
