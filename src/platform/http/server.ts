import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify as createFastify, type FastifyError, type FastifyInstance } from 'fastify';
import { AppError, type ErrorCode, invalid, statusOf } from '../../errors.js';
import { graphqlRefusal } from '../graphql/http.js';
import { sandboxPolicy } from '../graphql/sandbox.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { rateHeaders } from '../rate-limit.js';
import { logFailure, orUnavailable } from '../unavailable.js';

/** How the HTTP server meets the world. */
export interface ServerOptions {
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly sandbox: boolean;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Bytes of the largest body that no route says otherwise about. */
const largestBody = 65_536;
/** A client has this long for its headers and its body together. */
const requestTimeoutMs = 15_000;
const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 72_000;

/** An API shows no page: nothing may be loaded, and nobody may frame it. */
const strictPolicy = "default-src 'none'; frame-ancestors 'none'";
/** The policy above is set by answer; headers that only browsers of the past knew are left out. */
const securityHeaders = {
  contentSecurityPolicy: false,
  crossOriginEmbedderPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** Fastify with what every route has: request ids, CORS, security headers, cookies, limits, errors as the spec has them. */
export async function createServer({ log, metrics, ...options }: ServerOptions): Promise<FastifyInstance> {
  const fastify = createFastify({
    logger: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    bodyLimit: largestBody,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => saneId(headers['x-request-id']) ?? randomUUID(),
  });
  // Callbacks, not promises: these run on every request.
  fastify.addHook('onRequest', ({ id }, reply, done) => {
    reply.header('x-request-id', id);
    done();
  });
  await fastify.register(helmet, securityHeaders);
  if (options.corsOrigins.length > 0) {
    await fastify.register(cors, {
      origin: [...options.corsOrigins],
      credentials: true,
      methods: ['GET', 'POST', 'PUT'],
      exposedHeaders: [
        'x-request-id',
        'x-ratelimit-limit',
        'x-ratelimit-remaining',
        'x-ratelimit-reset',
        'retry-after',
      ],
      maxAge: 600,
    });
  }
  await fastify.register(cookie);
  acceptEmptyJson(fastify);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const isPage = options.sandbox && String(reply.getHeader('content-type')).startsWith('text/html');
    reply.header('content-security-policy', isPage ? sandboxPolicy : strictPolicy);
    done(null, payload);
  });
  fastify.setNotFoundHandler(() => {
    throw new AppError('NOT_FOUND', 'There is no such route.');
  });
  fastify.setErrorHandler((thrown: FastifyError, { id, url }, reply) => {
    const error = asAppError(thrown);
    if (error.code === 'INTERNAL') logFailure(log, thrown, { requestId: id }, 'request failed');
    if (error.code === 'UNAVAILABLE') logFailure(log, error, { requestId: id }, 'request failed');
    metrics.refusals.inc({ code: error.code });
    reply.headers(rateHeaders(error.details));
    // A body that is too large, or of another kind, keeps HTTP's own word for it.
    const ownStatus = error.code === 'VALIDATION_FAILED' ? thrown.statusCode : undefined;
    if (isGraphql(url)) {
      const { status, body } = graphqlRefusal(error, id, log);
      return reply.code(ownStatus ?? status).send(body);
    }
    const message = error.code === 'INTERNAL' ? 'Something went wrong on our side. Try again later.' : error.message;
    return reply
      .code(ownStatus ?? statusOf[error.code])
      .send({ error: { code: error.code satisfies ErrorCode, message, requestId: id, ...error.details } });
  });
  return fastify;
}

function isGraphql(url: string): boolean {
  return /^\/graphql(\?|$)/.test(url);
}

/** An id that may go into headers and logs as it is. */
function saneId(given: string | string[] | undefined): string | null {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : null;
}

function asAppError(thrown: FastifyError | AppError): AppError {
  if (thrown instanceof AppError) return thrown;
  const isClients = thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500;
  if (isClients) return invalid([{ field: 'body', rule: thrown.message }]);
  const judged = orUnavailable(thrown);
  return judged instanceof AppError ? judged : new AppError('INTERNAL', thrown.message);
}

/** `POST …/refresh` with the cookie alone often says JSON and sends nothing. */
function acceptEmptyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, typeof body === 'string' ? body : body.toString(), done);
  });
}
