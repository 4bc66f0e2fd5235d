import type { Surface } from '../platform/http/surface.js';

/** The public keys by which others verify our access tokens. */
export function signingKeySurface(jwks: object): Surface {
  return {
    routes: (fastify) => {
      fastify.get('/.well-known/jwks.json', async (_request, reply) =>
        reply.header('cache-control', 'public, max-age=300').send(jwks),
      );
    },
  };
}
