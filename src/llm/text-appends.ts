import { Batches, type Services } from '../kernel/context.js';

/** How often new text is stored. */
const everyMs = 100;

/** Text that makes a piece longer. */
export interface Extension {
  readonly accountId: string;
  readonly runId: string;
  /** Of the piece. */
  readonly position: number;
  /** UTF-8 bytes of the piece as its writer knows it. */
  readonly bytes: number;
  readonly text: string;
}

/**
 * Stores what the runs of this process have written since the last time, all of it in one statement: a transaction for
 * each would cost more than what it stores.
 */
export class TextAppends {
  static readonly #ofApps = new WeakMap<Services, TextAppends>();

  /** One an app. */
  static of(services: Services): TextAppends {
    const known = TextAppends.#ofApps.get(services) ?? new TextAppends(services);
    TextAppends.#ofApps.set(services, known);
    return known;
  }

  readonly #acts = new Set<() => void>();
  readonly #batches = new Batches<Extension>((extensions) => this.#send(extensions), {
    coalesceMs: 3,
    maxKeys: 500,
    maxBatches: 20,
  });
  readonly #stored = new WeakSet<Extension>();
  #timer: NodeJS.Timeout | null = null;

  private constructor(private readonly services: Services) {}

  /** Calls `act` every 100 ms, together with all others, until the returned function is called. */
  each(act: () => void): () => void {
    this.#acts.add(act);
    this.#timer ??= setInterval(() => {
      for (const each of this.#acts) each();
    }, everyMs);
    return () => {
      this.#acts.delete(act);
      if (this.#acts.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  /** Whether a piece has been extended: not where it is longer or shorter, or its run is not this process's any more. */
  async extend(extension: Extension): Promise<boolean> {
    await this.#batches.add(extension);
    return this.#stored.has(extension);
  }

  async #send(extensions: readonly Extension[]): Promise<void> {
    const { runStatement, instanceId } = this.services;
    const rows = await runStatement<{ runId: string }>(
      `update llm.piece set reversed_text = reverse(given.text) || reversed_text
       from unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::text[]) as given (account_id, run_id, position, bytes, text)
         join llm.run on run.account_id = given.account_id and run.id = given.run_id and lease_owner = $1 and state = 'RUNNING'
       where piece.account_id = given.account_id and piece.run_id = given.run_id and piece.position = given.position
         and octet_length(reversed_text) = given.bytes
       returning piece.run_id as "runId"`,
      [
        instanceId,
        extensions.map(({ accountId }) => accountId),
        extensions.map(({ runId }) => runId),
        extensions.map(({ position }) => position),
        extensions.map(({ bytes }) => bytes),
        extensions.map(({ text }) => text),
      ],
    );
    const ids = new Set(rows.map(({ runId }) => runId));
    for (const extension of extensions) if (ids.has(extension.runId)) this.#stored.add(extension);
  }
}
