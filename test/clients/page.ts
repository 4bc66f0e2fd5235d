import { Window } from 'happy-dom';
import { createElement, type ReactNode, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { eventually } from '../support/harness.js';

/**
 * A page that React runs in, with a document of happy-dom: hooks with effects need one, and it is the lighter of the
 * two that are well kept. What talks to the server (`fetch`, `WebSocket`) stays Node's own.
 */
export class Page {
  readonly #window: Window;
  #root: Root | null = null;

  constructor(url: string) {
    this.#window = new Window({ url });
    Reflect.set(globalThis, 'window', this.#window);
    Reflect.set(globalThis, 'document', this.#window.document);
  }

  render(app: ReactNode): void {
    const main = document.createElement('main');
    document.body.append(main);
    this.#root = createRoot(main);
    this.#root.render(app);
  }

  /** Waits until these elements have these texts, in their order. */
  async shows(selector: string, texts: readonly string[]): Promise<void> {
    await eventually(
      () => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent),
      (seen) => JSON.stringify(seen) === JSON.stringify(texts),
    );
  }

  /** Clicks once the element is there. */
  async click(selector: string): Promise<void> {
    const element = await eventually(
      () => document.querySelector<HTMLElement>(selector),
      (found) => found !== null,
    );
    element?.click();
  }

  async close(): Promise<void> {
    this.#root?.unmount();
    await scheduledBefore();
    await this.#window.happyDOM.close();
    Reflect.deleteProperty(globalThis, 'window');
    Reflect.deleteProperty(globalThis, 'document');
  }
}

/**
 * Waits until React has run what it has scheduled, as it does even after the last root was unmounted: its callbacks read
 * `window.event`. It runs them in order, so that an effect of a new root is the last.
 */
async function scheduledBefore(): Promise<void> {
  const root = createRoot(document.createElement('main'));
  await new Promise<void>((resolve) => root.render(createElement(Last, { ran: resolve })));
}

function Last({ ran }: { readonly ran: () => void }): null {
  useEffect(ran, [ran]);
  return null;
}
