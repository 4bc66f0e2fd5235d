import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { httpStatus } from '../../kernel/errors.js';
import type { Admission } from '../admission.js';
import { answerType, preferredType } from '../http/media-types.js';
import { type Page, sendPage } from '../http/page.js';
import { HttpRefusal } from '../http/refusal.js';
import type { Logger } from '../log.js';
import type { LoopTurns } from '../loop-turns.js';
import { rateHeaders } from '../rate-limit/allowance.js';
import { codeOf, toClientError } from './client-error.js';
import type { OperationContext, Operations } from './operations.js';
import { type Parameters, readParameters, readUrlParameters } from './parameters.js';
import type { AdmittedOperation, PreparedOperation } from './read-document.js';
import { UnsentAnswers } from './unsent-answers.js';

/** What the product decides about requests over HTTP. */
export interface HttpOptions<Ctx> {
  /** What browsers get that come for a page. */
  readonly page: Page | null;
  /** Who asks, and may they? It is asked before the body is read. @throws AppError */
  createContext(request: FastifyRequest, reply: FastifyReply): Promise<Ctx>;
  /** Counts what a body takes by its length alone, before it is parsed. @throws RATE_LIMITED */
  countLength(ctx: Ctx, length: number): void;
  readonly turns: LoopTurns;
  /** Is asked before anything else, and once more by what writes. */
  readonly admission: Admission;
  /** Counts what one operation takes beyond the one request that it came in. @throws RATE_LIMITED */
  charge(ctx: Ctx, operation: AdmittedOperation, reply: FastifyReply): Promise<void>;
}

const path = '/graphql';
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
export function mountHttp<Ctx extends OperationContext>(
  fastify: FastifyInstance,
  operations: Operations<Ctx>,
  options: HttpOptions<Ctx>,
): void {
  const contexts = new WeakMap<FastifyRequest, Ctx>();
  const unsent = new UnsentAnswers();
  fastify.route({
    method: ['GET', 'POST'],
    url: path,
    exposeHeadRoute: false,
    bodyLimit: maxBodyBytes,
    config: {
      isLogged: false,
      onBody: (request, length) => {
        const ctx = contexts.get(request);
        if (!ctx) return null;
        options.countLength(ctx, length);
        return options.turns.enter(ctx.actor?.id ?? '');
      },
    },
    onRequest: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (options.page && wantsPage(request)) return sendPage(reply, options.page);
      options.admission.require();
      contexts.set(request, await options.createContext(request, reply));
      return undefined;
    },
    handler: async (request, reply) => {
      const ctx = contexts.get(request);
      if (!ctx) throw new Error('The request has no context.');
      if (request.method === 'GET') await options.turns.enter(ctx.actor?.id ?? '');
      const type = answerType(request.headers.accept);
      const parameters = request.method === 'GET' ? readUrlParameters(request.query) : readParameters(request.body);
      const admit = async (operation: AdmittedOperation, type: OperationTypeNode) => {
        if (type === OperationTypeNode.MUTATION) options.admission.requireForWrite();
        await options.charge(ctx, operation, reply);
      };
      await answer(operations, parameters, ctx, { request, admit }, async (result) => {
        void reply.code(statusFor(result)).headers(headersFor(result)).type(type);
        await unsent.send(reply, JSON.stringify(result));
      });
      return reply;
    },
  });
  fastify.route({
    method: [...notAllowed],
    url: path,
    onRequest: async () => {
      throw new HttpRefusal(405, 'GraphQL is served by POST, and by GET for queries.', { allow: 'GET, POST' });
    },
    handler: async () => undefined,
  });
}

async function answer<Ctx extends OperationContext>(
  operations: Operations<Ctx>,
  { query, operationName, extensions, variables }: Parameters,
  ctx: Ctx,
  {
    request: { method, headers },
    admit,
  }: { request: FastifyRequest; admit: (operation: AdmittedOperation, type: OperationTypeNode) => Promise<void> },
  deliver: (result: FormattedExecutionResult) => Promise<void>,
): Promise<void> {
  let operation: PreparedOperation;
  let admitted: AdmittedOperation;
  try {
    operation = operations.documents.prepare({ query, operationName, extensions, signedIn: ctx.actor !== null });
    if (operation.type === OperationTypeNode.SUBSCRIPTION)
      throw new GraphQLError('Subscriptions go over the WebSocket.');
    admitted = operation.admit(variables);
    await admit(admitted, operation.type);
  } catch (error) {
    return deliver(operations.refuse(error, 'http', ctx));
  }
  if (method === 'GET' && operation.type !== OperationTypeNode.QUERY)
    throw new HttpRefusal(405, 'GET serves queries only.', { allow: 'POST' });
  const idempotencyKey = headers['idempotency-key'];
  const key = typeof idempotencyKey === 'string' ? idempotencyKey : null;
  return operations.answer({ transport: 'http', operation, admitted, variables, idempotencyKey: key, ctx }, deliver);
}

/** A browser that was sent here by a person, and brings no query. */
function wantsPage({ method, headers, query }: FastifyRequest): boolean {
  const isBare = typeof query === 'object' && query !== null && !('query' in query);
  return method === 'GET' && isBare && preferredType(headers.accept, ['application/json', 'text/html']) === 'text/html';
}

/**
 * A request that nothing came of because of who asked, how often, or a fault of ours has that status; so has one that
 * was refused before execution. A rule that said no to an executed operation is an answer: 200.
 */
function statusFor({ data, errors }: FormattedExecutionResult): number {
  const [first] = errors ?? [];
  if (!first || data) return 200;
  const code = codeOf(first);
  const isAboutRequest =
    code === 'UNAUTHENTICATED' || code === 'RATE_LIMITED' || code === 'UNAVAILABLE' || code === 'INTERNAL';
  return data === undefined || isAboutRequest ? httpStatus[code] : 200;
}

function headersFor({ errors }: FormattedExecutionResult): Record<string, string> {
  const passing = errors?.find(({ extensions }) => extensions?.['retryAfter'] !== undefined);
  return rateHeaders(passing?.extensions ?? {});
}

/** The answer to a request that is refused before its operation is known: a GraphQL result with the code's status. */
export function graphqlRefusal(error: unknown, requestId: string, log: Logger) {
  const formatted = toClientError(error, requestId, log);
  return { status: httpStatus[codeOf(formatted)], body: { errors: [formatted] } };
}
