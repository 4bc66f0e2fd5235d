import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { type Emulator, type Handler, type ListenOptions, readJson, sendJson, startServer } from './server.js';

const IdTokenRequest = z.strictObject({
  email: z.email(),
  name: z.string().optional(),
  sub: z.string().optional(),
  picture: z.string().optional(),
  emailVerified: z.boolean().default(true),
  audience: z.string().optional(),
  issuer: z.string().default('https://accounts.google.com'),
  expiresInSeconds: z.int().default(3_600),
  nonce: z.string().optional(),
  /** Of PKCE with S256 (RFC 7636): the code is exchanged only for the verifier behind it. */
  codeChallenge: z.string().length(43).optional(),
  /** The key's id is ours and the signature is not. */
  signWithUnknownKey: z.boolean().default(false),
});

const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Milliseconds before certificates and tokens are answered. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Status that certificates and tokens fail with. */
  status: z.int().min(400).max(599).optional(),
  /** Certificates and tokens are never answered. */
  hang: z.boolean().optional(),
});

/** Where it listens, and for whom. */
export interface GoogleOptions extends ListenOptions {
  readonly clientId: string;
  /** What tokens are signed with, when they are not to be made at the start: that takes up to seconds. */
  readonly keys?: KeyPairKeyObjectResult;
}

/** A key pair as Google's. */
export const newGoogleKeys = (): KeyPairKeyObjectResult => generateKeyPairSync('rsa', { modulusLength: 2_048 });

/**
 * Stands in for Google's sign-in: certificates, the token endpoint, and an ID token for any e-mail address. Unless
 * `keys` are given they are made at the start, so tokens of an earlier run are refused.
 * @throws the server's own error, such as EADDRINUSE
 */
export async function startGoogleEmulator(options: GoogleOptions): Promise<Emulator> {
  const { privateKey, publicKey } = options.keys ?? newGoogleKeys();
  const keyId = randomBytes(8).toString('hex');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'RS256', use: 'sig' }] };
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const codes = new Map<string, { readonly idToken: string; readonly codeChallenge: string | undefined }>();
  let control: z.infer<typeof Control> = {};

  const issue = async (body: string) => {
    const asked = readJson(IdTokenRequest, body);
    const idToken = await idTokenFor(asked, options.clientId, keyId).sign(
      asked.signWithUnknownKey ? newGoogleKeys().privateKey : privateKey,
    );
    const code = randomBytes(16).toString('base64url');
    codes.set(code, { idToken, codeChallenge: asked.codeChallenge });
    return { idToken, code };
  };

  const redeem = (body: string) => {
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const grant = codes.get(code);
    codes.delete(code);
    return grant && challengeOf(form.get('code_verifier')) === grant.codeChallenge ? grant.idToken : undefined;
  };

  const handler: Handler = async ({ method, path, body }, response) => {
    const route = `${method} ${path}`;
    if (route === 'POST /_control') {
      const { reset, ...next } = readJson(Control, body);
      control = reset || Object.keys(next).length === 0 ? next : { ...control, ...next };
      return sendJson(response, 200, control);
    }
    if (route === 'POST /id-token') return sendJson(response, 200, await issue(body));
    if (control.hang) return;
    // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
    if (control.delayMs) await pause(control.delayMs, undefined, { ref: false });
    if (control.status) return sendJson(response, control.status, { error: 'emulated_failure' });
    const cached = { 'cache-control': 'public, max-age=3600' };
    if (route === 'GET /oauth2/v1/certs') return sendJson(response, 200, { [keyId]: pem }, cached);
    if (route === 'GET /oauth2/v3/certs') return sendJson(response, 200, jwks, cached);
    if (route === 'POST /token') {
      const idToken = redeem(body);
      if (!idToken) return sendJson(response, 400, { error: 'invalid_grant' });
      return sendJson(response, 200, {
        access_token: 'emulated',
        expires_in: 3_600,
        token_type: 'Bearer',
        id_token: idToken,
      });
    }
    sendJson(response, 404, { error: 'not_found' });
  };
  return startServer(handler, options);
}

/** What Google would say about the person, not yet signed. */
function idTokenFor(asked: z.infer<typeof IdTokenRequest>, clientId: string, keyId: string): SignJWT {
  const { email, name, picture, nonce, expiresInSeconds } = asked;
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ email, email_verified: asked.emailVerified, name, picture, nonce })
    .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
    .setIssuer(asked.issuer)
    .setAudience(asked.audience ?? clientId)
    .setJti(randomBytes(16).toString('hex'))
    .setSubject(asked.sub ?? subjectOf(email))
    .setIssuedAt(Math.min(now, now + expiresInSeconds - 1))
    .setExpirationTime(now + expiresInSeconds);
}

/** What a code was asked for with, if this is its verifier. */
function challengeOf(codeVerifier: string | null): string | undefined {
  return codeVerifier === null ? undefined : createHash('sha256').update(codeVerifier).digest('base64url');
}

/** The same person each time, also after a restart. */
function subjectOf(email: string): string {
  return BigInt(`0x${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 16)}`).toString();
}
