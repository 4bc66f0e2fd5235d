import type { CookieSerializeOptions } from '@fastify/cookie';
import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type IssuedTokens, refreshSession, signIn, signOut } from '../auth/index.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { toRfc3339 } from '../scalars.js';

/** What the routes need of the app. */
interface AuthRouteOptions {
  createContext(request: FastifyRequest): Context;
  /** Counts a request of this address. @throws RATE_LIMITED */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Whether pages of this origin may sign in and refresh; those of our own always may. */
  isOriginAllowed(origin: string): boolean;
  readonly cookie: RefreshCookieOptions;
}

/** How browsers keep the refresh token. */
interface RefreshCookieOptions {
  readonly sameSite: 'strict' | 'lax' | 'none';
  /** Whether browsers reach us by HTTPS only: the name then promises it. Chrome refuses such a name on http://localhost. */
  readonly isHttpsOnly: boolean;
}

const path = '/api/v1/auth';
/** Bytes; an ID token of Google has some 1,200. */
const bodyLimit = 16_384;

/** Signing in, refreshing and signing out: what cannot be GraphQL, since there is no token yet. */
export function authRoutes(fastify: FastifyInstance, options: AuthRouteOptions): void {
  const { createContext, limit, isOriginAllowed } = options;
  // Before the body is read.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    await limit(request, reply);
    checkSender(request, isOriginAllowed);
  };
  const cookie = new RefreshCookie(options.cookie);

  fastify.post(`${path}/google`, { bodyLimit, onRequest }, async (request, reply) => {
    const replaced = asksForBody(request) ? null : cookie.read(request);
    return answer(request, reply, await signIn(createContext(request), request.body ?? {}, replaced || null), cookie);
  });

  fastify.post(`${path}/refresh`, { bodyLimit, onRequest }, async (request, reply) => {
    const given = refreshTokenOf(request, cookie);
    if (!given) throw new AppError('UNAUTHENTICATED', 'There is no refresh token. Sign in.');
    const issued = await refreshSession(createContext(request), given);
    return answer(request, reply, issued, cookie);
  });

  fastify.post(`${path}/logout`, { bodyLimit, onRequest }, async (request, reply) => {
    const given = refreshTokenOf(request, cookie);
    if (given) await signOut(createContext(request), given);
    cookie.clear(reply);
    return reply.code(204).send();
  });
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
    this.#attributes = { path, httpOnly: true, secure: true, sameSite };
  }

  read({ cookies }: FastifyRequest): string | undefined {
    return cookies[this.#name];
  }

  set(reply: FastifyReply, refreshToken: string, maxAge: number): void {
    reply.setCookie(this.#name, refreshToken, { ...this.#attributes, maxAge });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.#name, this.#attributes);
  }
}

/** The body's token, else the cookie's; null for none, as where a browser's cookie or a client's store is empty. */
function refreshTokenOf(request: FastifyRequest, cookie: RefreshCookie): { readonly refreshToken: unknown } | null {
  const { body } = request;
  const isNamed = typeof body === 'object' && body !== null && 'refreshToken' in body;
  const refreshToken = isNamed ? body.refreshToken : cookie.read(request);
  return refreshToken === undefined || refreshToken === null || refreshToken === '' ? null : { refreshToken };
}

/**
 * Browsers get the refresh token in the cookie alone, where scripts cannot read it; a page that cannot keep cookies asks
 * for it in the body with `X-Refresh-Token: body`, and gets no cookie then. Who sends no Origin is no browser.
 */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { refreshToken, refreshExpiresIn, user, ...tokens }: IssuedTokens,
  cookie: RefreshCookie,
): FastifyReply {
  const { id, email, name, avatarUrl, timeZone, preferences, tier, createdAt } = user;
  const inBody = asksForBody(request);
  if (!inBody) cookie.set(reply, refreshToken, refreshExpiresIn);
  return reply.header('cache-control', 'no-store').send({
    ...tokens,
    ...(inBody || request.headers.origin === undefined ? { refreshToken } : {}),
    user: { id, email, name, avatarUrl, timeZone, preferences, tier, createdAt: toRfc3339(createdAt) },
  });
}

function asksForBody({ headers }: FastifyRequest): boolean {
  return headers['x-refresh-token'] === 'body';
}
