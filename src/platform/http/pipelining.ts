import { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RateLimit } from '../rate-limit.js';
import { addressKey } from './addresses.js';

/** Requests of one connection that may wait for their answers; browsers send the next one after the answer. */
const maxUnanswered = 16;
/** Connections of one address that may go beyond that, a minute; more of that address are closed unread. */
const maxFloodsPerMinute = 3;

/**
 * Bounds what one connection may have done at once. Node makes requests of everything that it has read before the first
 * is answered, some 1,700 of the smallest ones, so a few connections that are written to without a pause fill the memory
 * and leave no time to others. Here the connection ends at its 17th unanswered request, and an address that does it
 * again and again is not listened to for the rest of the minute, since making the requests costs Node 20 ms by itself.
 */
export class Pipelining {
  readonly #unanswered = new WeakMap<Socket, number>();
  readonly #floods = new RateLimit(maxFloodsPerMinute);

  /** @param isTrustedProxy whether an address speaks for many clients, and must not be closed out for one of them */
  constructor(private readonly isTrustedProxy: (address: string) => boolean) {}

  /** Hands requests on as long as their connection keeps within its bound. */
  bound(handle: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#admits(request, response)) handle(request, response);
    };
  }

  /**
   * Closes connections of addresses that flooded, before anything of them is read; and those that were reset before they
   * were taken: nobody is there to answer, and what they sent would have no address.
   */
  watch(server: Server): void {
    server.prependListener('connection', (socket) => {
      // Node remembers an address that was asked for while the connection stood, and has none to tell after a reset.
      const { remoteAddress } = socket;
      if (remoteAddress === undefined || this.#floods.isExhausted(addressKey(remoteAddress))) socket.destroy();
    });
  }

  #admits({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // Node goes on making requests of what it has read.
    if (socket.destroyed) return false;
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (unanswered > maxUnanswered) {
      this.#count(socket.remoteAddress);
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    response.once('close', () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    return true;
  }

  #count(address: string | undefined): void {
    const key = addressKey(address);
    if (address === undefined || this.isTrustedProxy(address) || this.#floods.isExhausted(key)) return;
    this.#floods.take(key);
  }
}
