import { type DocumentNode, print } from 'graphql';
import { eventually } from './harness.js';
import type { Person } from './person.js';
import { sentInputs } from './sent-inputs.js';

/** A stream of events without a library's manners. */
export class EventStream {
  text = '';
  /** How it ended: whole, or in the middle as a broken connection does. */
  readonly ended: Promise<'whole' | 'cut'>;

  private constructor(readonly response: Response) {
    this.ended = this.#read();
  }

  /** Asks for an operation's events. */
  static async open(
    { url, session }: Person,
    document: DocumentNode | string,
    variables: object = {},
    headers: Record<string, string> = {},
  ): Promise<EventStream> {
    const query = typeof document === 'string' ? document : print(document);
    sentInputs.note(query, variables);
    return new EventStream(
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${session.accessToken}`,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      }),
    );
  }

  /** The results so far. */
  get results(): { readonly data?: unknown; readonly errors?: readonly unknown[] }[] {
    return [...this.text.matchAll(/^event: next\ndata: (.+)\n\n/gm)].map(([, data = '']) => JSON.parse(data));
  }

  get isComplete(): boolean {
    return this.text.endsWith('event: complete\ndata:\n\n');
  }

  /** Waits for as many results. */
  async until(count: number): Promise<void> {
    await eventually(
      () => this.results.length,
      (seen) => seen >= count,
    );
  }

  async close(): Promise<void> {
    await this.#reader?.cancel();
  }

  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  async #read(): Promise<'whole' | 'cut'> {
    this.#reader = this.response.body?.getReader();
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const chunk = await this.#reader?.read();
        if (!chunk || chunk.done) return 'whole';
        this.text += decoder.decode(chunk.value, { stream: true });
      }
    } catch {
      return 'cut';
    }
  }
}
