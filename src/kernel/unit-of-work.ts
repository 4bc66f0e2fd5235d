import type { Tier } from '../../entities/accounts/account.js';
import type { Source } from '../../entities/activity/event.js';
import type { RunStatement } from '../platform/database/rows.js';
import type { OpenTransaction } from '../platform/database/transactions.js';

/** An event as it is stored: what happened to which thing of the account, by whom, when. */
export interface RecordedEvent {
  readonly number: number;
  readonly type: string;
  /** Of its data's shape. */
  readonly version: number;
  /** The signed-in person who did it; null for a rule or a job. */
  readonly actorId: string | null;
  readonly source: Source;
  readonly entityType: string;
  readonly entityId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** The account that a transaction writes for. */
export interface Account {
  readonly id: string;
  readonly plan: Tier;
  /** Whether its user has asked for its deletion: then no person acts for it. */
  readonly isClosed: boolean;
}

/** An account under its lock, and the number of its newest event. */
export interface LockedAccount extends Account {
  readonly head: number;
}

/** What transactions ask of the accounts' table. Each answers null, or false, when there is no such account. */
export interface AccountStore {
  /** Waits for the account's lock, until the transaction's `lock_timeout`. */
  lock(runStatement: RunStatement, id: string): Promise<LockedAccount | null>;
  /** Takes the lock unless somebody else has it; then it answers null as well. */
  lockIfFree(runStatement: RunStatement, id: string): Promise<LockedAccount | null>;
  exists(runStatement: RunStatement, id: string): Promise<boolean>;
}

/** Events that one transaction has recorded for its account. */
interface WrittenEvents {
  readonly accountId: string;
  /** The number of the last of them. */
  readonly head: number;
  readonly events: readonly RecordedEvent[];
  readonly requestId: string;
}

/** Appends to the log of an account, under its lock. */
export type WriteEvents = (runStatement: RunStatement, written: WrittenEvents) => Promise<void>;

/** Says that a transaction must run again, since something failed that an optimistic one takes for granted. */
export class RunAgain extends Error {
  constructor(override readonly cause: unknown) {
    super('The transaction must run again.', { cause });
  }
}

/** One open transaction of one account, and what is to happen when it commits. `After` is the context of that. */
export class UnitOfWork<After> {
  readonly #events: RecordedEvent[] = [];
  readonly #topics: string[] = [];
  readonly #acts: ((ctx: After) => void)[] = [];
  /** What a savepoint of it ran into: if the transaction fails, this was why. */
  deadlock: Error | null = null;
  /** How many savepoints PostgreSQL knows of: they are numbered from 1. */
  openSavepoints = 0;
  /** Why it must run again: a statement failed that nobody waited for. */
  failure: RunAgain | null = null;
  readonly #sent: Promise<unknown>[] = [];

  /** @param firstHead the number of the newest event of the account before this transaction */
  constructor(
    readonly account: Account,
    readonly transaction: OpenTransaction,
    private readonly firstHead: number,
    /** Whether it takes for granted that nothing fails; when something does, it runs again and does not. */
    public isOptimistic: boolean,
  ) {}

  /** Runs a statement in the transaction. */
  get runStatement(): RunStatement {
    return this.transaction.runStatement;
  }

  /**
   * Sends a statement whose answer nobody needs. An optimistic transaction does not wait for it: what comes next goes
   * right behind it, which spares a round trip.
   */
  async send(text: string, values: readonly unknown[]): Promise<void> {
    const done = this.runStatement(text, values);
    if (!this.isOptimistic) {
      await done;
      return;
    }
    this.#sent.push(done);
    done.catch((error: unknown) => {
      this.failure ??= new RunAgain(error);
    });
  }

  /** Rejects when one that was sent has failed. */
  get sent(): Promise<unknown> {
    return Promise.all(this.#sent);
  }

  /**
   * Waits for what was sent. @throws RunAgain when one has failed: statements behind it say only that all is aborted
   */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#sent.splice(0));
    if (this.failure) throw this.failure;
  }

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
    const { failure } = this;
    return () => {
      this.failure = failure;
      this.#events.length = events;
      this.#topics.length = topics;
      this.#acts.length = acts;
    };
  }
}
