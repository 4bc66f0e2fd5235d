import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { z } from 'zod';
import { statusOf } from '../../errors.js';
import type { Logger } from '../log.js';
import { rateHeaders } from '../rate-limit.js';
import { codeOf, toClientError } from './client-error.js';
import { limitRules, parseOptions } from './limits.js';
import type { OperationContext, Operations } from './operations.js';
import { sandbox } from './sandbox.js';

/** What the product decides about requests over HTTP. */
export interface HttpOptions<Ctx> {
  readonly introspection: boolean;
  readonly landingPage: boolean;
  /** Who asks, and may they? @throws AppError */
  createContext(request: FastifyRequest, reply: FastifyReply): Promise<Ctx>;
}

/** Bytes of the largest request. */
const largestBody = 256 * 1_024;

/** `POST /graphql`, and GET for queries: Apollo Server reads and answers, the operation layer executes. */
export async function mountHttp<Ctx extends OperationContext>(
  fastify: FastifyInstance,
  operations: Operations<Ctx>,
  options: HttpOptions<Ctx>,
): Promise<ApolloServer<Ctx>> {
  const apollo = new ApolloServer<Ctx>({
    schema: operations.documents.schema,
    introspection: options.introspection,
    parseOptions,
    validationRules: limitRules,
    validationOptions: { maxErrors: 20 },
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      options.landingPage ? sandbox : ApolloServerPluginLandingPageDisabled(),
      executeWith(operations),
    ],
  });
  await apollo.start();
  const contexts = new WeakMap<FastifyRequest, Ctx>();
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const ctx = contexts.get(request);
      if (!ctx) throw new Error('The request has no context.');
      return ctx;
    },
  });
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    bodyLimit: largestBody,
    preHandler: async (request, reply) => {
      contexts.set(request, await options.createContext(request, reply));
    },
    handler: async function (request, reply) {
      const body: unknown = await answer.call(this, request, reply);
      return typeof body === 'string' && reply.statusCode >= 400 ? withCodes(body, request.id) : body;
    },
  });
  return apollo;
}

/** Apollo asks this hook for a ready answer and executes nothing itself: one execution for HTTP and WebSocket. */
function executeWith<Ctx extends OperationContext>(operations: Operations<Ctx>): ApolloServerPlugin<Ctx> {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ operationName, request, contextValue: ctx }) => {
        const { query, extensions } = request;
        const result = await operations.run(
          { query, extensions, operationName },
          {
            transport: 'http',
            variables: request.variables ?? {},
            idempotencyKey: request.http?.headers.get('idempotency-key') ?? null,
            ctx,
          },
        );
        return {
          http: { status: statusFor(result), headers: headersFor(result) },
          body: { kind: 'single' as const, singleResult: result },
        };
      },
    }),
  };
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
  return data === undefined || isAboutRequest ? statusOf[code] : 200;
}

function headersFor({ errors }: FormattedExecutionResult): HeaderMap {
  const headers = new HeaderMap();
  const limited = errors?.find((error) => codeOf(error) === 'RATE_LIMITED');
  for (const [name, value] of Object.entries(rateHeaders(limited?.extensions ?? {}))) headers.set(name, value);
  return headers;
}

/** What Apollo refuses before execution is bad input; its own codes are not ours. */
function withCodes(body: string, requestId: string): string {
  if (body.includes('"requestId"') || !body.startsWith('{')) return body;
  const { errors, ...rest } = Refusal.parse(JSON.parse(body));
  const translate = ({ message, locations }: (typeof errors)[number]) => ({
    message,
    ...(locations ? { locations } : {}),
    extensions: { code: 'VALIDATION_FAILED', requestId, fields: [{ field: 'query', rule: message }] },
  });
  return JSON.stringify({ errors: errors.map(translate), ...rest });
}

const Refusal = z.looseObject({
  errors: z.array(z.object({ message: z.string(), locations: z.unknown().optional() })),
});

/** The answer to a request that never reaches Apollo: a GraphQL result with the code's status. */
export function graphqlRefusal(error: unknown, requestId: string, log: Logger) {
  const formatted = toClientError(error, requestId, log);
  return { status: statusOf[codeOf(formatted)], body: { errors: [formatted] } };
}
