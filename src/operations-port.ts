import type { ConfigOf } from './config.js';
import { type OperationsRouteOptions, operationsSurface } from './http/operations.js';
import type { Services } from './kernel/context.js';
import { listen, urlOf } from './listen.js';
import { createServer } from './platform/http/server.js';
import { mountSurface } from './platform/http/surface.js';
import type { Logger } from './platform/log.js';

/** The port for those who run the product, which clients do not reach. */
export interface OperationsPort {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens it, whatever the role; null when it is off. @throws ConfigError when the port is taken */
export async function openOperationsPort(
  { OPERATIONS_HOST: host, OPERATIONS_PORT: port }: Pick<ConfigOf<'worker'>, 'OPERATIONS_HOST' | 'OPERATIONS_PORT'>,
  routes: OperationsRouteOptions,
  { metrics }: Services,
  log: Logger,
): Promise<OperationsPort | null> {
  if (port === null) return null;
  const fastify = await createServer({ trustedProxies: [], isOriginAllowed: () => false, log, metrics });
  await mountSurface(fastify, operationsSurface(routes));
  await listen(fastify, { host, port, prefix: 'OPERATIONS_' });
  return { url: urlOf(fastify, host), close: () => fastify.close() };
}
