import { createHash } from 'node:crypto';
import { OAuth2Client, type TokenPayload } from 'google-auth-library';
import { AppError } from '../kernel/errors.js';
import { mendedLine } from '../kernel/text.js';
import { errorCodeOf } from '../platform/error-code.js';
import { unavailable } from '../platform/unavailable.js';

/** A person as Google vouches for them. */
interface GoogleIdentity {
  /** Google's `sub`: theirs for ever. */
  readonly subject: string;
  /** Verified. */
  readonly email: string;
  /** 1–100 characters. */
  readonly name: string;
  readonly pictureUrl: string | null;
  /** What says so. Whoever takes it once can refuse it the next time. */
  readonly idToken: { readonly hash: string; readonly expiresAt: Date };
}

/** An authorization code and what it was asked for with. */
interface CodeGrant {
  readonly code: string;
  readonly redirectUri: string;
  /** Proves that whoever brings the code is who asked for it (PKCE, RFC 7636). */
  readonly codeVerifier?: string | undefined;
}

/** Signing in with Google. */
export interface IdentityProvider {
  /**
   * @throws UNAUTHENTICATED for a token that Google did not sign for us, or of an unverified e-mail; UNAVAILABLE when
   * Google cannot be reached in time
   */
  verify(idToken: string): Promise<GoogleIdentity>;
  /**
   * Exchanges an authorization code, which works once.
   * @throws UNAUTHENTICATED when Google refuses the code; UNAVAILABLE when it cannot be reached; INTERNAL when it
   * refuses us
   */
  exchange(grant: CodeGrant): Promise<GoogleIdentity>;
}

/** Which client we are, and where Google is. */
export interface GoogleOptions {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** An emulator's origin; null is Google itself. */
  readonly baseUrl: string | null;
  /** Of each request to Google; none is repeated. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** UTF-16 code units of an ID token. */
const maxTokenLength = 8_192;
const maxNameLength = 100;
/** RFC 5321 allows 254. */
const maxEmailLength = 320;
const maxAddressLength = 2_000;
/** Google's `sub`: at most 255 ASCII characters. */
const subjects = /^[\x21-\x7e]{1,255}$/;
/** How far our clock may be ahead of Google's. */
const clockSkewMs = 10_000;

/**
 * Google's own library behind our interface. One client is kept, since it caches Google's certificates.
 * @throws when the client id is empty: the library would then skip the audience check
 */
export function googleIdentityProvider(options: GoogleOptions): IdentityProvider {
  const { clientId, clientSecret, baseUrl, timeoutMs, now } = options;
  if (clientId === '') throw new Error('Google needs a client id.');
  const client = new OAuth2Client({
    clientId,
    ...(clientSecret ? { clientSecret } : {}),
    ...(baseUrl ? { endpoints: endpointsAt(baseUrl) } : {}),
    // The library turns `retry` on for each request, which would multiply the timeout and spend a code twice: only a
    // count of 0 survives its merge.
    transporterOptions: { timeout: timeoutMs, retryConfig: { retry: 0 } },
  });
  const verify = async (idToken: string): Promise<GoogleIdentity> => {
    if (idToken.length > maxTokenLength) throw refused();
    // Certificates first, so that a Google that cannot be reached is told apart from a bad token.
    await client.getFederatedSignonCertsAsync().catch((cause: unknown) => {
      throw unreachable(cause);
    });
    // The library's error text contains the whole token: it goes nowhere.
    const ticket = await client.verifyIdToken({ idToken, audience: clientId }).catch(() => null);
    const payload = ticket?.getPayload();
    // The library lets tokens live five minutes longer, for clocks that differ.
    if (!payload || payload.exp * 1_000 <= now() - clockSkewMs) throw refused();
    return { ...identityOf(payload), idToken: { hash: hashOf(idToken), expiresAt: new Date(payload.exp * 1_000) } };
  };
  return {
    verify,
    exchange: async ({ code, redirectUri, codeVerifier }) => {
      const proof = codeVerifier === undefined ? {} : { codeVerifier };
      const idToken = await client.getToken({ code, redirect_uri: redirectUri, ...proof }).then(
        ({ tokens }) => tokens.id_token,
        (cause: unknown) => {
          if (isAboutCode(cause)) return null;
          throw unreachable(cause);
        },
      );
      if (!idToken) throw refused();
      return verify(idToken);
    },
  };
}

function endpointsAt(baseUrl: string) {
  const at = (path: string) => new URL(path, baseUrl).href;
  return {
    oauth2TokenUrl: at('/token'),
    oauth2FederatedSignonPemCertsUrl: at('/oauth2/v1/certs'),
    oauth2FederatedSignonJwkCertsUrl: at('/oauth2/v3/certs'),
  };
}

function identityOf(payload: TokenPayload): Omit<GoogleIdentity, 'idToken'> {
  if (!subjects.test(payload.sub) || !payload.email || payload.email_verified !== true) throw refused();
  const email = mendedLine(payload.email, maxEmailLength);
  const name =
    mendedLine(payload.name ?? '', maxNameLength) ||
    mendedLine(email.split('@')[0] ?? '', maxNameLength) ||
    'Anonymous';
  return { subject: payload.sub, email, name, pictureUrl: addressOf(payload.picture) };
}

/** An address that a browser may load; anything else is no picture. */
function addressOf(picture: string | undefined): string | null {
  const url = URL.parse(picture ?? '');
  return url && /^https?:$/.test(url.protocol) && url.href.length <= maxAddressLength ? url.href : null;
}

/** Of what was signed: a signature can be spelled in several ways that are all good. */
function hashOf(idToken: string): string {
  return createHash('sha256')
    .update(idToken.slice(0, idToken.lastIndexOf('.')))
    .digest('hex');
}

/** The token endpoint answers 400 about the code; 401 is about our secret, 429 about our quota, the rest about Google. */
function isAboutCode(cause: unknown): boolean {
  return cause instanceof Error && 'status' in cause && cause.status === 400;
}

/**
 * Google is away, or refuses us, which is a fault of our configuration. Keeps only what happened: the library's error
 * holds the whole request, with the code.
 */
function unreachable(error: unknown): AppError {
  const code = errorCodeOf(error);
  const cause = new Error(
    error instanceof Error ? [error.message, code && `(${code})`].filter(Boolean).join(' ') : typeof error,
  );
  const refusesUs = error instanceof Error && 'status' in error && (error.status === 401 || error.status === 403);
  if (refusesUs) return new AppError('INTERNAL', 'Google refuses our client.', {}, { cause });
  return unavailable('Google cannot be reached. Try again.', { cause });
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'Google did not vouch for this sign-in.');
}
