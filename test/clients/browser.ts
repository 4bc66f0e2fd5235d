import { stripTypeScriptTypes } from 'node:module';
import { compileFunction } from 'node:vm';
import {
  createClient as createEventClient,
  type Client as EventClient,
  type ClientOptions as EventClientOptions,
} from 'graphql-sse';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { documentedCode } from './documented-code.js';

/** What docs/clients.md has for the pages of a browser, once it runs in one of its tabs. */
export interface Tab {
  readonly accessToken: string;
  readonly socket: Client;
  readonly events: EventClient;
  readonly SignedOut: new () => Error;
  /** How often the page was to be loaded anew; it goes on here all the same, as a page does until it is gone. */
  readonly reloads: number;
  signIn(given: { idToken: string }): Promise<void>;
  refresh(): Promise<void>;
  logOut(): Promise<void>;
}

/** Word for word, but for the imports: what they name is handed in. */
const documented = documentedCode('ts').replaceAll(/^import .*\n/gm, '');
const exported =
  'SignedOut, signIn, refresh, logOut, socket, events, get accessToken() { return accessToken; }, get reloads() { return location.reloads; }';

/** One browser: its tabs share a cookie and its locks. */
export class Browser {
  /** What it keeps for the routes of signing in; null for none. */
  cookie: string | null = null;
  #lastLock: Promise<unknown> = Promise.resolve();
  readonly #sockets: Client[] = [];
  readonly #eventClients: EventClient[] = [];
  /** What its tabs have sent to the routes of signing in, in order. */
  readonly sent: string[] = [];
  /** Keeps answers back until it resolves, if a test wants that. */
  holding: Promise<void> | null = null;
  /**
   * How the next requests fail: with a status before they reach the server, which says to come again in 7 s, or because
   * the answer gets lost, half of it, or the request.
   */
  readonly failures: (number | 'lost' | 'half' | 'lost-before')[] = [];
  /** Milliseconds that its tabs have waited; none takes any time, but for the server's answer to a ping. */
  readonly waits: number[] = [];
  /** What a test waits for a dead connection in place of 10 s. */
  deadAfterMs = 10_000;

  /** @param url of the API @param page the origin of its pages */
  constructor(
    private readonly url: string,
    private readonly page: string,
  ) {}

  /** A page that has just been loaded. */
  open(): Tab {
    const code = stripTypeScriptTypes(documented).replaceAll('localhost:4000', new URL(this.url).host);
    const names = ['fetch', 'navigator', 'createClient', 'createEventClient', 'setTimeout', 'clearTimeout', 'location'];
    const run = compileFunction(`${code}\nreturn { ${exported} };`, names);
    const page = { reloads: 0, reload: () => (page.reloads += 1) };
    const locks = { request: this.#lock };
    const tab: Tab = run(this.#fetch, { locks }, this.#connect, this.#connectEvents, this.#wait, clearTimeout, page);
    return tab;
  }

  close(): void {
    // One that is connecting fails then.
    for (const events of this.#eventClients) events.dispose();
    for (const socket of this.#sockets) Promise.resolve(socket.dispose()).catch(() => undefined);
  }

  /** As `navigator.locks.request` does for one name. */
  readonly #lock = <T>(_name: string, act: () => Promise<T>): Promise<T> => {
    const done = this.#lastLock.then(act);
    this.#lastLock = done.catch(() => undefined);
    return done;
  };

  readonly #fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.sent.push(url.replace(/^.*\//, ''));
    const headers = new Headers(init.headers);
    headers.set('origin', this.page);
    const failure = this.failures.shift();
    if (failure === 'lost-before') throw new TypeError('fetch failed');
    if (typeof failure === 'number') return new Response('{}', { status: failure, headers: { 'retry-after': '7' } });
    if (this.cookie) headers.set('cookie', this.cookie);
    const response = await fetch(url, { ...init, headers });
    await this.holding;
    if (failure === 'lost') throw new TypeError('fetch failed');
    if (failure === 'half') return new Response('{"accessToken":');
    for (const text of response.headers.getSetCookie()) {
      this.cookie = /Expires=Thu, 01 Jan 1970/.test(text) ? null : (text.split(';')[0] ?? null);
    }
    return response;
  };

  readonly #wait = (act: () => void, ms: number): NodeJS.Timeout | undefined => {
    if (ms === 10_000) return setTimeout(act, this.deadAfterMs);
    this.waits.push(ms);
    setImmediate(act);
    return undefined;
  };

  readonly #connectEvents = (options: EventClientOptions): EventClient => {
    const events = createEventClient(options);
    this.#eventClients.push(events);
    return events;
  };

  readonly #connect = (options: ClientOptions): Client => {
    const { deadAfterMs: ms } = this;
    const socket = createClient({ ...options, keepAlive: ms });
    this.#sockets.push(socket);
    return socket;
  };
}
