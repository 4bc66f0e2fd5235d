import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One HTTP request, ready to be written to a socket. */
export type RawRequest = Buffer;

/** Builds a POST. */
export function post(url: string, body: object, headers: Record<string, string>): RawRequest {
  const { host, pathname } = new URL(url);
  const text = JSON.stringify(body);
  const all = {
    host,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
}

/** What a round of load came to. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly requests: number;
}

/**
 * Keeps `connections` busy for `ms`, each with its own requests in turn. A client of sockets, since a real HTTP client
 * would take more of the two cores than what it measures. @throws when an answer is not 200 or carries errors
 */
export async function load(url: string, requests: readonly (readonly RawRequest[])[], ms: number): Promise<Round> {
  const { hostname, port } = new URL(url);
  const sockets = await Promise.all(
    requests.map(async () => {
      const socket = connect(Number(port), hostname).setNoDelay();
      await once(socket, 'connect');
      return socket;
    }),
  );
  const startedAt = performance.now();
  const counts = await Promise.all(
    sockets.map((socket, index) => drive(socket, requests[index] ?? [], startedAt + ms)),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { requests: total, requestsPerSecond: total / seconds };
}

function drive(socket: Socket, requests: readonly RawRequest[], until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let seen = Buffer.alloc(0);
    const next = () => socket.write(requests[count % requests.length] ?? Buffer.alloc(0));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const headersEnd = seen.indexOf('\r\n\r\n');
      if (headersEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(seen.toString('latin1', 0, headersEnd))?.[1] ?? 0);
      if (seen.length < headersEnd + 4 + length) return;
      if (!seen.subarray(0, 15).includes(' 200 ') || seen.includes('"errors"')) {
        socket.destroy();
        return reject(new Error(seen.toString('utf8', 0, 600)));
      }
      seen = Buffer.alloc(0);
      count += 1;
      if (performance.now() < until) return next();
      socket.destroy();
      resolve(count);
    });
    next();
  });
}
