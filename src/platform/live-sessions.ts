import { Failures } from './failures.js';
import type { Logger } from './log.js';
import { recentlyUsed } from './recently-used.js';
import { Standstill } from './standstill.js';

/** Where sessions are stored. */
export interface SessionStore {
  /** Whose it is; null when it is not there or has ended. */
  ownerOf(sessionId: string): Promise<string | null>;
  /**
   * The sessions that have ended since a moment that an earlier answer gave, some that were known before included;
   * null begins a little before now.
   */
  readEnded(since: string | null): Promise<{ readonly ids: readonly string[]; readonly through: string }>;
}

/** What it is to look after. */
export interface LiveSessionsOptions {
  readonly store: SessionStore;
  /** How long nobody could have told us that a session ended, in milliseconds. */
  bridgeDownMs(): number;
  readonly log: Logger;
}

/** Looks for what has ended are this far apart, while anybody asks. */
const lookEveryMs = 2_000;
/** What is known holds for this long without a look, and with the line down. */
const trustedMs = 5_000;
/** Some 150 bytes each. */
const maxKnown = 20_000;

/**
 * Which sessions live, without a statement for each request: one statement every two seconds, and one whenever the
 * doorbell rings, says which have ended. When neither can be relied upon, or the process stood still and has not looked
 * since, the session itself is read each time.
 */
export class LiveSessions {
  /** Their users, by session. */
  readonly #known = recentlyUsed<string>(maxKnown);
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #timer: NodeJS.Timeout;
  /** Looks that began before its end say nothing about now. */
  readonly #standstill = new Standstill(() => void this.look());
  #forgotten = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #through: string | null = null;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  readonly #failures: Failures;

  constructor(private readonly options: LiveSessionsOptions) {
    this.#failures = new Failures(options.log);
    const look = () => {
      if (this.#watchers.size > 0) void this.look();
    };
    this.#timer = setInterval(look, lookEveryMs).unref();
  }

  /**
   * Whether the session is this user's and has not ended. @throws when it has to be read and the database is away
   */
  async isLive(sessionId: string, userId: string): Promise<boolean> {
    const { store, bridgeDownMs } = this.options;
    const relyFrom = this.#standstill.endedAt;
    const age = performance.now() - this.#lookedAt;
    if (age > lookEveryMs) void this.look();
    const known = this.#known.get(sessionId);
    const isReliable = this.#lookedAt >= relyFrom && age < trustedMs && bridgeDownMs() < trustedMs;
    if (known !== undefined && isReliable) return known === userId;
    const forgotten = this.#forgotten;
    const owner = await store.ownerOf(sessionId);
    // Unless it may have ended while it was read.
    if (owner !== null && forgotten === this.#forgotten) this.#known.set(sessionId, owner);
    return owner === userId;
  }

  /** Calls `onEnded` when the session ends, until the returned function is called. */
  watch(sessionId: string, onEnded: () => void): () => void {
    const watchers = this.#watchers.get(sessionId) ?? new Set();
    this.#watchers.set(sessionId, watchers.add(onEnded));
    return () => {
      watchers.delete(onEnded);
      if (watchers.size === 0 && this.#watchers.get(sessionId) === watchers) this.#watchers.delete(sessionId);
    };
  }

  /** Takes in that these have ended. */
  end(sessionIds: readonly string[]): void {
    if (sessionIds.length > 0) this.#forgotten += 1;
    for (const id of sessionIds) {
      this.#known.delete(id);
      for (const onEnded of [...(this.#watchers.get(id) ?? [])]) onEnded();
    }
  }

  /** Looks for what has ended: at once, or once more when a look is under way. It never fails. */
  look(): Promise<void> {
    this.#isWanted = true;
    this.#looking ??= this.#lookWhileWanted();
    return this.#looking;
  }

  /** Ends the timers, and waits for a look that is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#standstill.close();
    await this.#looking;
  }

  async #lookWhileWanted(): Promise<void> {
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        const startedAt = performance.now();
        const { ids, through } = await this.options.store.readEnded(this.#through);
        this.#through = through;
        this.#lookedAt = startedAt;
        this.end(ids);
      }
      this.#failures.clear();
    } catch (error) {
      this.#failures.note(error, {}, 'ended sessions were not read');
    } finally {
      this.#looking = null;
    }
  }
}
