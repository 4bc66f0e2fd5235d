import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { Control, ControlState } from './push-control.js';
import { type BrowserKeys, decrypt, newBrowserKeys, Refusal, verifyVapid } from './push-crypto.js';
import {
  type EmulatedRequest,
  type Emulator,
  type Handler,
  type ListenOptions,
  readJson,
  sendJson,
  startServer,
} from './server.js';

/** A stand-in with a certificate that nobody vouches for. */
export interface PushEmulator extends Emulator {
  /** PEM: trust it to talk to the stand-in. */
  readonly certificate: string;
}

/** What proves to a client that it talks to the stand-in. */
export type PushCertificate = Awaited<ReturnType<typeof generate>>;

/** Where it listens, and with which certificate. */
export interface PushOptions extends ListenOptions {
  readonly certificate?: PushCertificate;
}

/** A push as it reached the browser. */
export interface PushedMessage {
  /** Decrypted. */
  readonly payload: string;
  readonly headers: EmulatedRequest['headers'];
  /** Who sent it, as the token says that was verified. */
  readonly vapid: object;
}

interface Browser extends BrowserKeys {
  readonly messages: PushedMessage[];
}

/** Bytes that every push service must take (RFC 8030). */
const maxPushBytes = 4_096;

/**
 * Stands in for browsers and their push service, over TLS with a certificate that is made at the start unless
 * one is given.
 * @throws the server's own error, such as EADDRINUSE
 */
export async function startPushEmulator(options: PushOptions): Promise<PushEmulator> {
  const { cert, private: key } = options.certificate ?? (await newPushCertificate());
  const browsers = new Map<string, Browser>();
  const state = new ControlState();

  const handler: Handler = async (request, response) => {
    const { method, path, headers, body } = request;
    const route = `${method} ${path}`;
    // The name that was called, as a push service would know its own.
    const origin = `https://${headers.host}`;
    if (route === 'GET /_control') return sendJson(response, 200, state.show());
    if (route === 'POST /_control') {
      state.set(readJson(Control, body));
      return sendJson(response, 200, state.show());
    }
    if (route === 'POST /subscriptions') return sendJson(response, 201, subscribe(browsers, origin));
    const [, room, id, rest] = path.split('/');
    const browser = browsers.get(id ?? '');
    if (!browser || !id) return sendJson(response, 404, { error: 'There is no such subscription.' });
    if (method === 'GET' && room === 'subscriptions' && rest === 'messages')
      return sendJson(response, 200, { messages: browser.messages });
    if (method !== 'POST' || room !== 'push') return sendJson(response, 404, { error: 'not_found' });
    state.requests += 1;
    await receive(state, { id, browser, origin }, request, response);
  };
  const emulator = await startServer(handler, { ...options, tls: { cert, key } });
  return { ...emulator, certificate: cert };
}

/** A certificate for this machine's own names, in 20 ms. */
export function newPushCertificate(): Promise<PushCertificate> {
  return generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
}

/** What a browser hands to its app. */
function subscribe(browsers: Map<string, Browser>, origin: string): object {
  const id = randomBytes(16).toString('base64url');
  const keys = newBrowserKeys();
  browsers.set(id, { ...keys, messages: [] });
  return {
    id,
    endpoint: `${origin}/push/${id}`,
    p256dh: keys.pair.getPublicKey('base64url'),
    auth: keys.auth.toString('base64url'),
  };
}

async function receive(
  state: ControlState,
  { id, browser, origin }: { id: string; browser: Browser; origin: string },
  { headers, bytes }: EmulatedRequest,
  response: ServerResponse,
): Promise<void> {
  const { hang, delayMs, status = 201, retryAfterSeconds } = state.take(id);
  if (hang) return;
  // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
  if (delayMs) await pause(delayMs, undefined, { ref: false });
  try {
    if (bytes.length > maxPushBytes) throw new Refusal(413, 'The message is too large.');
    if (!/^\d+$/.test(String(headers['ttl']))) throw new Refusal(400, 'There is no TTL.');
    const vapid = await verifyVapid(headers, origin);
    const payload = decrypt(bytes, browser);
    if (status < 300) browser.messages.push({ payload, headers, vapid });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return sendJson(response, error.status, { error: error.message });
  }
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  sendJson(response, status, {});
}
