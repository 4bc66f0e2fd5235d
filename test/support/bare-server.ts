import type { FastifyInstance } from 'fastify';
import { createServer, type ServerOptions } from '../../src/platform/http/server.js';
import { createLog } from '../../src/platform/log.js';
import { createMetrics } from '../../src/platform/metrics.js';

/** The HTTP server without anything of the product, whose routes a test adds. */
export function bareServer(
  timeouts: Pick<ServerOptions, 'headersTimeoutMs' | 'standstillTimeoutMs'> = {},
): Promise<FastifyInstance> {
  return createServer({
    ...timeouts,
    trustedProxies: [],
    isOriginAllowed: () => false,
    log: createLog('silent', { write: () => undefined }),
    metrics: createMetrics(),
  });
}

/** Has it listen, and answers the port. */
export async function listenAnywhere(server: FastifyInstance): Promise<number> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
