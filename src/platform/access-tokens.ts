import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { JWTExpired } from 'jose/errors';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { AppError } from '../errors.js';
import type { Clock } from './clock.js';

/** Who a request speaks for, as its access token says. */
export interface Principal {
  readonly id: string;
  /** The sign-in behind the token: the family of its refresh tokens. */
  readonly sessionId: string;
  readonly tier: string;
  /** Tokens of an epoch before the account's own are refused ("sign out everywhere"). */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const Claims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  tier: z.string(),
  epoch: z.number().int(),
  exp: z.number().int(),
});

/** Tokens longer than this are refused unread; ours have some 700 characters. */
const longestToken = 4_096;
const verifiedTokensKept = 20_000;

/** The keys and names of the issuer. */
export interface AccessTokenOptions {
  /** PEM, PKCS #8: signs and verifies. */
  readonly signingKey: string;
  /** PEM, private or public: only verifies. The key before or after this one while keys rotate. */
  readonly otherKey: string | null;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

interface Key {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

/** Issues and verifies access tokens: JWT (RFC 7519), RS256, `kid` the key's thumbprint (RFC 7638). */
export class AccessTokens {
  readonly #verified = new LRUCache<string, Principal>({ max: verifiedTokensKept });

  private constructor(
    private readonly options: AccessTokenOptions,
    private readonly clock: Clock,
    private readonly privateKey: KeyObject,
    private readonly signingKeyId: string,
    private readonly keys: ReadonlyMap<string, Key>,
  ) {}

  /** Reads the keys. @throws when one is no RSA key. */
  static async create(options: AccessTokenOptions, clock: Clock): Promise<AccessTokens> {
    const signing = await readKey(options.signingKey);
    const keys = new Map([[signing.id, signing]]);
    if (options.otherKey) {
      const other = await readKey(options.otherKey);
      keys.set(other.id, other);
    }
    return new AccessTokens(options, clock, createPrivateKey(options.signingKey), signing.id, keys);
  }

  /** Seconds that a token lives. */
  get lifetimeSeconds(): number {
    return this.options.lifetimeSeconds;
  }

  /** The public keys, for `/.well-known/jwks.json` (RFC 7517). */
  get jwks(): { keys: JWK[] } {
    return { keys: [...this.keys.values()].map(({ jwk }) => jwk) };
  }

  /** A signed token for this person and sign-in. */
  async sign(principal: Omit<Principal, 'expiresAt'>): Promise<string> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1_000);
    return new SignJWT({ sid: principal.sessionId, tier: principal.tier, epoch: principal.epoch })
      .setProtectedHeader({ alg: 'RS256', kid: this.signingKeyId, typ: 'JWT' })
      .setSubject(principal.id)
      .setIssuer(this.options.issuer)
      .setAudience(this.options.audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.options.lifetimeSeconds)
      .sign(this.privateKey);
  }

  /** What a token says that was verified before and has not expired; undefined when it must be verified. */
  known(token: string): Principal | undefined {
    const principal = this.#verified.get(token);
    if (principal && principal.expiresAt > this.clock.now().getTime()) return principal;
    if (principal) this.#verified.delete(token);
    return undefined;
  }

  /**
   * Checks signature, algorithm, issuer, audience and expiry.
   * @throws UNAUTHENTICATED, with `refreshRequired: true` when all that is wrong is that it expired.
   */
  async verify(token: string): Promise<Principal> {
    if (token.length > longestToken) throw unauthenticated();
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#publicKey(kid), {
        algorithms: ['RS256'],
        issuer: this.options.issuer,
        audience: this.options.audience,
        currentDate: this.clock.now(),
      });
      const { sub, sid, tier, epoch, exp } = Claims.parse(payload);
      return { id: sub, sessionId: sid, tier, epoch, expiresAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof JWTExpired) {
        throw new AppError('UNAUTHENTICATED', 'The access token has expired.', { refreshRequired: true });
      }
      throw unauthenticated();
    }
  }

  /** Keeps a verdict until the token expires, so that the signature is checked once. */
  remember(token: string, principal: Principal): void {
    this.#verified.set(token, principal);
  }

  /** Forgets every verdict. */
  forget(): void {
    this.#verified.clear();
  }

  #publicKey(kid: string | undefined): KeyObject {
    const key = kid ? this.keys.get(kid) : undefined;
    if (!key) throw unauthenticated();
    return key.publicKey;
  }
}

function unauthenticated(): AppError {
  return new AppError('UNAUTHENTICATED', 'The access token is not valid.');
}

async function readKey(pem: string): Promise<Key> {
  const publicKey = createPublicKey(pem);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error('JWT keys must be RSA keys.');
  const { kty, n, e } = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint({ kty, n, e });
  return { id, publicKey, jwk: { kty, n, e, alg: 'RS256', use: 'sig', kid: id } };
}
