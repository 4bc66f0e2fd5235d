import type { WebSocket } from 'ws';

/** Messages that a client may send in a second; a page that opens all its subscriptions at once sends far fewer. */
const maxMessages = 300;
/** Bytes of the messages of a second: they are parsed before it is known what they ask for. */
const maxBytes = 512 * 1_024;
const windowMs = 1_000;
/** Bytes that may wait for a client that does not read; beyond that it is cut off. */
const maxBufferedBytes = 4 * 1_024 * 1_024;

/** A client that floods, or that asks without ever reading, loses its own socket. */
export function guardAgainstFlood(socket: WebSocket, closeCode: number): void {
  let count = 0;
  let bytes = 0;
  let windowEnds = 0;
  socket.prependListener('message', (data) => {
    const now = performance.now();
    if (now > windowEnds) {
      windowEnds = now + windowMs;
      count = 0;
      bytes = 0;
    }
    count += 1;
    bytes += Array.isArray(data) ? data.length : data.byteLength;
    if (cutOffIfUnread(socket)) return;
    if (count > maxMessages || bytes > maxBytes) {
      socket.close(closeCode, 'Too many messages');
      // Nothing more of it is read while it closes.
      socket.pause();
      setTimeout(() => socket.terminate(), windowMs).unref();
    }
  });
}

/** Ends a socket whose client does not read what it asked for. */
export function cutOffIfUnread(socket: WebSocket): boolean {
  if (socket.bufferedAmount <= maxBufferedBytes) return false;
  socket.terminate();
  return true;
}
