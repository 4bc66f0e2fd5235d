import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { IsOriginAllowed } from '../http/origins.js';
import { type RawRefusal, refuseRaw } from '../http/raw-answers.js';

/** Which upgrades are taken. */
export interface UpgradeRules {
  readonly path: string;
  readonly isOriginAllowed: IsOriginAllowed;
  /** Whether no more of this client's are taken for now. */
  isClosedTo(request: IncomingMessage): boolean;
  /** Whether nobody's are taken for now. */
  isOverloaded(): boolean;
  /** Whether the connection has an answer under way, which frames would end up in. */
  isBusy(socket: Duplex): boolean;
  /** One more of this client's was refused, while it was not closed to it. */
  onRefused(request: IncomingMessage): void;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const tooMany: RawRefusal = {
  status: 429,
  code: 'RATE_LIMITED',
  message: 'Too many sockets without a valid token. Try again later.',
};

const tooBusy: RawRefusal = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'The server is busy. Try again.',
  retryAfter: 1,
};

/** Takes the server's upgrades that keep the rules, and refuses all others. */
export function takeUpgrades(http: Server, rules: UpgradeRules): void {
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (rules.isBusy(socket)) return void socket.destroy();
    if (rules.isOverloaded()) return refuseRaw(socket, tooBusy);
    const isClosed = rules.isClosedTo(request);
    const refusal = isClosed ? tooMany : faultOf(request, rules);
    if (refusal && !isClosed) rules.onRefused(request);
    if (refusal) return refuseRaw(socket, refusal);
    // Until it is a WebSocket nobody else listens: a reset now must not end the process.
    socket.on('error', () => socket.destroy());
    return rules.accept(request, socket, head);
  });
}

function faultOf(request: IncomingMessage, rules: UpgradeRules): RawRefusal | null {
  const { url = '', headers } = request;
  if (pathOf(url) !== rules.path) return { status: 404, code: 'NOT_FOUND', message: 'There is no such route.' };
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (!protocols.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) {
    return { status: 400, code: 'VALIDATION_FAILED', message: `The protocol is ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.` };
  }
  // Only browsers say where a page came from, and only they can be made to connect by somebody else's page.
  if (headers.origin !== undefined && !rules.isOriginAllowed(headers.origin)) {
    return { status: 403, code: 'FORBIDDEN', message: 'Pages of this origin may not connect.' };
  }
  return null;
}

/** Without a parser, since those throw: proxies may send the absolute form (RFC 9112, section 3.2.2). */
function pathOf(target: string): string {
  return /^(?:https?:\/\/[^/?#]*)?([^?#]*)/i.exec(target)?.[1] ?? '';
}
