import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { cutOff } from '../http/cut-off.js';

/** Messages that a client may send in a second; a page that opens all its subscriptions at once sends far fewer. */
const maxMessages = 300;
/** Bytes of the messages of a second: they are parsed before it is known what they ask for. */
const maxBytes = 512 * 1_024;
const windowMs = 1_000;
/** How long a client may take to answer that its socket closes; the library would read on for half a minute. */
const closeWithinMs = 10_000;
/** Bytes that may wait for a client that does not read; beyond that it is cut off. */
const maxBufferedBytes = 4 * 1_024 * 1_024;

/**
 * A client's socket, which loses it when it floods us or does not read. A class, and nothing that is hung on each
 * socket: thousands are kept for hours.
 */
export class ClientSocket extends WebSocket {
  #messages = 0;
  #bytes = 0;
  #windowEnds = 0;

  /** Keeps nothing for a client that does not read, whoever terminates it: we, or the libraries. */
  override terminate(): void {
    // The library has no public name for it.
    const connection: unknown = Reflect.get(this, '_socket');
    if (connection instanceof Duplex) cutOff(connection);
    super.terminate();
  }

  override close(...given: Parameters<WebSocket['close']>): void {
    const wasOpen = this.readyState === this.OPEN;
    super.close(...given);
    if (wasOpen) this.#terminateIn(closeWithinMs);
  }

  /**
   * What cannot be sent to a client that has gone is no fault of ours, and is not sent: graphql-ws would print the error
   * to the console with its stack, as one of message handling, for each client that resets its connection.
   */
  override send(data: Parameters<WebSocket['send']>[0], ...rest: readonly unknown[]): void {
    this.#cutOffIfUnread();
    const done = rest.at(-1);
    if (typeof done === 'function') super.send(data, () => done());
    else super.send(data);
  }

  /** Counts a message of so many bytes. Answers false when the client floods, or asks without ever reading. */
  countMessage(bytes: number, floodCode: number): boolean {
    // It has flooded, and what had been received by then still comes.
    if (this.isPaused) return false;
    const now = performance.now();
    if (now > this.#windowEnds) {
      this.#windowEnds = now + windowMs;
      this.#messages = 0;
      this.#bytes = 0;
    }
    this.#messages += 1;
    this.#bytes += bytes;
    if (this.#cutOffIfUnread()) return false;
    if (this.#messages <= maxMessages && this.#bytes <= maxBytes) return true;
    this.close(floodCode, 'Too many messages');
    // Nothing more of it is read while it closes.
    this.pause();
    this.#terminateIn(windowMs);
    return false;
  }

  #terminateIn(ms: number): void {
    const end = setTimeout(() => this.terminate(), ms).unref();
    this.on('close', () => clearTimeout(end));
  }

  /** Ends the socket of a client that does not read what it asked for. */
  #cutOffIfUnread(): boolean {
    if (this.bufferedAmount <= maxBufferedBytes) return false;
    this.terminate();
    return true;
  }
}
