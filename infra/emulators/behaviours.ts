/** What every behaviour can say. */
interface Common {
  /** Ends those in force before. */
  readonly reset?: boolean | undefined;
  /** For so many requests; for all when not given. */
  times?: number | undefined;
}

/** The behaviours that `_control` has put in force; one an emulator. */
export class Behaviours<Behaviour extends Common> {
  #inForce: Behaviour[] = [];

  /** @param keyOf what a behaviour is for; undefined for everything */
  constructor(private readonly keyOf: (behaviour: Behaviour) => string | undefined) {}

  /** Puts a behaviour in force, in place of the one that was for the same. */
  set(next: Behaviour): void {
    if (next.reset) this.#inForce = [];
    const behaviour = { ...next, reset: undefined };
    if (Object.values(behaviour).every((value) => value === undefined)) return;
    this.#inForce = this.#inForce.filter((each) => this.keyOf(each) !== this.keyOf(behaviour));
    this.#inForce.push(behaviour);
  }

  /** The first whose key fits, else the one for everything; counted down when it is meant for so many requests. */
  take(fits: (key: string) => boolean): Behaviour | null {
    const own = this.#inForce.find((each) => {
      const key = this.keyOf(each);
      return key !== undefined && fits(key);
    });
    const behaviour = own ?? this.#inForce.find((each) => this.keyOf(each) === undefined);
    if (!behaviour) return null;
    if (behaviour.times !== undefined) {
      behaviour.times -= 1;
      if (behaviour.times === 0) this.#inForce = this.#inForce.filter((each) => each !== behaviour);
    }
    return behaviour;
  }

  /** Those in force, as `GET /_control` shows them. */
  show(): readonly Behaviour[] {
    return this.#inForce;
  }
}
