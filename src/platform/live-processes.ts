import type { RunStatement } from './database/rows.js';
import type { Doorbell } from './doorbell/doorbell.js';
import type { NotifyBridge } from './doorbell/notify-bridge.js';
import type { Logger } from './log.js';
import { gaugeOnScrape, type Metrics } from './metrics.js';
import { logFailure } from './unavailable.js';

/** How often a process says that it lives. */
const beatEveryMs = 2_000;
/** One that has not said so for this long is dead; the database's clock decides. */
const missedAfter = "interval '6 seconds'";
const topic = 'api-processes';

/** The condition that a row of `platform.api_process`, called `process`, is a live one. */
export const isLive = `process.seen_at > now() - ${missedAfter}`;

/** What a process needs to find the others. */
export interface LiveProcessesOptions {
  /** Names this process. */
  readonly id: string;
  readonly runStatement: RunStatement;
  readonly doorbell: Doorbell;
  readonly notifyBridge: NotifyBridge;
  readonly log: Logger;
}

/**
 * Which processes of the API live, so that each knows its share of what they allow together. One that joins or leaves
 * rings the doorbell, one that dies is missed after 6 s. While the database is away, a process takes itself to be alone.
 */
export class LiveProcesses {
  readonly #listeners: (() => void)[] = [];
  #others = 0;
  #isAway = false;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  #isRung = false;
  #stopListening: () => void = () => undefined;

  constructor(private readonly options: LiveProcessesOptions) {}

  get id(): string {
    return this.options.id;
  }

  /** How many live besides this one: 0 before it has joined them, and while the database is away. */
  get others(): number {
    return this.#isAway ? 0 : this.#others;
  }

  /** Calls `listener` when `others` has changed, and when the others may have forgotten what this process told them. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Joins the others, who know it within a moment. @throws when the database is away */
  async join(): Promise<void> {
    const { doorbell, notifyBridge } = this.options;
    await this.#beat();
    this.#stopListening = doorbell.listen(topic, () => void this.#beatSafely());
    this.#timer = setInterval(() => void this.#beatSafely(), beatEveryMs).unref();
    notifyBridge.ring([topic]);
  }

  /** Takes in that the database did not answer somebody in time; the next beat that it answers takes it back. */
  noteAway(error: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    logFailure(this.options.log, error, {}, 'limits are kept by this process alone until the database is back');
    this.#tell();
  }

  /** Leaves the others, who know it within a moment. */
  async close(): Promise<void> {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#stopListening();
    await this.#beating;
    const { id, runStatement, notifyBridge } = this.options;
    await runStatement('delete from platform.api_process where id = $1', [id]).catch((error: unknown) =>
      logFailure(this.options.log, error, {}, 'the others will miss this process in 6 s'),
    );
    notifyBridge.ring([topic]);
  }

  /** Looks at once, or once more when a look is under way. It never fails. */
  #beatSafely(): Promise<void> {
    this.#isRung = true;
    this.#beating ??= this.#beatWhileRung().finally(() => {
      this.#beating = null;
    });
    return this.#beating;
  }

  async #beatWhileRung(): Promise<void> {
    while (this.#isRung) {
      this.#isRung = false;
      await this.#beat().catch((error: unknown) => this.noteAway(error));
    }
  }

  async #beat(): Promise<void> {
    const [row] = await this.options.runStatement<{ others: number; wasLive: boolean }>(beat, [this.options.id]);
    if (!row) throw new Error('A statement without rows.');
    const hasChanged = this.#isAway || row.others !== this.#others || !row.wasLive;
    this.#isAway = false;
    this.#others = row.others;
    if (hasChanged) this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const beat = `
  with beat as (
    insert into platform.api_process (id, seen_at) values ($1, now())
    on conflict (id) do update set seen_at = excluded.seen_at),
  dead as (delete from platform.api_process as process where id <> $1 and seen_at < now() - interval '1 minute')
  select (count(*) filter (where id <> $1))::int as others, count(*) filter (where id = $1) > 0 as "wasLive"
  from platform.api_process as process where ${isLive}`;

/** Has whoever scrapes see how many processes share limits. */
export function observeProcesses(metrics: Metrics, processes: LiveProcesses): void {
  const shared = {
    name: 'api_processes',
    help: 'Processes of the API that share limits, as this one knows; 1 while the database is away.',
  };
  gaugeOnScrape(metrics, shared, () => [{ labels: {}, value: processes.others + 1 }]);
}
