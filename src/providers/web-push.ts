import { Agent, request } from 'node:https';
import webPush from 'web-push';
import { errorCodeOf } from '../platform/error-code.js';
import { isLoopback, publicUrlFault } from '../platform/http/public-address.js';
import { NotPublicError, PublicAgent, type ResolveName } from '../platform/http/public-agent.js';
import { recentlyUsed } from '../platform/recently-used.js';

/** A browser that takes pushes: where, and with which keys (base64url) only it can read them. */
interface PushTarget {
  readonly endpoint: string;
  /** Its public key: an uncompressed P-256 point. */
  readonly p256dh: string;
  /** 16 bytes that it shares with us. */
  readonly auth: string;
}

/** One message to a browser. */
interface PushMessage {
  /** At most 3,993 bytes of UTF-8: what every push service takes. */
  readonly payload: string;
  /** How long the push service keeps it for a browser that is away. */
  readonly ttlSeconds: number;
  readonly urgency: 'normal' | 'high';
  /** A later message of the same topic takes the place of one that was not delivered yet; 1–32 of A–Z a–z 0–9 - _. */
  readonly topic: string;
}

/** What became of a push. A reason is a few words without any address or key. */
type PushResult =
  | { readonly outcome: 'sent' }
  /** There is no such browser any more. */
  | { readonly outcome: 'gone'; readonly reason: string }
  /** It will not be taken, however often it is tried. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It may be taken when it is tried again. */
  | { readonly outcome: 'later'; readonly reason: string };

/** Web Push (RFC 8030) with VAPID (RFC 8292). */
export interface WebPush {
  /** What browsers subscribe with: base64url. */
  readonly publicKey: string;
  /** The rule that an endpoint breaks; null when it may be used. */
  endpointFault(endpoint: string): string | null;
  /** Sends one message, encrypted for its reader. Never throws; takes at most the configured time. */
  send(target: PushTarget, message: PushMessage): Promise<PushResult>;
}

/** Who we are, and what is let through. */
export interface WebPushOptions {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom a push service writes to: `mailto:` or `https:`. */
  readonly subject: string;
  /** Of one push, from resolving the name to the answer. */
  readonly timeoutMs: number;
  /** Whether endpoints on this machine are let through, with any certificate. Never in production. */
  readonly allowLoopback: boolean;
  /** Instead of DNS. */
  readonly resolve?: ResolveName;
}

/** What became of one try, and how long the endpoint is to be left alone after it. */
interface Tried {
  readonly result: PushResult;
  readonly restMs: number;
}

const maxResting = 10_000;
/** How long an endpoint rests that did not answer: it must not take the places of others again and again. */
const restAfterSilenceMs = 30_000;
/** Push services may ask for more; our tries are further apart by then. */
const maxRestMs = 600_000;

/** The `web-push` library behind our interface: it encrypts and signs, and we send, since it never gives up waiting. */
export function webPushProvider(options: WebPushOptions): WebPush {
  const { publicKey, privateKey, subject, timeoutMs, allowLoopback, resolve } = options;
  const publicAgent = new PublicAgent(resolve);
  const loopbackAgent = allowLoopback ? new Agent({ keepAlive: true, rejectUnauthorized: false }) : null;
  const resting = recentlyUsed<PushResult>(maxResting);
  const faultOf = (endpoint: string) => publicUrlFault(endpoint, { allowLoopback });
  return {
    publicKey,
    endpointFault: faultOf,
    send: async ({ endpoint, p256dh, auth }, message) => {
      // The rule may have grown stricter since the endpoint was registered.
      if (faultOf(endpoint) !== null) return refused('The endpoint is not allowed.');
      const known = resting.get(endpoint);
      if (known) return known;
      const url = new URL(endpoint);
      const agent = (isLoopback(url) ? loopbackAgent : null) ?? publicAgent;
      const sealed = seal({ endpoint, p256dh, auth }, message, { subject, publicKey, privateKey });
      if (!sealed) return refused('The message could not be encrypted for this browser.');
      const { result, restMs } = await post(url, { ...sealed, agent, timeoutMs }).then(judge, failure);
      if (restMs > 0) resting.set(endpoint, result, { ttl: restMs });
      return result;
    },
  };
}

/** The message, encrypted and signed; null when the browser's keys are none. */
function seal(
  { endpoint, p256dh, auth }: PushTarget,
  message: PushMessage,
  vapidDetails: webPush.VapidKeys & { subject: string },
) {
  const { payload, ttlSeconds: TTL, urgency, topic } = message;
  try {
    const options = { vapidDetails, TTL, urgency, topic, contentEncoding: 'aes128gcm' as const };
    return webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, options);
  } catch {
    return null;
  }
}

interface Posted {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly agent: Agent;
  readonly timeoutMs: number;
}

interface Answer {
  readonly status: number;
  /** Seconds, as a push service asks for patience; NaN when it does not. */
  readonly retryAfterSeconds: number;
}

/** What the push service says besides is thrown away. Redirects are not followed. */
function post(url: URL, { headers, body, agent, timeoutMs }: Posted): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const signal = AbortSignal.timeout(timeoutMs);
  request(url, { method: 'POST', headers, agent, signal }, (response) => {
    // The signal still ends a body that never does; nobody waits for it.
    response.on('error', () => undefined).resume();
    const { statusCode: status = 0, headers } = response;
    resolve({ status, retryAfterSeconds: Number.parseInt(headers['retry-after'] ?? '', 10) });
  })
    .on('error', reject)
    .end(body);
  return promise;
}

function judge({ status, retryAfterSeconds }: Answer): Tried {
  if (status >= 200 && status < 300) return { result: { outcome: 'sent' }, restMs: 0 };
  if (status === 404 || status === 410)
    return { result: { outcome: 'gone', reason: `It answered ${status}.` }, restMs: 0 };
  const reason = `The push service answered ${status}.`;
  const mayChange = status === 408 || status === 425 || status === 429 || status >= 500;
  if (!mayChange) return { result: refused(reason), restMs: 0 };
  return later(reason, retryAfterSeconds > 0 ? Math.min(retryAfterSeconds * 1_000, maxRestMs) : 0);
}

/** Only the kind of failure is kept: messages may hold the endpoint, which whoever knows it can send to. */
function failure(error: unknown): Tried {
  if (error instanceof NotPublicError) {
    return { result: refused('The endpoint leads to an address that is not public.'), restMs: 0 };
  }
  const code = errorCodeOf(error) ?? 'UNKNOWN';
  if (code === 'ABORT_ERR') return later('The push service did not answer in time.', restAfterSilenceMs);
  return later(`The push service could not be reached (${code}).`, 0);
}

function later(reason: string, restMs: number): Tried {
  return { result: { outcome: 'later', reason }, restMs };
}

function refused(reason: string): PushResult {
  return { outcome: 'refused', reason };
}
