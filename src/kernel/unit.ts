import type { Source } from '../../entities/activity/event.js';
import type { Tier } from '../../entities/auth/user.js';
import type { RunStatement } from '../platform/database/rows.js';

/** An event as it is stored: what happened to which thing of the account, by whom, when. */
export interface RecordedEvent {
  readonly number: number;
  readonly type: string;
  readonly source: Source;
  readonly entityType: string;
  readonly entityId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** The account that a transaction writes for. */
export interface LockedAccount {
  readonly id: string;
  readonly tier: Tier;
}

/** One open transaction of one account, and what is to happen when it commits. `After` is the context of that. */
export class Unit<After> {
  readonly #events: RecordedEvent[] = [];
  readonly #topics: string[] = [];
  readonly #acts: ((ctx: After) => void)[] = [];
  /** What a savepoint of it ran into: if the transaction fails, this was why. */
  deadlock: Error | null = null;

  /** @param firstHead the number of the newest event of the account before this transaction */
  constructor(
    readonly account: LockedAccount,
    readonly runStatement: RunStatement,
    private readonly firstHead: number,
  ) {}

  /** The number of the account's newest event, those of this transaction included. */
  get head(): number {
    return this.firstHead + this.#events.length;
  }

  /** The transaction's events so far, in the order of their numbers. */
  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** Appends an event under the account's next number. */
  append(event: Omit<RecordedEvent, 'number'>): RecordedEvent {
    const numbered = { number: this.head + 1, ...event };
    this.#events.push(numbered);
    return numbered;
  }

  /** Rings these doorbell topics after the commit. */
  ring(...topics: readonly string[]): void {
    this.#topics.push(...topics);
  }

  /**
   * Runs `act` after the commit, with a context that belongs to no transaction: its clock runs, and nobody's leaving
   * aborts it. `act` must not throw.
   */
  afterCommit(act: (ctx: After) => void): void {
    this.#acts.push(act);
  }

  /** What is to happen now that the transaction has committed. */
  get onCommit(): { readonly topics: readonly string[]; readonly acts: readonly ((ctx: After) => void)[] } {
    return { topics: this.#topics, acts: this.#acts };
  }

  /** Remembers how far the transaction has got; the returned function takes it back there. */
  mark(): () => void {
    const [events, topics, acts] = [this.#events.length, this.#topics.length, this.#acts.length];
    return () => {
      this.#events.length = events;
      this.#topics.length = topics;
      this.#acts.length = acts;
    };
  }
}
