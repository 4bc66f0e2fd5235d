import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Ends a connection. Where its client does not read it is reset: after an ordinary end the system would keep what waits
 * for them, megabytes, for minutes, and nobody would count it.
 */
export function cutOff(connection: Duplex): void {
  // What was written a moment ago has not been tried yet, and is no sign of that.
  while (connection.writableCorked > 0) connection.uncork();
  // By itself it would wait until what waits is written: https://github.com/nodejs/node/blob/main/lib/net.js
  if (connection instanceof Socket && connection.writableLength > 0) connection.resetAndDestroy();
  connection.destroy();
}
