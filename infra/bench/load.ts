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

/** The header that says who asks. */
export function bearer({ token }: { readonly token: string }): Record<string, string> {
  return { authorization: `Bearer ${token}` };
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
  const sockets = await Promise.all(requests.map(() => open(url)));
  const startedAt = performance.now();
  const isOver = () => performance.now() >= startedAt + ms;
  const driven = await Promise.all(sockets.map((socket, index) => drive(socket, requests[index] ?? [], isOver)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const total = driven.flat().length;
  return { requests: total, requestsPerSecond: total / seconds };
}

/** Sends `count` requests one after another, in turn; answers how many milliseconds each took. */
export async function timed(url: string, requests: readonly RawRequest[], count: number): Promise<number[]> {
  return drive(await open(url), requests, (sent) => sent >= count);
}

/** One after another and in turn, each this long after the answer to the one before: how people use it. */
export async function paced(
  url: string,
  requests: readonly RawRequest[],
  count: number,
  pauseMs: number,
): Promise<number[]> {
  return drive(await open(url), requests, (sent) => sent >= count, pauseMs);
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay();
  await once(socket, 'connect');
  return socket;
}

/** How many milliseconds each request took. */
function drive(
  socket: Socket,
  requests: readonly RawRequest[],
  isOver: (sent: number) => boolean,
  pauseMs = 0,
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let sentAt = 0;
    let seen = Buffer.alloc(0);
    const next = () => {
      sentAt = performance.now();
      socket.write(requests[times.length % requests.length] ?? Buffer.alloc(0));
    };
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
      times.push(performance.now() - sentAt);
      if (!isOver(times.length)) return pauseMs > 0 ? void setTimeout(next, pauseMs) : next();
      socket.destroy();
      resolve(times);
    });
    next();
  });
}
