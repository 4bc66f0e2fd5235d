import { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

declare module 'fastify' {
  interface FastifyInstance {
    /** What this server's connections have under way. */
    pipelining: Pipelining;
  }
}

/** Requests of one connection that may wait for their answers; browsers send the next one after the answer. */
const maxUnanswered = 16;
/** Tells Node's parser that what follows is another protocol. */
const anotherProtocol = 2;

/**
 * Bounds what one connection may have done at once. Node makes requests of everything that it has read before the first
 * is answered, some 2,400 of the smallest ones, so a few connections that are written to without a pause fill the memory
 * and leave no time to others. Here the connection ends at its 17th unanswered request, and Node makes no more of them.
 * Nobody else pays for it, such as others behind the same address.
 */
export class Pipelining {
  readonly #unanswered = new WeakMap<Socket, number>();

  /** Hands requests on as long as their connection keeps within its bound. */
  bound(handle: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#admits(request, response)) handle(request, response);
    };
  }

  /**
   * Gives a connection to an answer that may go on for long: what is asked behind it would wait in memory for as long.
   * The next request ends the connection, until the returned function is called. Null when others wait already.
   */
  reserve({ socket }: IncomingMessage): (() => void) | null {
    if (this.#unanswered.get(socket) !== 1) return null;
    this.#count(socket, maxUnanswered - 1);
    return () => this.#count(socket, 1 - maxUnanswered);
  }

  /** Whether something that was asked for on a connection is not answered yet. */
  isBusy(connection: Duplex): boolean {
    return connection instanceof Socket && (this.#unanswered.get(connection) ?? 0) > 0;
  }

  #admits({ socket }: IncomingMessage, response: ServerResponse): boolean {
    if (socket.destroyed) return false;
    if ((this.#unanswered.get(socket) ?? 0) >= maxUnanswered) {
      stopParsing(socket);
      socket.destroy();
      return false;
    }
    this.#count(socket, 1);
    response.once('close', () => this.#count(socket, -1));
    return true;
  }

  #count(socket: Socket, more: number): void {
    this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 0) + more);
  }
}

/** Closes connections that were reset before they were taken: nobody is there to answer, and they have no address. */
export function refuseReset(server: Server): void {
  server.prependListener('connection', (socket) => {
    // Node remembers an address that was asked for while the connection stood, and has none to tell after a reset.
    if (socket.remoteAddress === undefined) socket.destroy();
  });
}

/**
 * Keeps Node's parser from making requests of the rest of what it has read, 20 ms a connection: it goes on after the
 * socket was destroyed, has no public switch, and stops at what it takes for the beginning of another protocol.
 * https://github.com/nodejs/node/blob/main/lib/_http_common.js
 */
function stopParsing(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser');
  if (typeof parser === 'object' && parser !== null) Reflect.set(parser, 'onIncoming', () => anotherProtocol);
}
