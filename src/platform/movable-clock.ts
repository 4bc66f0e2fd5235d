import type { Clock } from './clock.js';
import type { RunStatement } from './database/rows.js';
import type { NotifyBridge } from './doorbell/notify-bridge.js';

/** The doorbell topic on which processes hear that time was moved. */
export const clockTopic = 'clock';

/**
 * A clock for development and tests that can be moved ahead, for every process on the database at once and across
 * restarts. It runs on with the clock that it was moved from.
 */
export class MovableClock implements Clock {
  #aheadMs = 0;
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly unmoved: Clock) {}

  now(): Date {
    return new Date(this.unmoved.now().getTime() + this.#aheadMs);
  }

  /** Calls `listener` whenever time has been moved, here or elsewhere. */
  onMoved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Takes over how far other processes, or this one before its restart, have moved time. */
  async read(runStatement: RunStatement): Promise<void> {
    const [row] = await runStatement<{ aheadMs: string }>('select ahead_ms as "aheadMs" from platform.clock_shift', []);
    const aheadMs = Number(row?.aheadMs ?? 0);
    if (aheadMs === this.#aheadMs) return;
    this.#aheadMs = aheadMs;
    for (const listener of this.#listeners) listener();
  }

  /** Moves time ahead to a moment; one that has passed changes nothing. Answers what time it is then. */
  async advance(to: Date, runStatement: RunStatement, notifyBridge: NotifyBridge): Promise<Date> {
    const aheadMs = Math.max(to.getTime() - this.unmoved.now().getTime(), this.#aheadMs);
    await runStatement(
      `insert into platform.clock_shift (id, ahead_ms) values (1, $1)
       on conflict (id) do update set ahead_ms = greatest(clock_shift.ahead_ms, excluded.ahead_ms)`,
      [aheadMs],
    );
    await this.read(runStatement);
    notifyBridge.ring([clockTopic]);
    return this.now();
  }
}
