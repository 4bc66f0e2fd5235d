import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import {
  fastify as createFastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { AppError, type ErrorCode, httpStatus, invalid } from '../../kernel/errors.js';
import { graphqlRefusal } from '../graphql/http.js';
import { maxBodyDepth } from '../graphql/parameters.js';
import { isNestedDeeper } from '../json-depth.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { rateHeaders } from '../rate-limit/allowance.js';
import { logFailure, orUnavailable } from '../unavailable.js';
import { plainAddress, trustedBy } from './addresses.js';
import { brokenHeader } from './broken-header.js';
import { refusalType } from './media-types.js';
import type { IsOriginAllowed } from './origins.js';
import { Pipelining, refuseReset } from './pipelining.js';
import { rawRefusalOf, refuseRaw } from './raw-answers.js';
import { HttpRefusal } from './refusal.js';

/** How the HTTP server meets the world. */
export interface ServerOptions {
  readonly trustedProxies: readonly string[];
  readonly isOriginAllowed: IsOriginAllowed;
  /** How long a client has for its headers and its body together; 15 s when not said. */
  readonly requestTimeoutMs?: number;
  /** How long nothing may move while a request is under way, such as when its client does not read; 60 s when not said. */
  readonly standstillTimeoutMs?: number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Bytes of the largest body that no route says otherwise about. */
const maxBodyBytes = 65_536;
const maxHeaderBytes = 16_384;
const defaultRequestTimeoutMs = 15_000;
/** An answer that nobody reads stays in memory until then. */
const defaultStandstillTimeoutMs = 60_000;
const headersTimeoutMs = 10_000;
/** Node looks for clients that are late only this often. */
const timeoutCheckMs = 1_000;
const keepAliveTimeoutMs = 72_000;
/** How long a client may go on with a body after its request was answered. */
const lateBodyMs = 1_000;

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
  const { trustedProxies, isOriginAllowed, requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const { standstillTimeoutMs = defaultStandstillTimeoutMs } = options;
  const answerError = errorAnswerer(log, metrics);
  const pipelining = new Pipelining();
  const fastify = createFastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 ? trustedBy(trustedProxies) : false,
    bodyLimit: maxBodyBytes,
    serverFactory: (handle) => {
      const server = createHttpServer(
        {
          requestTimeout: requestTimeoutMs,
          keepAliveTimeout: keepAliveTimeoutMs,
          headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
          maxHeaderSize: maxHeaderBytes,
          connectionsCheckingInterval: timeoutCheckMs,
          // Node would answer without a body.
          requireHostHeader: false,
          // Others, such as HTTP/2 in the clear, are offers that a server may leave alone.
          shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
        },
        pipelining.bound(handle),
      );
      server.setTimeout(standstillTimeoutMs);
      refuseReset(server);
      return server;
    },
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => saneId(headers['x-request-id']) ?? randomUUID(),
    clientErrorHandler: (error, socket) => refuseRaw(socket, rawRefusalOf(error)),
    // What the router refuses passes no hook.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      void answerError(error, request, reply);
    },
  });
  fastify.server.on('checkExpectation', (request: IncomingMessage) =>
    refuseRaw(request.socket, { status: 417, code: 'VALIDATION_FAILED', message: 'Expect is not met.' }),
  );
  // Callbacks, not promises: these run on every request.
  fastify.addHook('onRequest', ({ id, raw }, reply, done) => {
    reply.header('x-request-id', id);
    const broken = brokenHeader(raw);
    done(broken ? invalid([broken]) : undefined);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!request.raw.complete) cutLateBody(request);
    logRequest(log, request, reply);
    done();
  });
  await fastify.register(helmet, securityHeaders);
  await fastify.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && isOriginAllowed(origin)),
    credentials: true,
    methods: ['GET', 'POST', 'PUT'],
    exposedHeaders: ['x-request-id', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'],
    maxAge: 600,
  });
  // Before the body is read, and after CORS has let a browser see it.
  fastify.addHook('onRequest', (request, _reply, done) =>
    done(request.is404 ? new AppError('NOT_FOUND', 'There is no such route.') : undefined),
  );
  // What has no route is refused above; the rest that comes here are preflights of origins that are not allowed.
  fastify.setNotFoundHandler(() => {
    throw new AppError('FORBIDDEN', 'Pages of this origin may not call this API.');
  });
  await fastify.register(cookie);
  acceptJsonOnly(fastify);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // A page has said what it loads.
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', strictPolicy);
    done(null, payload);
  });
  fastify.setErrorHandler<FastifyError>(answerError);
  return fastify;
}

