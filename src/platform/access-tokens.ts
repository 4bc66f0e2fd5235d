import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { JWTExpired } from 'jose/errors';
import { z } from 'zod';
import { AppError } from '../kernel/errors.js';
import type { Clock } from './clock.js';
import { recentlyUsed } from './recently-used.js';

/** Who a request speaks for, as its access token says. */
export interface Principal {
  readonly kind: 'PERSON';
  /** The person's id. */
  readonly id: string;
  /** The sign-in behind the token. */
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const Claims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  exp: z.number().int(),
});

/** Tokens longer than this are refused unread; ours have some 700 characters. */
const maxTokenLength = 4_096;
/** Some 1 KB each. */
const verifiedTokensKept = 20_000;
/** When no token had expired yet. */
const longAgo = new Date(0);
/** Tells an access token from every other JWT that the key may sign (RFC 8725, section 3.11; RFC 9068, section 2.1). */
const tokenType = 'at+jwt';

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

/** A token and the seconds that it lives. */
interface SignedToken {
  readonly token: string;
  readonly expiresIn: number;
}

interface Key {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

/** Issues and verifies access tokens: JWT (RFC 7519), RS256, `kid` the key's thumbprint (RFC 7638). */
export class AccessTokens {
  readonly #verified = recentlyUsed<Principal>(verifiedTokensKept);

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

  /** The public keys, for `/.well-known/jwks.json` (RFC 7517). */
  get jwks(): { keys: JWK[] } {
    return { keys: [...this.keys.values()].map(({ jwk }) => jwk) };
  }

  /** A signed token for this person and sign-in, good for its lifetime, and never longer than `notAfter`. */
  async sign({ id, sessionId }: Pick<Principal, 'id' | 'sessionId'>, notAfter: Date): Promise<SignedToken> {
    const { issuer, audience, lifetimeSeconds } = this.options;
    const issuedAt = Math.floor(this.clock.now().getTime() / 1_000);
    const expiresIn = Math.min(lifetimeSeconds, Math.max(1, Math.floor(notAfter.getTime() / 1_000) - issuedAt));
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'RS256', kid: this.signingKeyId, typ: tokenType })
      .setSubject(id)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + expiresIn)
      .sign(this.privateKey);
    return { token, expiresIn };
  }

  /**
   * Checks type, signature, algorithm, issuer, audience and expiry. The signature of a token is checked once.
   * @throws UNAUTHENTICATED, with `refreshRequired: true` when all that is wrong is that it expired.
   */
  async verify(token: string): Promise<Principal> {
    const known = this.#verified.get(token);
    if (known && known.expiresAt > this.clock.now().getTime()) return known;
    try {
      const principal = await this.#read(token, this.clock.now());
      this.#verified.set(token, principal);
      return principal;
    } catch (error) {
      this.#verified.delete(token);
      throw error;
    }
  }

  /** Whose session a token is of, also one that has expired: it may end that, and nothing else. @throws UNAUTHENTICATED */
  async sessionOf(token: string): Promise<{ readonly userId: string; readonly sessionId: string }> {
    const { id, sessionId } = await this.#read(token, longAgo);
    return { userId: id, sessionId };
  }

  async #read(token: string, currentDate: Date): Promise<Principal> {
    if (token.length > maxTokenLength) throw unauthenticated();
    try {
      const { issuer, audience } = this.options;
      const { payload } = await jwtVerify(token, ({ kid }) => this.#publicKey(kid), {
        typ: tokenType,
        algorithms: ['RS256'],
        issuer,
        audience,
        currentDate,
      });
      const { sub, sid, exp } = Claims.parse(payload);
      return { kind: 'PERSON', id: sub, sessionId: sid, expiresAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof JWTExpired) {
        throw new AppError('UNAUTHENTICATED', 'The access token has expired.', { refreshRequired: true });
      }
      throw unauthenticated();
    }
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
