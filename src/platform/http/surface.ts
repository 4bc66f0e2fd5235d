import type { FastifyInstance } from 'fastify';
import type { BodyParser } from './bodies.js';
import type { ErrorForm } from './error-answers.js';

/**
 * One kind of client's part of the API: what it sends, and how it is answered when it is refused. A plugin of its own, so
 * that nothing of it holds for the others. Its routes refuse whom they do not serve in an `onRequest` hook, before
 * anything of the body is read.
 */
export interface Surface {
  /** What the paths of all its routes begin with. */
  readonly prefix?: string;
  /** How it takes bodies; a surface without a parser takes none. */
  readonly body?: BodyParser;
  /** How it words a refusal; `{ error: { code, message, requestId, … } }` when not said. */
  readonly errorForm?: ErrorForm;
  routes(fastify: FastifyInstance): void;
}

/** Adds a surface to a server. */
export async function mountSurface(fastify: FastifyInstance, surface: Surface): Promise<void> {
  const { prefix = '', body, errorForm, routes } = surface;
  const mount = async (own: FastifyInstance) => {
    if (errorForm) own.errorForm = errorForm;
    body?.(own);
    routes(own);
  };
  // Fastify looks for a plugin without a name among all modules that are loaded.
  await fastify.register(Object.assign(mount, { [Symbol.for('fastify.display-name')]: `surface ${prefix}` }), {
    prefix,
  });
}
