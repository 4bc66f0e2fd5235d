import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { importJWK, jwtVerify } from 'jose';

/** The keys that a browser makes when it subscribes. */
export interface BrowserKeys {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

/** Makes them. */
export function newBrowserKeys(): BrowserKeys {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { pair, auth: randomBytes(16) };
}

/** Something that a push service refuses, and its status. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason);
  }
}

const maxLifetimeSeconds = 86_400;

/**
 * Who sends, by RFC 8292: the claims of a token that the key beside it signed, for this push service, for at most a day.
 * @throws Refusal
 */
export async function verifyVapid(headers: IncomingHttpHeaders, origin: string) {
  const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  if (!token || !key) throw new Refusal(401, 'There is no VAPID in the authorization.');
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  try {
    const publicKey = await importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256');
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ['ES256'], audience: origin });
    const { aud, exp, sub } = payload;
    if (exp === undefined || exp > Date.now() / 1_000 + maxLifetimeSeconds) throw new Error('It lives too long.');
    if (!/^(mailto:|https:)/.test(sub ?? '')) throw new Error('There is no subject.');
    return { key, aud, exp, sub };
  } catch (error) {
    throw new Refusal(403, `The VAPID token is not valid: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

const tagBytes = 16;
/** Salt, record size, and the length of the sender's key. */
const prefixBytes = 21;

/**
 * Reads a message as the browser would: RFC 8291 in one record of RFC 8188.
 * @throws Refusal when it was not encrypted for this browser
 */
export function decrypt(body: Buffer, { pair, auth }: BrowserKeys): string {
  try {
    const salt = body.subarray(0, 16);
    const contentAt = prefixBytes + (body[prefixBytes - 1] ?? 0);
    const sender = body.subarray(prefixBytes, contentAt);
    const content = body.subarray(contentAt);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]);
    const secret = Buffer.from(hkdfSync('sha256', pair.computeSecret(sender), auth, info, 32));
    const derive = (what: string, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
    const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    decipher.setAuthTag(content.subarray(-tagBytes));
    const padded = Buffer.concat([decipher.update(content.subarray(0, -tagBytes)), decipher.final()]);
    // The last record ends with a 2, and then zeros.
    return padded.subarray(0, padded.lastIndexOf(2)).toString();
  } catch {
    throw new Refusal(400, 'The message was not encrypted for this subscription.');
  }
}
