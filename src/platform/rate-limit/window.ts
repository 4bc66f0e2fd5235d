/** What is counted against one limit: it has a name that all processes know. */
export interface LimitTerms {
  readonly name: string;
  readonly perMinute: number;
}

/** What the shared count of a key says after it has heard of this process. */
export interface SharedCount {
  /** What was let through everywhere, with what has just been reserved here. */
  readonly total: number;
  /** How much of what was wanted has been reserved for this process. */
  readonly granted: number;
  readonly endsInMs: number;
}

/** One key's minute, as this process knows it: exactly what it let through itself, and what it has heard of the others. */
export class Window {
  taken = 0;
  refused = 0;
  /** What those wait for who are beyond the free share. */
  awaited = 0;
  /** How much of what was let through here the shared count knows; more than that while some is reserved. */
  #recorded = 0;
  /** The shared count when it was last heard of, with what it knows of this process. */
  #total = 0;

  /** @param endsAt by `performance.now()` */
  constructor(
    readonly terms: LimitTerms,
    readonly key: string,
    public endsAt: number,
  ) {}

  /** What was let through here and nobody else knows of; negative while some is reserved. */
  get owed(): number {
    return this.taken - this.#recorded;
  }

  /** What may still be let through, as far as is known here. */
  get remaining(): number {
    return this.terms.perMinute - this.#total - this.owed;
  }

  /** What to add to the shared count. */
  get debt(): number {
    return Math.max(0, this.owed);
  }

  /** What to reserve beyond that, for those who wait. */
  get wanted(): number {
    return Math.max(0, this.awaited + Math.min(0, this.owed));
  }

  /** Takes in the shared count, to which `debt` has been added. */
  hear(debt: number, { total, granted, endsInMs }: SharedCount): void {
    this.#recorded += debt + granted;
    this.#total = total;
    this.endsAt = performance.now() + endsInMs;
  }
}
