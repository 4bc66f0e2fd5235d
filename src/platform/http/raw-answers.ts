import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../kernel/errors.js';

/** How long a client that was refused has for reading why. */
const lingerMs = 1_000;

/** A refusal of what never became a request, in the shape of every other. */
export interface RawRefusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
}

/**
 * Answers on a socket that no server listens to any more, and ends it. Whatever its other end does then, a reset at
 * once or silence, concerns nobody.
 */
export function refuseRaw(socket: Duplex, { status, code, message, retryAfter }: RawRefusal): void {
  // A socket that has just been handed over has no listener, and would end the process with its first error.
  socket.on('error', () => socket.destroy());
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const requestId = randomUUID();
  const fields = code === 'VALIDATION_FAILED' ? { fields: [{ field: 'request', rule: message }] } : {};
  const body = JSON.stringify({ error: { code, message, requestId, retryAfter, ...fields } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
  // Unread bytes would turn the end into a reset, and the answer would be lost.
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** What is wrong with bytes that HTTP cannot make a request of. */
export function rawRefusalOf(error: Error & { readonly code?: string }): RawRefusal {
  const refusal = (status: number, message: string) => ({ status, code: 'VALIDATION_FAILED' as const, message });
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal(408, 'The request did not come in time.');
    case 'HPE_HEADER_OVERFLOW':
      return refusal(431, 'The headers are too large.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refusal(413, 'The chunk extensions are too large.');
    default:
      return refusal(400, 'This is no HTTP request.');
  }
}
