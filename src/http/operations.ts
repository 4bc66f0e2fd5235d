import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../kernel/errors.js';
import type { Surface } from '../platform/http/surface.js';

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
export function operationsSurface({ metricsToken, whyNotReady, metrics }: OperationsRouteOptions): Surface {
  return {
    routes: (fastify) => {
      fastify.get('/health/live', isProbe, async () => ({ status: 'ok' }));

      fastify.get('/health/ready', isProbe, async (_request, reply) => {
        const reason = await whyNotReady();
        return reason === null ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason });
      });

      fastify.get('/metrics', isProbe, async (request, reply) => {
        const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
        if (metricsToken && !isSame(given, metricsToken)) {
          throw new AppError('UNAUTHENTICATED', 'The metrics token is not valid.');
        }
        const { contentType, text } = await metrics();
        return reply.type(contentType).send(text);
      });
    },
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
