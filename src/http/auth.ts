import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IssuedTokens, refreshSession, signIn, signOut } from '../auth/index.js';
import type { Context } from '../context.js';
import { toRfc3339 } from '../scalars.js';

/** What the routes need of the app. */
export interface AuthRouteOptions {
  createContext(request: FastifyRequest): Context;
  /** Counts a request of this address. @throws RATE_LIMITED */
  limit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const cookieName = 'refresh_token';
const path = '/api/v1/auth';
/** `__Host-` would need Path=/; the cookie is meant for these routes only. */
const cookie = { path, httpOnly: true, secure: true, sameSite: 'strict' } as const;
/** Bytes; an ID token of Google has some 1,200. */
const bodyLimit = 16_384;

/** Signing in, refreshing and signing out: what cannot be GraphQL, since there is no token yet. */
export function authRoutes(fastify: FastifyInstance, { createContext, limit }: AuthRouteOptions): void {
  const options = { bodyLimit, preHandler: limit };

  fastify.post(`${path}/google`, options, async (request, reply) =>
    answer(reply, await signIn(createContext(request), request.body ?? {})),
  );

  fastify.post(`${path}/refresh`, options, async (request, reply) =>
    answer(reply, await refreshSession(createContext(request), refreshTokenOf(request))),
  );

  fastify.post(`${path}/logout`, options, async (request, reply) => {
    await signOut(createContext(request), refreshTokenOf(request));
    return reply.clearCookie(cookieName, cookie).code(204).send();
  });
}

/** The body's token, else the cookie's. */
function refreshTokenOf({ body, cookies }: FastifyRequest): unknown {
  const named = typeof body === 'object' && body !== null && 'refreshToken' in body;
  return named ? body : { refreshToken: cookies[cookieName] };
}

function answer(reply: FastifyReply, { refreshExpiresIn, user, ...tokens }: IssuedTokens): FastifyReply {
  const { id, email, name, avatarUrl, timeZone, preferences, tier, createdAt } = user;
  return reply
    .setCookie(cookieName, tokens.refreshToken, { ...cookie, maxAge: refreshExpiresIn })
    .header('cache-control', 'no-store')
    .send({
      ...tokens,
      user: { id, email, name, avatarUrl, timeZone, preferences, tier, createdAt: toRfc3339(createdAt) },
    });
}
