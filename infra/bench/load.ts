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
  /** How long each took, in milliseconds. */
  readonly times: readonly number[];
}

/** What comes before what is measured. */
interface LeadIn {
  /** How long requests are sent that are not counted. */
  readonly ms: number;
  /** Is called once they are answered. */
  onEnd(): Promise<void>;
}

/**
 * Keeps connections busy for `ms`, each with its own requests in turn. A client of sockets, since a real HTTP client
 * would take more of the two cores than what it measures. @throws when an answer is not 200 or carries errors
 */
export async function load(
  url: string,
  requests: readonly (readonly RawRequest[])[],
  ms: number,
  leadIn?: LeadIn,
): Promise<Round> {
  const connections = await Promise.all(requests.map(async (own) => ({ socket: await open(url), own, sent: 0 })));
  const sendFor = async (forMs: number) => {
    const startedAt = performance.now();
    const isOver = () => performance.now() >= startedAt + forMs;
    const driven = await Promise.all(
      connections.map(async (connection) => {
        const times = await drive(connection.socket, connection.own, isOver, { first: connection.sent });
        connection.sent += times.length;
        return times;
      }),
    );
    const tookMs = performance.now() - startedAt;
    const times = driven.flat();
    return { requests: times.length, requestsPerSecond: (times.length * 1_000) / tookMs, times };
  };
  if (leadIn) {
    await sendFor(leadIn.ms);
    await leadIn.onEnd();
  }
  const round = await sendFor(ms);
  for (const { socket } of connections) socket.destroy();
  return round;
}

/** Sends `count` requests one after another, in turn; answers how many milliseconds each took. */
export async function timed(url: string, requests: readonly RawRequest[], count: number): Promise<number[]> {
  return paced(url, requests, count, 0);
}

/** One after another and in turn, each this long after the answer to the one before: how people use it. */
export async function paced(
  url: string,
  requests: readonly RawRequest[],
  count: number,
  pauseMs: number,
): Promise<number[]> {
  const socket = await open(url);
  const times = await drive(socket, requests, (sent) => sent >= count, { pauseMs });
  socket.destroy();
  return times;
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay();
  await once(socket, 'connect');
  return socket;
}

/** How many milliseconds each request took, from the `first` of them on. */
function drive(
  socket: Socket,
  requests: readonly RawRequest[],
  isOver: (sent: number) => boolean,
  { first = 0, pauseMs = 0 },
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let sentAt = 0;
    let seen = Buffer.alloc(0);
    const next = () => {
      sentAt = performance.now();
      socket.write(requests[(first + times.length) % requests.length] ?? Buffer.alloc(0));
    };
    socket.removeAllListeners('error').on('error', reject);
    socket.removeAllListeners('data').on('data', (chunk) => {
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
      resolve(times);
    });
    next();
  });
}
