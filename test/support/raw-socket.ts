import { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { eventually } from './harness.js';
import type { Person } from './person.js';

interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A socket without a library's manners. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly messages: SocketMessage[] = [];
  readonly closed: Promise<{ code: number }>;

  constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    this.#socket.on('message', (data) => this.messages.push(JSON.parse(String(data))));
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code) => resolve({ code }));
    });
  }

  get isClosed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  async open(): Promise<this> {
    await new Promise((resolve) => this.#socket.once('open', resolve));
    return this;
  }

  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends messages that come in one piece: the server reads all of them before it does anything. */
  sendTogether(messages: readonly object[]): void {
    // The library has no public name for it.
    const connection: unknown = Reflect.get(this.#socket, '_socket');
    if (!(connection instanceof Socket)) throw new Error('The socket is not open.');
    connection.cork();
    for (const message of messages) this.send(message);
    connection.uncork();
  }

  /** Sends a text that an object of ours could not be made into. */
  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Sends a text in parts, a frame each. */
  sendFragments(parts: readonly string[]): void {
    for (const [place, part] of parts.entries()) this.#socket.send(part, { fin: place === parts.length - 1 });
  }

  /** Sends a frame of the protocol's own. */
  control(kind: 'ping' | 'pong'): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket[kind]();
  }

  async init(person: Person): Promise<this> {
    await this.open();
    this.send({ type: 'connection_init', payload: { Authorization: `Bearer ${person.session.accessToken}` } });
    await this.until(({ type }) => type === 'connection_ack');
    return this;
  }

  /** The first message that fits, once it is there. */
  async until(holds: (message: SocketMessage) => boolean): Promise<SocketMessage> {
    const seen = await eventually(
      () => this.messages,
      (messages) => messages.some(holds),
    );
    const found = seen.find(holds);
    if (!found) throw new Error('It is gone.');
    return found;
  }

  /** Stops reading, as a client that hangs does. */
  stopReading(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.terminate();
  }
}
