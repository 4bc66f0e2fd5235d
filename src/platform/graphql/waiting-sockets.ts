import type { WebSocket } from 'ws';

/** Caps on sockets that have not said yet who they are. */
export interface WaitingCaps {
  readonly perAddress: number;
  readonly total: number;
}

/** What graphql-ws says to a client that has not introduced itself in time. */
const initTimeout = 4_408;

/**
 * Sockets that have not said yet who they are. Whoever means it does so at once, so that the one which has waited
 * longest makes room for a new one: many that say nothing shut nobody out.
 */
export class WaitingSockets {
  readonly #all = new Set<WebSocket>();
  readonly #byAddress = new Map<string, Set<WebSocket>>();

  /** @param caps answers them as they are now */
  constructor(private readonly caps: () => WaitingCaps) {}

  /** Lets one wait. */
  add(socket: WebSocket, address: string): void {
    const neighbours = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, neighbours);
    const { perAddress, total } = this.caps();
    if (neighbours.size >= perAddress) dismissFirst(neighbours);
    else if (this.#all.size >= total) dismissFirst(this.#all);
    neighbours.add(socket);
    this.#all.add(socket);
    socket.on('close', () => this.leave(socket, address));
  }

  /** One has said who it is, or has gone. */
  leave(socket: WebSocket, address: string): void {
    this.#all.delete(socket);
    const neighbours = this.#byAddress.get(address);
    neighbours?.delete(socket);
    if (neighbours?.size === 0) this.#byAddress.delete(address);
  }
}

function dismissFirst(sockets: Set<WebSocket>): void {
  const [first] = sockets;
  if (!first) return;
  sockets.delete(first);
  first.close(initTimeout, 'Connection initialisation timeout');
  // It may never answer.
  setTimeout(() => first.terminate(), 1_000).unref();
}
