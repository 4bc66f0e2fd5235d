import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../kernel/errors.js';

/** What the people who run it look at. */
export interface OperationsRouteOptions {
  readonly jwks: object;
  readonly metricsToken: string | null;
  /** Why requests cannot be served right now; null when they can. */
  whyNotReady(): Promise<string | null>;
  metrics(): Promise<{ contentType: string; text: string }>;
}

/** Probes, metrics and the public signing keys. */
export function operationsRoutes(fastify: FastifyInstance, options: OperationsRouteOptions): void {
  fastify.get('/health/live', async () => ({ status: 'ok' }));

  fastify.get('/health/ready', async (_request, reply) => {
    const reason = await options.whyNotReady();
    return reason === null ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason });
  });

  fastify.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(options.jwks),
  );

  fastify.get('/metrics', async (request, reply) => {
    const { metricsToken } = options;
    if (metricsToken && !isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`)) {
      throw new AppError('UNAUTHENTICATED', 'The metrics token is not valid.');
    }
    const { contentType, text } = await options.metrics();
    return reply.type(contentType).send(text);
  });
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
