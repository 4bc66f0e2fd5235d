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
import { AppError, invalid } from '../../kernel/errors.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { plainAddress, trustedBy } from './addresses.js';
import { brokenHeader, codedBody } from './broken-header.js';
import { cutOff } from './cut-off.js';
import { errorAnswerer, restErrors } from './error-answers.js';
import { type IsOriginAllowed, preflightRefused } from './origins.js';
import { Pipelining, refuseReset } from './pipelining.js';
import { rawRefusalOf, refuseRaw } from './raw-answers.js';

/** How the HTTP server meets the world. */
export interface ServerOptions {
  readonly trustedProxies: readonly string[];
  readonly isOriginAllowed: IsOriginAllowed;
  /** How long a client has for its headers; 10 s when not said. */
  readonly headersTimeoutMs?: number;
  /** How long nothing may move while a request is under way, such as when its client does not read; 60 s when not said. */
  readonly standstillTimeoutMs?: number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const maxHeaderBytes = 16_384;
/** Surfaces bound their bodies; this is for what none of them reads. */
const requestTimeoutMs = 3_600_000;
/** An answer that nobody reads stays in memory until then. */
const defaultStandstillTimeoutMs = 60_000;
const defaultHeadersTimeoutMs = 10_000;
/** Node looks for clients that are late only this often. */
const timeoutCheckMs = 1_000;
const keepAliveTimeoutMs = 72_000;
/** How long a client may go on with a body after its request was answered. */
const lateBodyMs = 1_000;

/** An API shows no page: nothing may be loaded, and nobody may frame it. A page says in its place what it loads. */
const strictPolicy = "default-src 'none'; frame-ancestors 'none'";

/** What every answer has, a stream and a refusal too. */
const firstHeaders = ({ id }: FastifyRequest) => ({ 'x-request-id': id, 'content-security-policy': strictPolicy });

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
  const { trustedProxies, isOriginAllowed, headersTimeoutMs = defaultHeadersTimeoutMs } = options;
  const { standstillTimeoutMs = defaultStandstillTimeoutMs } = options;
  const answerError = errorAnswerer(log, metrics);
  const pipelining = new Pipelining();
  const fastify = createFastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 ? trustedBy(trustedProxies) : false,
    serverFactory: (handle) => {
      const server = createHttpServer(
        {
          requestTimeout: requestTimeoutMs,
          keepAliveTimeout: keepAliveTimeoutMs,
          headersTimeout: headersTimeoutMs,
          maxHeaderSize: maxHeaderBytes,
          connectionsCheckingInterval: timeoutCheckMs,
          // Node would answer without a body.
          requireHostHeader: false,
          // Others, such as HTTP/2 in the clear, are offers that a server may leave alone.
          shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
        },
        pipelining.bound(handle),
      );
      server.setTimeout(standstillTimeoutMs, cutOff);
      refuseReset(server);
      return server;
    },
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => saneId(headers['x-request-id']) ?? randomUUID(),
    clientErrorHandler: (error, socket) => refuseRaw(socket, rawRefusalOf(error)),
    // What the router refuses passes no hook.
    frameworkErrors: (error, request, reply) => {
      // Neither would a body of it be bounded.
      reply.headers({ ...firstHeaders(request), connection: 'close' });
      void answerError(error, request, reply);
    },
  });
  fastify.server.on('checkExpectation', (request: IncomingMessage) =>
    refuseRaw(request.socket, { status: 417, code: 'VALIDATION_FAILED', message: 'Expect is not met.' }),
  );
  // Callbacks, not promises: these run on every request.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(firstHeaders(request));
    const broken = brokenHeader(request.raw);
    done(broken ? invalid([broken]) : (codedBody(request.raw) ?? undefined));
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
    throw preflightRefused();
  });
  await fastify.register(cookie);
  // Each surface says which bodies it takes.
  fastify.removeAllContentTypeParsers();
  fastify.decorate('errorForm', restErrors);
  fastify.decorate('pipelining', pipelining);
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

/**
 * A body that nobody wants is read and thrown away, so that the answer is not lost and the connection can be used again;
 * one that goes on and on is cut off.
 */
function cutLateBody({ raw }: FastifyRequest): void {
  const timer = setTimeout(() => raw.destroy(), lateBodyMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

/** An id that may go into headers and logs as it is. */
function saneId(given: string | string[] | undefined): string | null {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : null;
}

/** What routes may say of themselves. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for probes, and for what writes a line of its own. */
    isLogged?: boolean;
  }
}
