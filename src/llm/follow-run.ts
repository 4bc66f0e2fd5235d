import { type Context } from '../kernel/context.js';
import { runTopic, type StartedRun } from './run-rows.js';
import { TextReads } from './text-reads.js';

/** More of a run's text: `position` is its length, in UTF-16 code units, once `text` is added. */
export interface TextDelta {
  readonly position: number;
  readonly text: string;
}

/** Behind the doorbell: how long a reader in another process than the writer waits at most before it looks again. */
const maxWaitMs = 1_000;

/**
 * Reads the text of a run from a position on, as it is written. Each reader pulls, so a slow one gets larger pieces and
 * holds up nobody. Close it when done.
 */
export class RunReader {
  readonly #bell;
  readonly #reads;
  #position: number;

  constructor(
    private readonly ctx: Context,
    private readonly run: Pick<StartedRun, 'id' | 'accountId'>,
    after: number,
  ) {
    this.#bell = ctx.services.doorbell.bell(runTopic(run.id), ctx.signal, maxWaitMs);
    this.#reads = TextReads.of(ctx.services);
    this.#position = after;
  }

  /** More of the text, once there is more; null when the run has ended, or nobody reads any longer. */
  async next(): Promise<TextDelta | null> {
    while (!this.#bell.closed) {
      const live = this.ctx.services.liveTexts.get(this.run.id);
      const stored = live ? { position: 0, text: live.text } : await this.#reads.read(this.run, this.#position);
      if (!stored) return null;
      const text = stored.text.slice(this.#position - stored.position);
      if (text !== '') {
        this.#position += text.length;
        return { position: this.#position, text };
      }
      await this.#bell.wait();
    }
    return null;
  }

  close(): void {
    this.#bell.close();
  }
}