/** One line a request of REST: its route and not its address, whose query may hold a secret. */
function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { id, method, ip, routeOptions } = request;
  // Preflights have no route of their own; what has none at all is counted as refused.
  if (request.is404 || method === 'OPTIONS' || routeOptions.config.isLogged === false) return;
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  log.info(
    { requestId: id, method, route: routeOptions.url, status: reply.statusCode, ms, address: plainAddress(ip) },
    'request',
  );
}

/** Answers what was thrown: a GraphQL result on that path, elsewhere REST's `error`. */
function errorAnswerer(log: Logger, metrics: Metrics) {
  return (thrown: FastifyError, { id, url, headers }: FastifyRequest, reply: FastifyReply) => {
    const error = asAppError(thrown);
    if (error.code === 'INTERNAL') logFailure(log, thrown, { requestId: id }, 'request failed');
    if (error.code === 'UNAVAILABLE') logFailure(log, error, { requestId: id }, 'request failed');
    metrics.refusals.inc({ code: error.code });
    reply.headers(rateHeaders(error.details));
    if (thrown instanceof HttpRefusal) reply.headers(thrown.headers);
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    // A body that is too large, or of another kind, keeps HTTP's own word for it.
    const ownStatus = error.code === 'VALIDATION_FAILED' ? thrown.statusCode : undefined;
    if (isGraphql(url)) {
      const { status, body } = graphqlRefusal(error, id, log);
      // Apollo Client takes an error's body for a GraphQL result by its type alone.
      return reply
        .code(ownStatus ?? status)
        .type(refusalType(headers.accept))
        .send(JSON.stringify(body));
    }
    const message = error.code === 'INTERNAL' ? 'Something went wrong on our side. Try again later.' : error.message;
    return reply
      .code(ownStatus ?? httpStatus[error.code])
      .send({ error: { code: error.code satisfies ErrorCode, message, requestId: id, ...error.details } });
  };
}

/**
 * A body that nobody wants is read and thrown away, so that the answer is not lost and the connection can be used again;
 * one that goes on and on is cut off.
 */
function cutLateBody({ raw }: FastifyRequest): void {
  const timer = setTimeout(() => raw.destroy(), lateBodyMs).unref();
  raw.once('close', () => clearTimeout(timer));
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
  // Fastify repeats the type that came, and does not say which one it takes.
  const isOtherType = thrown.statusCode === 415;
  const rule = isOtherType ? 'must be sent with Content-Type: application/json' : thrown.message;
  if (isClients) return invalid([{ field: thrown.code === 'FST_ERR_BAD_URL' ? 'url' : 'body', rule }]);
  const judged = orUnavailable(thrown);
  return judged instanceof AppError ? judged : new AppError('INTERNAL', thrown.message);
}

function tooDeep(): AppError {
  return invalid([{ field: 'body', rule: `may be nested ${maxBodyDepth} levels deep` }]);
}

/** What routes may say of themselves. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for probes, and for what writes a line of its own. */
    isLogged?: boolean;
    /** Is told how long a body is, and may have its parsing wait. @throws what refuses it */
    onBody?(request: FastifyRequest, length: number): Promise<void> | null;
  }
}

/** JSON is the only kind of body. `POST …/refresh` with the cookie alone often says JSON and sends nothing. */
function acceptJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('ignore', 'ignore');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    const text = typeof body === 'string' ? body : body.toString();
    const read = () => {
      if (isNestedDeeper(text, maxBodyDepth)) done(tooDeep());
      else void parse(request, text, done);
    };
    try {
      const turn = request.routeOptions.config.onBody?.(request, text.length);
      if (turn) void turn.then(read, done);
      else read();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
