import { WebSocket } from 'ws';
import type { BenchUser } from './accounts.js';
import { openSocket, subscribe } from './client.js';
import { documentOf } from './documents.js';

const [followChanges, chatStream] = [documentOf('FollowChanges'), documentOf('ChatStream')];

/** A user's socket, which follows what changes, and answers as they are written. */
export class Follower {
  /** Who waits for a change of a thing, by its id. */
  readonly #changes = new Map<string, () => void>();
  /** Who waits for the first text of an answer, by its id. */
  readonly #texts = new Map<string, () => void>();
  /** What changed before anybody waited for it. */
  readonly #heard = new Set<string>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.#read(String(data)));
  }

  /** Connects, and follows the changes of the account. */
  static async open(url: string, user: BenchUser): Promise<Follower> {
    const socket = await openSocket(url, user);
    const follower = new Follower(socket);
    subscribe(socket, 'changes', followChanges);
    return follower;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** From now on only what changes later counts. */
  forget(id: string): void {
    this.#heard.delete(id);
  }

  /** Resolves once a thing has changed since it was forgotten, or at all. */
  change(id: string): Promise<void> {
    if (this.#heard.has(id)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changes.set(id, resolve);
    return promise;
  }

  /** Resolves once the first text of an answer has come. */
  firstText(id: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#texts.set(id, resolve);
    subscribe(this.socket, id, chatStream, { messageId: id });
    return promise;
  }

  close(): void {
    this.socket.terminate();
  }

  /** With as little work as can be: it shares the machine with what it measures. */
  #read(frame: string): void {
    if (frame.startsWith('{"type":"ping"')) {
      this.socket.send('{"type":"pong"}');
      return;
    }
    const id = /"id":"([^"]+)"/.exec(frame)?.[1] ?? '';
    if (id !== 'changes') {
      if (frame.includes('"text":"')) this.#texts.get(id)?.();
      if (frame.includes('"type":"complete"')) this.#texts.delete(id);
      return;
    }
    const entityId = /"entityId":"([^"]+)"/.exec(frame)?.[1] ?? '';
    this.#heard.add(entityId);
    this.#changes.get(entityId)?.();
    this.#changes.delete(entityId);
  }
}
