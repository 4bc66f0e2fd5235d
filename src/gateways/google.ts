import { OAuth2Client, type TokenPayload } from 'google-auth-library';
import { AppError } from '../errors.js';

/** A person as Google vouches for them. */
export interface GoogleIdentity {
  /** Google's `sub`: theirs for ever. */
  readonly subject: string;
  /** Verified. */
  readonly email: string;
  /** 1–100 characters. */
  readonly name: string;
  readonly pictureUrl: string | null;
}

/** Signing in with Google. */
export interface GoogleGateway {
  /** @throws UNAUTHENTICATED for a token that Google did not sign for us, or of an unverified e-mail */
  verify(idToken: string): Promise<GoogleIdentity>;
  /** Exchanges an authorization code. @throws UNAUTHENTICATED */
  exchange(code: string, redirectUri: string): Promise<GoogleIdentity>;
}

/** Which client we are, and where Google is. */
export interface GoogleOptions {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** An emulator's origin; null is Google itself. */
  readonly baseUrl: string | null;
  readonly timeoutMs: number;
}

const longestToken = 8_192;
const longestName = 100;

/**
 * Google's own library behind our interface. One client is kept, since it caches Google's certificates.
 * @throws when the client id is empty: the library would then skip the audience check
 */
export function googleGateway(options: GoogleOptions): GoogleGateway {
  const { clientId, clientSecret, baseUrl, timeoutMs } = options;
  if (clientId === '') throw new Error('Google needs a client id.');
  const client = new OAuth2Client({
    clientId,
    ...(clientSecret ? { clientSecret } : {}),
    ...(baseUrl ? { endpoints: endpointsAt(baseUrl) } : {}),
    transporterOptions: { timeout: timeoutMs, retry: false },
  });
  const verify = async (idToken: string): Promise<GoogleIdentity> => {
    if (idToken.length > longestToken) throw refused();
    // Certificates first, so that a Google that cannot be reached is told apart from a bad token.
    await client.getFederatedSignonCertsAsync().catch((cause: unknown) => {
      throw new AppError('INTERNAL', 'Google cannot be reached.', {}, { cause });
    });
    // The library's error text contains the whole token: it goes nowhere.
    const ticket = await client.verifyIdToken({ idToken, audience: clientId }).catch(() => null);
    return identityOf(ticket?.getPayload());
  };
  return {
    verify,
    exchange: async (code, redirectUri) => {
      const idToken = await client.getToken({ code, redirect_uri: redirectUri }).then(
        ({ tokens }) => tokens.id_token,
        (cause: unknown) => {
          if (isAnswer(cause)) return null;
          throw new AppError('INTERNAL', 'Google cannot be reached.', {}, { cause });
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

function identityOf(payload: TokenPayload | undefined): GoogleIdentity {
  if (!payload?.sub || !payload.email || payload.email_verified !== true) throw refused();
  const name = [...(payload.name?.trim() || payload.email.split('@')[0] || 'Anonymous')]
    .slice(0, longestName)
    .join('')
    .trim();
  return { subject: payload.sub, email: payload.email, name, pictureUrl: payload.picture ?? null };
}

/** A 4xx of the token endpoint is about the code; anything else is about Google. */
function isAnswer(cause: unknown): boolean {
  const status = cause instanceof Error && 'status' in cause ? Number(cause.status) : 0;
  return status >= 400 && status < 500;
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'Google did not vouch for this sign-in.');
}
