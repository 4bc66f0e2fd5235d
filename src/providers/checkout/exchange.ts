import { AsyncLocalStorage } from 'node:async_hooks';
import axios, { type InternalAxiosRequestConfig, isAxiosError } from 'axios';

/** Bytes of an answer: a page of a hundred payments of some 5 KB each, and eight times that. */
const maxAnswerBytes = 4_000_000;

/** One request as the SDK sends it, and what the SDK does not say of it. */
export class Exchange {
  /** Whether it was given to the network at all. */
  hasBegun = false;
  /** The status of the answer; null when none came whole. */
  status: number | null = null;
  /** The body of an answer that refuses. */
  refusal: unknown = null;
  /** Why none came, or one that refuses. */
  failure: unknown = null;

  constructor(readonly signal: AbortSignal) {}

  /** The SDK's answer; what it asks through axios meanwhile is bounded. */
  run(send: () => Promise<unknown>): Promise<unknown> {
    return exchanges.run(this, send);
  }

  begin(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
    this.hasBegun = true;
    const { signal } = this;
    // Redirects would take the key elsewhere, and so would the proxies that axios reads from the environment.
    return { ...config, signal, maxContentLength: maxAnswerBytes, maxRedirects: 0, proxy: false };
  }

  fail(error: unknown): void {
    this.failure = error;
    if (!isAxiosError(error)) return;
    this.status = error.response?.status ?? null;
    this.refusal = error.response?.data ?? null;
  }
}

const exchanges = new AsyncLocalStorage<Exchange>();

// The SDK asks the package's own instance, and passes no limits on to it but the time in which nothing comes. Its other
// client, `fetch`, has none at all.
axios.interceptors.request.use((config) => exchanges.getStore()?.begin(config) ?? config);
axios.interceptors.response.use(
  (response) => {
    const exchange = exchanges.getStore();
    if (exchange) exchange.status = response.status;
    return response;
  },
  (error: unknown) => {
    exchanges.getStore()?.fail(error);
    throw error;
  },
);
