import type { FastifyInstance } from 'fastify';
import { authenticate } from './auth/index.js';
import type { ConfigOf } from './config.js';
import { bearerTokenOf, closeAfter, Door } from './door.js';
import type { FilePurpose } from './files/index.js';
import { openGraphql } from './graphql-api.js';
import { authSurface } from './http/auth.js';
import { filesSurface } from './http/files.js';
import { type OperationsRouteOptions, operationsSurface } from './http/operations.js';
import { paymentWebhookSurface } from './http/payment-webhooks.js';
import { signingKeySurface } from './http/signing-keys.js';
import { requireAddresses, requireSignIn, type Services } from './kernel/context.js';
import { listen, urlOf } from './listen.js';
import { type ExplorerOptions, explorerSurface } from './platform/explorer/routes.js';
import { addressKey } from './platform/http/addresses.js';
import { allowedOrigins, type IsOriginAllowed } from './platform/http/origins.js';
import { createServer } from './platform/http/server.js';
import { mountSurface, type Surface } from './platform/http/surface.js';
import { observeProcesses } from './platform/live-processes.js';
import type { Logger } from './platform/log.js';
import { allowanceHeaders } from './platform/rate-limit/allowance.js';
import { RateLimit } from './platform/rate-limit/rate-limit.js';
import { type NewContext, ofRequest } from './request-context.js';

/** The listening API. */
export interface Api {
  readonly url: string;
  /** Sends sockets elsewhere and takes no more requests; those under way finish. */
  drain(): Promise<void>;
}

/** What only whoever starts the app on their own machine can tell its pages for people. */
export type Beside = Pick<ExplorerOptions, 'places' | 'sampleToken'>;

/** Periods of the API's connections, which tests shorten. */
export interface ApiPeriods {
  /** How long nothing may move while a request is under way. */
  readonly standstillTimeoutMs?: number;
  /** How often a quiet stream of events says that it goes on. */
  readonly keepAliveMs?: number;
}

/** What the API is opened with besides its configuration. */
interface ApiOptions {
  readonly newContext: NewContext;
  readonly log: Logger;
  readonly beside: Beside;
  readonly operations: OperationsRouteOptions;
  readonly periods: ApiPeriods;
  readonly filePurposes: readonly FilePurpose[];
}

/** The API role: GraphQL over HTTP and WebSocket, and the REST shim, on one port. @throws when the port is taken */
export async function openApi(config: ConfigOf<'api'>, services: Services, options: ApiOptions): Promise<Api> {
  const { newContext, log, beside, operations, periods } = options;
  const { metrics, liveProcesses } = services;
  const hasPages = config.NODE_ENV !== 'production';
  const isOriginAllowed = allowedOrigins({ origins: config.CORS_ORIGINS, loopback: hasPages });
  const trustedProxies = config.TRUSTED_PROXIES;
  const fastify = await createServer({ ...periods, trustedProxies, isOriginAllowed, log, metrics });
  const url = () => config.PUBLIC_URL ?? urlOf(fastify, config.HOST);
  const stopKeepingAlive = keepAliveUntilStopped(fastify);
  const door = doorOf(config, services, log);
  const graphql = await openGraphql(config, services, {
    newContext,
    door,
    isOriginAllowed,
    log,
    periods,
  });
  graphql.attach(fastify.server, (socket) => fastify.pipelining.isBusy(socket));
  const sampleToken = config.NODE_ENV === 'development' ? beside.sampleToken : () => null;
  const surfaces: readonly Surface[] = [
    authSurfaceOf(config, services, { newContext, isOriginAllowed }),
    ...(hasPages ? [explorerSurface({ url, places: beside.places, sampleToken })] : []),
    filesSurfaceOf(services, door, options),
    paymentWebhookSurface({
      payments: newContext({}).providers.payments,
      createContext: (request) => newContext(ofRequest(request)),
      refuseStranger: (request, reply) => door.holdStranger(request, reply),
    }),
    operationsSurface(operations),
    signingKeySurface(requireSignIn(services).tokens.jwks),
    graphql.surface,
  ];
  for (const surface of surfaces) await mountSurface(fastify, surface);
  observeProcesses(metrics, liveProcesses);
  // The others count with this one before it takes anything.
  await liveProcesses.join();
  await listen(fastify, { host: config.HOST, port: config.PORT });
  requireAddresses(services).reachableAt(url());
  // Nobody else listens from now on: a connection that cannot be taken must not end the process.
  fastify.server.on('error', (error) => log.error({ error }, 'a connection could not be taken'));
  return {
    url: url(),
    drain: async () => {
      stopKeepingAlive();
      await graphql.close();
      const late = setTimeout(() => fastify.server.closeAllConnections(), config.DRAIN_SECONDS * 1_000);
      await fastify.close();
      clearTimeout(late);
    },
  };
}

/** A connection that is kept alive holds the process for as long as it may be idle: from the stop on none is. */
function keepAliveUntilStopped(fastify: FastifyInstance): () => void {
  let isStopped = false;
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopped) closeAfter(reply);
    done(null, payload);
  });
  return () => {
    isStopped = true;
  };
}

function doorOf(config: ConfigOf<'api'>, services: Services, log: Logger): Door {
  return new Door({
    operationsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    subscriptionsPerMinute: config.SUBSCRIPTION_RATE_LIMIT_PER_MINUTE,
    strangersPerMinute: config.STRANGER_RATE_LIMIT_PER_MINUTE,
    strangersMayEnter: config.INTROSPECTION && config.TRUSTED_DOCUMENTS === 'any',
    countExchange: services.countExchange,
    authenticate: (accessToken) => authenticate(services, accessToken),
    log,
  });
}

function filesSurfaceOf(
  services: Services,
  door: Door,
  { newContext, filePurposes }: Pick<ApiOptions, 'newContext' | 'filePurposes'>,
): Surface {
  return filesSurface({
    purposes: filePurposes,
    bearerOf: (path, query) => requireAddresses(services).check(path, query, newContext({}).clock.now()),
    createContext: (request, signal) => newContext({ ...ofRequest(request), signal }),
    refuseStranger: (request, reply) => door.holdStranger(request, reply),
  });
}

function authSurfaceOf(
  config: ConfigOf<'api'>,
  { countExchange }: Services,
  { newContext, isOriginAllowed }: { readonly newContext: NewContext; readonly isOriginAllowed: IsOriginAllowed },
): Surface {
  const rateLimit = new RateLimit({ name: 'auth', perMinute: config.AUTH_RATE_LIMIT_PER_MINUTE }, countExchange);
  return authSurface({
    createContext: (request) => newContext(ofRequest(request)),
    limit: async ({ ip }, reply) => {
      reply.headers(allowanceHeaders(await rateLimit.takeOrHold(addressKey(ip), () => closeAfter(reply))));
    },
    isOriginAllowed,
    bearerTokenOf,
    cookie: { sameSite: config.COOKIE_SAMESITE, isHttpsOnly: isHttpsOnly(config) },
  });
}

/** Whether browsers reach us by HTTPS alone: it ends at a proxy, so our own server does not know. */
function isHttpsOnly({ NODE_ENV, PUBLIC_URL }: ConfigOf<'api'>): boolean {
  return PUBLIC_URL ? PUBLIC_URL.startsWith('https:') : NODE_ENV === 'production';
}
