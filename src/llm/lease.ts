import { type Context, Failures, type LiveText, runStatement, Standstill } from '../kernel/context.js';
import { type StartedRun, stopTopic } from './run-rows.js';
import { TextStore } from './store-text.js';
import { TextAppends } from './text-appends.js';

/**
 * How long a lease lasts, by the database's clock. Whose has lapsed may have lost the run, and learns of it from the
 * database alone: while that is away for all, nobody takes it.
 */
export const leaseMs = 15_000;
const renewEveryMs = 4_000;
/** Waits after the database was away, twice as long each time; a sweeper waits longer. */
const [minPauseMs, maxPauseMs] = [100, 1_000];
/** While the line between processes is down, how old a look may be at whether the run was stopped elsewhere. */
const maxLookAgeMs = 500;

/** What holds a run for this process, and stores its text while it is written. */
export interface Lease {
  /** The model has begun to think, or to write: stores now what it was asked, and the first text. */
  noteBegun(begun: Begun): void;
  /**
   * Whether the run has ended must be known before there is more of its text: after the process stood still, and while it
   * hears of no stop elsewhere.
   */
  catchUp(): Promise<void>;
  /** While the whole text is being stored, no piece of it is: the one would wait for the other, and all others with it. */
  whileEnding(store: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/** What is known once a model has begun. */
interface Begun {
  /** Tokens that it was asked. */
  readonly inputTokens: number;
  /** Null while it only thinks. */
  readonly firstTextAt: Date | null;
}

/** What is stored at once. */
interface Work {
  readonly renews: boolean;
  /** The text goes before the lease, which is not renewed then when the text could not be stored. */
  readonly textFirst?: boolean;
}

/** Stores a run's text when it has grown, and renews the lease in time; one statement at once. */
export function keepLease(ctx: Context, run: StartedRun, live: LiveText): Lease {
  const standstill = new Standstill();
  const texts = new TextStore(ctx, run, live);
  let begun: Begun | null = null;
  let running: Promise<void> | null = null;
  let renewedAt = performance.now();
  /** When the last look at whose the run is, answered or given up, was begun. */
  let lookedAt = renewedAt;
  let isEnding = false;
  const failures = new Failures(ctx.log);
  let pauseMs = 0;
  let tryFrom = 0;
  const hasNew = () => live.text.length > live.storedLength && !isEnding;
  const isDue = () => performance.now() - renewedAt > renewEveryMs;
  const append = async () => {
    if (hasNew() && !live.stop.signal.aborted) await texts.append();
  };
  const work = async ({ renews, textFirst }: Work) => {
    const beganAt = performance.now();
    try {
      if (textFirst) await append();
      if (renews) {
        await renew(ctx, run, live, begun);
        renewedAt = beganAt;
      }
      // What has come since is stored with what comes next.
      if (!textFirst) await append();
      failures.clear();
      pauseMs = 0;
    } catch (error) {
      failures.note(error, { run: run.id }, 'a piece of a text could not be stored yet');
      pauseMs = Math.min(Math.max(minPauseMs, 2 * pauseMs), maxPauseMs);
      tryFrom = performance.now() + pauseMs;
    } finally {
      lookedAt = beganAt;
      running = null;
    }
  };
  const begin = (what: Work) => {
    running ??= work(what);
  };
  const stop = TextAppends.of(ctx.services).each(() => {
    if (performance.now() >= tryFrom && (hasNew() || isDue())) begin({ renews: isDue() });
  });
  const look = async () => {
    await running;
    begin({ renews: true });
    await running;
  };
  const stopListening = ctx.services.doorbell.listen(stopTopic(run.id), () => void look());
  return {
    noteBegun: (known) => {
      begun = known;
      // Readers in this process get the piece before the database does; those elsewhere wait for it, nobody for the lease.
      setImmediate(begin, { renews: true, textFirst: true });
    },
    catchUp: async () => {
      const since = ctx.services.notifyBridge.downMs > 0 ? performance.now() - maxLookAgeMs : standstill.endedAt;
      const hasLooked = () => Math.max(since, standstill.endedAt) <= lookedAt;
      if (hasLooked()) return;
      await running;
      if (!hasLooked()) await look();
    },
    whileEnding: async (store) => {
      isEnding = true;
      await store().finally(() => {
        isEnding = false;
      });
    },
    end: async () => {
      stop();
      stopListening();
      standstill.close();
      await running;
    },
  };
}

/** Stops the writing when the run is not this process's any more. */
async function renew(ctx: Context, { accountId, id }: StartedRun, live: LiveText, begun: Begun | null): Promise<void> {
  const [row] = await runStatement(
    ctx,
    `update llm.run set lease_until = now() + $4 * interval '1 ms', input_tokens = coalesce($5, input_tokens),
       first_text_at = coalesce(first_text_at, $6)
     where account_id = $1 and id = $2 and lease_owner = $3 and state = 'RUNNING' returning id`,
    [accountId, id, ctx.services.instanceId, leaseMs, begun?.inputTokens ?? null, begun?.firstTextAt ?? null],
  );
  if (!row) live.stop.abort(new Error('The run was ended elsewhere.'));
}
