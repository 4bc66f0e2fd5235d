import type { CookieSerializeOptions } from '@fastify/cookie';
import { errorCodes, type FastifyReply, type FastifyRequest } from 'fastify';
import { type IssuedTokens, refreshSession, signIn, signOut } from '../auth/index.js';
import type { Context } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { toRfc3339 } from '../kernel/scalars.js';
import { jsonBody } from '../platform/http/bodies.js';
import type { Surface } from '../platform/http/surface.js';

/** What the routes need of the app. */
interface AuthRouteOptions {
  createContext(request: FastifyRequest): Context;
  /** Counts a request of this address. @throws RATE_LIMITED */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Whether pages of this origin may sign in and refresh; those of our own always may. */
  isOriginAllowed(origin: string): boolean;
  /** The token of an Authorization header. @throws UNAUTHENTICATED */
  bearerTokenOf(authorization: string): string;
  readonly cookie: RefreshCookieOptions;
}

/** How browsers keep the refresh token. */
interface RefreshCookieOptions {
  readonly sameSite: 'strict' | 'lax' | 'none';
  /** Whether browsers reach us by HTTPS only: the name then promises it. Chrome refuses such a name on http://localhost. */
  readonly isHttpsOnly: boolean;
}

const prefix = '/api/v1/auth';
/** Bytes; an ID token of Google has some 1,200. */
const maxBodyBytes = 16_384;

/** Signing in, refreshing and signing out: what cannot be GraphQL, since there is no token yet. */
export function authSurface(options: AuthRouteOptions): Surface {
  const { createContext, limit, isOriginAllowed, bearerTokenOf } = options;
  const cookie = new RefreshCookie(options.cookie);
  return {
    prefix,
    body: jsonBody({ maxBytes: maxBodyBytes }),
    routes: (fastify) => {
      fastify.addHook('onRequest', async (request, reply) => {
        await limit(request, reply);
        checkSender(request, isOriginAllowed);
      });

      fastify.post('/google', async (request, reply) => {
        const inCookie = !asksForBody(request);
        const replaced = (inCookie && cookie.read(request)) || null;
        const issued = await signIn(createContext(request), request.body ?? {}, replaced);
        if (inCookie) cookie.set(reply, issued);
        return answer(request, reply, issued, inCookie);
      });

      fastify.post('/refresh', async (request, reply) => {
        const { refreshToken, inCookie } = refreshTokenOf(request, cookie);
        if (refreshToken === null) throw new AppError('UNAUTHENTICATED', 'There is no refresh token. Sign in.');
        const issued = await refreshSession(createContext(request), { refreshToken });
        if (inCookie) cookie.set(reply, issued);
        return answer(request, reply, issued, inCookie);
      });

      fastify.post('/logout', async (request, reply) => {
        const { authorization } = request.headers;
        const accessToken = authorization === undefined ? null : bearerTokenOf(authorization);
        const { refreshToken, inCookie } = refreshTokenOf(request, cookie);
        const isSpent = await signOut(createContext(request), { accessToken, refreshToken });
        if (inCookie && isSpent) cookie.clear(reply);
        return reply.code(204).send();
      });
    },
  };
}

/**
 * The cookie comes along with whatever page sends a request, so the page has to be one of ours or named to us, and has
 * to send what no form can. Clients that are no browsers may leave out the type of a body that they do not send.
 * @throws FORBIDDEN, VALIDATION_FAILED with status 415
 */
function checkSender({ headers, host }: FastifyRequest, isOriginAllowed: (origin: string) => boolean): void {
  const { origin, 'content-type': type } = headers;
  if (origin !== undefined && URL.parse(origin)?.host !== host && !isOriginAllowed(origin)) {
    throw new AppError('FORBIDDEN', 'Pages of this origin may not sign in here: see CORS_ORIGINS.');
  }
  const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type);
  const mayBeLeftOut = origin === undefined && type === undefined;
  if (!isJson && !mayBeLeftOut) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type ?? '');
}

/** The cookie that only these routes get to see. `__Host-` would need Path=/. */
class RefreshCookie {
  readonly #name: string;
  readonly #attributes: CookieSerializeOptions;

  constructor({ sameSite, isHttpsOnly }: RefreshCookieOptions) {
    this.#name = isHttpsOnly ? '__Secure-refresh_token' : 'refresh_token';
    this.#attributes = { path: prefix, httpOnly: true, secure: true, sameSite };
  }

  read({ cookies }: FastifyRequest): string | undefined {
    return cookies[this.#name];
  }

  set(reply: FastifyReply, { refreshToken, refreshExpiresIn: maxAge }: IssuedTokens): void {
    reply.setCookie(this.#name, refreshToken, { ...this.#attributes, maxAge });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.#name, this.#attributes);
  }
}

/**
 * The body's token, else the cookie's; null for none, as where a browser's cookie or a client's store is empty. Who keeps
 * the token by itself is not given that of the cookie, which scripts must not see.
 */
function refreshTokenOf(request: FastifyRequest, cookie: RefreshCookie): { refreshToken: unknown; inCookie: boolean } {
  const { body } = request;
  const named = typeof body === 'object' && body !== null && 'refreshToken' in body ? body.refreshToken : null;
  const inCookie = (named === null || named === '') && !asksForBody(request);
  return { refreshToken: (inCookie ? cookie.read(request) : named) || null, inCookie };
}

/** Whether a page keeps the refresh token by itself, because it cannot keep cookies. */
function asksForBody({ headers }: FastifyRequest): boolean {
  return headers['x-refresh-token'] === 'body';
}

/**
 * Browsers get the refresh token in the cookie alone, where scripts cannot read it; who keeps it by itself gets it in the
 * body, and the cookie, which may be another session's, is left as it is. Who sends no Origin is no browser.
 */
function answer(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { refreshToken, refreshExpiresIn, user, tier, ...tokens }: IssuedTokens,
  inCookie: boolean,
): FastifyReply {
  const { id, email, name, avatarUrl, timeZone, preferences, createdAt } = user;
  return reply.header('cache-control', 'no-store').send({
    ...tokens,
    ...(inCookie && headers.origin !== undefined ? {} : { refreshToken }),
    user: { id, email, name, avatarUrl, timeZone, preferences, tier, createdAt: toRfc3339(createdAt) },
  });
}
