/**
 * A text that this process is writing right now, as far as it has got: newer than what is stored of it. Readers in
 * this process take it from here; readers elsewhere follow the stored text.
 */
export class LiveText {
  /** Pieces that are not stored yet are its tail. */
  text = '';
  /** What of `text` is stored, in UTF-16 code units. */
  storedLength = 0;
  /** Ends the writing. */
  readonly stop = new AbortController();
  /** The process ends: what cannot be stored by now is left as it is stored. */
  readonly giveUp = new AbortController();
}

/** The texts being written by this process, by id. */
export class LiveTexts {
  readonly #texts = new Map<string, LiveText>();
  readonly #writers = new Set<Promise<void>>();

  /** The text while it is being written here, else undefined. */
  get(id: string): LiveText | undefined {
    return this.#texts.get(id);
  }

  /** Registers a text for as long as `write` runs. `write` must not reject. */
  async run(id: string, write: (text: LiveText) => Promise<void>): Promise<void> {
    const text = new LiveText();
    this.#texts.set(id, text);
    const writer = write(text).finally(() => {
      this.#texts.delete(id);
      this.#writers.delete(writer);
    });
    this.#writers.add(writer);
    await writer;
  }

  /** How many texts are being written. */
  get size(): number {
    return this.#texts.size;
  }

  /** Waits until every text is finished, `timeoutMs` at most; then stops the rest and waits for them to say so. */
  async drain(timeoutMs: number): Promise<void> {
    const finished = Promise.all(this.#writers);
    const timeout = setTimeout(() => {
      for (const { stop, giveUp } of this.#texts.values()) {
        stop.abort(new Error('The server is shutting down.'));
        giveUp.abort();
      }
    }, timeoutMs);
    await finished;
    clearTimeout(timeout);
  }
}
