import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../kernel/errors.js';

/** What the people who run it look at. */
export interface OperationsRouteOptions {
  readonly metricsToken: string | null;
  /** Why requests cannot be served, or jobs done, right now; null when they can. */
  whyNotReady(): Promise<string | null>;
  metrics(): Promise<{ contentType: string; text: string }>;
}

/** Asked every few seconds: no line in the log. */
const isProbe = { config: { isLogged: false } };

/** Probes and metrics, on the API's port and on that for operations. */
export function operationsRoutes(fastify: FastifyInstance, options: OperationsRouteOptions): void {
  fastify.get('/health/live', isProbe, async () => ({ status: 'ok' }));

  fastify.get('/health/ready', isProbe, async (_request, reply) => {
    const reason = await options.whyNotReady();
    return reason === null ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason });
  });

  fastify.get('/metrics', isProbe, async (request, reply) => {
    const { metricsToken } = options;
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (metricsToken && !isSame(given, metricsToken)) {
      throw new AppError('UNAUTHENTICATED', 'The metrics token is not valid.');
    }
    const { contentType, text } = await options.metrics();
    return reply.type(contentType).send(text);
  });
}

/** The public keys by which others verify our access tokens. */
export function signingKeyRoutes(fastify: FastifyInstance, jwks: object): void {
  fastify.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(jwks),
  );
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
