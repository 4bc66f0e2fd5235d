import { Batches, type Services } from '../kernel/context.js';
import { readTexts, type StoredText, type TextPlace } from './run-rows.js';

/**
 * Reads what other processes have stored of texts, for all readers who ask at about the same time in one statement: one
 * bell wakes the readers of all the runs that another process has just stored something of.
 */
export class TextReads {
  static readonly #ofApps = new WeakMap<Services, TextReads>();

  /** One an app. */
  static of(services: Services): TextReads {
    const known = TextReads.#ofApps.get(services) ?? new TextReads(services);
    TextReads.#ofApps.set(services, known);
    return known;
  }

  readonly #batches = new Batches<TextPlace>((places) => this.#read(places), {
    coalesceMs: 1,
    maxKeys: 500,
    maxBatches: 100,
  });
  /** What has not begun to be read: readers who have the same of a run share it. */
  readonly #waiting = new Map<string, TextPlace>();
  readonly #found = new WeakMap<TextPlace, StoredText | null>();

  private constructor(private readonly services: Services) {}

  /** What is stored of a text that has not ended, from a position on; null once it has ended. */
  async read(run: TextPlace['run'], from: number): Promise<StoredText | null> {
    const key = keyOf({ run, from });
    const place = this.#waiting.get(key) ?? { run, from };
    const read = this.#batches.add(place);
    this.#waiting.set(key, place);
    await read.finally(() => this.#forget(place));
    return this.#found.get(place) ?? null;
  }

  async #read(places: readonly TextPlace[]): Promise<void> {
    // Whoever asks from now on gets what is read later.
    for (const place of places) this.#forget(place);
    const found = await readTexts(this.services.runStatement, places);
    for (const [index, place] of places.entries()) this.#found.set(place, found[index] ?? null);
  }

  #forget(place: TextPlace): void {
    const key = keyOf(place);
    if (this.#waiting.get(key) === place) this.#waiting.delete(key);
  }
}

function keyOf({ run, from }: TextPlace): string {
  return `${run.id} ${from}`;
}
