import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission.js';
import { jsonBody } from '../http/bodies.js';
import type { ErrorForm } from '../http/error-answers.js';
import { prefersPage, refusalType, wantsEvents } from '../http/media-types.js';
import { preflightRefused } from '../http/origins.js';
import { type Page, sendPage } from '../http/page.js';
import { HttpRefusal } from '../http/refusal.js';
import type { Surface } from '../http/surface.js';
import type { LoopTurns } from '../loop-turns.js';
import { toClientError } from './client-error.js';
import { type Parameters, readParameters, readUrlParameters } from './parameters.js';

/** A request whose sender may ask. */
export interface Entered {
  /** Who sent it; empty for a stranger. */
  readonly userId: string;
  /** Counts what the body takes by its length alone, before it is parsed. @throws RATE_LIMITED */
  countLength(length: number): void;
  /** Executes what it asks for, and answers it. */
  answer(parameters: Parameters): Promise<void>;
}

/** One way in which requests are answered. */
export interface Entrance {
  /** Who asks, and may they? It is asked before the body is read. @throws AppError */
  enter(request: FastifyRequest, reply: FastifyReply): Promise<Entered>;
}

/** What the product decides about requests over HTTP. */
export interface HttpOptions {
  /** What browsers get that come for a page. */
  readonly page: Page | null;
  readonly turns: LoopTurns;
  /** Is asked before anything else. */
  readonly admission: Admission;
  /** For those who are answered one result. */
  readonly results: Entrance;
  /** For those who are answered a stream of events. */
  readonly events: Entrance;
}

/** Bytes. */
const maxBodyBytes = 256 * 1_024;
const notAllowed = ['HEAD', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * `POST /graphql`, and GET for queries, as GraphQL over HTTP has them. Ready-made servers read the request before it is
 * known who sent it, negotiate the answer's type where ours cannot see it, and keep documents of their own.
 *
 * There is no protection from CSRF because there is nothing to protect: cookies are not read here, so that a request
 * which a browser sends unasked is nobody's.
 * @see https://graphql.github.io/graphql-over-http/draft/
 */
export function graphqlSurface(options: HttpOptions): Surface {
  const { page, turns, admission } = options;
  const entered = new WeakMap<FastifyRequest, Entered>();
  const senderOf = (request: FastifyRequest): Entered => {
    const sender = entered.get(request);
    if (!sender) throw new Error('Nobody asked who sent the request.');
    return sender;
  };
  return {
    prefix: '/graphql',
    errorForm: graphqlErrors,
    body: jsonBody({
      maxBytes: maxBodyBytes,
      onLength: (request, length) => {
        const sender = senderOf(request);
        sender.countLength(length);
        return turns.enter(sender.userId);
      },
    }),
    routes: (fastify) => {
      refuseOtherMethods(fastify);
      fastify.route({
        method: ['GET', 'POST'],
        url: '',
        exposeHeadRoute: false,
        config: { isLogged: false },
        onRequest: async (request, reply) => {
          reply.header('cache-control', 'no-store');
          if (page && wantsPage(request)) return sendPage(reply, page);
          admission.require();
          const entrance = wantsEvents(request.headers.accept) ? options.events : options.results;
          entered.set(request, await entrance.enter(request, reply));
          return undefined;
        },
        handler: async (request, reply) => {
          const sender = senderOf(request);
          const isGet = request.method === 'GET';
          if (isGet) await turns.enter(sender.userId);
          await sender.answer(isGet ? readUrlParameters(request.query) : readParameters(request.body));
          return reply;
        },
      });
    },
  };
}

function refuseOtherMethods(fastify: FastifyInstance): void {
  fastify.options('', async () => {
    throw preflightRefused();
  });
  fastify.route({
    method: [...notAllowed],
    url: '',
    onRequest: async () => {
      throw new HttpRefusal(405, 'GraphQL is served by POST, and by GET for queries.', { allow: 'GET, POST' });
    },
    handler: async () => undefined,
  });
}

/** A browser that was sent here by a person, and brings no query. */
function wantsPage({ method, headers, query }: FastifyRequest): boolean {
  const isBare = typeof query === 'object' && query !== null && !('query' in query);
  return method === 'GET' && isBare && prefersPage(headers.accept);
}

/**
 * A refusal before the operation is known: a GraphQL result. Apollo Client takes an error's body for one by its type
 * alone.
 */
const graphqlErrors: ErrorForm = (error, { id, headers }, log) => ({
  type: refusalType(headers.accept),
  body: JSON.stringify({ errors: [toClientError(error, id, log)] }),
});
