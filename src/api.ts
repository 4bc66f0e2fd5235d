import type { FastifyRequest } from 'fastify';
import { schemaOf } from '../resolvers/index.js';
import { onceByKey } from './activity/index.js';
import { authenticate } from './auth/index.js';
import { ConfigError, type ConfigOf, defaultTrustedDocumentsFile } from './config.js';
import { bearerTokenOf, closeAfter, Door, objectsOfOperation } from './door.js';
import { authSurface } from './http/auth.js';
import { type OperationsRouteOptions, operationsSurface } from './http/operations.js';
import { signingKeySurface } from './http/signing-keys.js';
import { type Context, type Principal, requireSignIn, type Services } from './kernel/context.js';
import { listen, urlOf } from './listen.js';
import { type ExplorerOptions, explorerSurface } from './platform/explorer/routes.js';
import { sandboxPage } from './platform/explorer/sandbox.js';
import { Documents, observeDocuments } from './platform/graphql/documents.js';
import { EventPace } from './platform/graphql/event-pace.js';
import { EventStreams } from './platform/graphql/event-streams.js';
import { graphqlSurface } from './platform/graphql/http.js';
import { HttpResults } from './platform/graphql/http-results.js';
import { Operations } from './platform/graphql/operations.js';
import { SocketCounts } from './platform/graphql/socket-counts.js';
import { SocketSessions } from './platform/graphql/socket-sessions.js';
import { Sockets } from './platform/graphql/sockets.js';
import { TrustedDocuments } from './platform/graphql/trusted-documents.js';
import { UnsentAnswers } from './platform/graphql/unsent-answers.js';
import { addressKey, addressReader, plainAddress } from './platform/http/addresses.js';
import { allowedOrigins } from './platform/http/origins.js';
import { createServer } from './platform/http/server.js';
import { mountSurface, type Surface } from './platform/http/surface.js';
import { type LiveProcesses, observeProcesses } from './platform/live-processes.js';
import type { Logger } from './platform/log.js';
import { LoopTurns } from './platform/loop-turns.js';
import { allowanceHeaders } from './platform/rate-limit/allowance.js';
import { RateLimit } from './platform/rate-limit/rate-limit.js';

/** The listening API. */
export interface Api {
  readonly url: string;
  /** Sends sockets elsewhere and takes no more requests; those under way finish. */
  drain(): Promise<void>;
}

/** Makes a context out of what an operation brings along. */
type NewContext = (own: Partial<Context>) => Context;

/** What only whoever starts the app on their own machine can tell its pages for people. */
export type Beside = Pick<ExplorerOptions, 'places' | 'sampleToken'>;

/** What the API is opened with besides its configuration. */
interface ApiOptions {
  readonly newContext: NewContext;
  readonly log: Logger;
  readonly beside: Beside;
  readonly operations: OperationsRouteOptions;
}

/** The API role: GraphQL over HTTP and WebSocket, and the REST shim, on one port. @throws when the port is taken */
export async function openApi(
  config: ConfigOf<'api'>,
  services: Services,
  { newContext, log, beside, operations: operationsOptions }: ApiOptions,
): Promise<Api> {
  const { metrics, liveProcesses, countExchange, sharingLine } = services;
  const hasPages = config.NODE_ENV !== 'production';
  const isOriginAllowed = allowedOrigins({ origins: config.CORS_ORIGINS, loopback: config.NODE_ENV !== 'production' });
  const fastify = await createServer({
    trustedProxies: config.TRUSTED_PROXIES,
    isOriginAllowed,
    log,
    metrics,
  });
  let draining = false;
  const url = () => config.PUBLIC_URL ?? urlOf(fastify, config.HOST);
  const door = new Door({
    operationsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    subscriptionsPerMinute: config.SUBSCRIPTION_RATE_LIMIT_PER_MINUTE,
    strangersPerMinute: config.STRANGER_RATE_LIMIT_PER_MINUTE,
    strangersMayEnter: config.INTROSPECTION && config.TRUSTED_DOCUMENTS === 'any',
    countExchange,
    authenticate: (accessToken) => authenticate(services, accessToken),
    log,
  });
  const turns = new LoopTurns();
  const authLimit = new RateLimit({ name: 'auth', perMinute: config.AUTH_RATE_LIMIT_PER_MINUTE }, countExchange);

  // A connection that is kept alive would hold the process for as long as it may be idle.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) closeAfter(reply);
    done(null, payload);
  });
  const auth = authSurface({
    createContext: (request) => newContext(ofRequest(request)),
    limit: async ({ ip }, reply) => {
      reply.headers(allowanceHeaders(await authLimit.takeOrHold(addressKey(ip), () => closeAfter(reply))));
    },
    isOriginAllowed,
    bearerTokenOf,
    cookie: { sameSite: config.COOKIE_SAMESITE, isHttpsOnly: isHttpsOnly(config) },
  });
  const { places, sampleToken } = beside;
  const explorer = { url, places, sampleToken: config.NODE_ENV === 'development' ? sampleToken : () => null };
  const documents = new Documents(schemaOf({ movableClock: services.movableClock !== null }), {
    introspection: config.INTROSPECTION,
    suggestions: config.NODE_ENV !== 'production',
    trusted: await trustedDocumentsOf(config),
    trustedOnly: config.TRUSTED_DOCUMENTS === 'only',
  });
  observeDocuments(metrics, documents);
  observeProcesses(metrics, liveProcesses);
  const operations = new Operations<Context>(
    documents,
    metrics,
    (ctx, key, request, run) => onceByKey(ctx, { key, ...request }, run),
    new EventPace((config.SUBSCRIPTION_RATE_LIMIT_PER_MINUTE * objectsOfOperation) / 60),
  );
  const unsent = new UnsentAnswers();
  const results = new HttpResults<Context>(operations, {
    unsent,
    createContext: async (request, reply) =>
      newContext({ ...ofRequest(request), actor: await door.enter(request, reply) }),
    countLength: ({ actor }, length) => door.countLengthOfBody(actor, length),
    charge: ({ actor }, operation, reply) => door.charge(actor, operation, reply),
  });
  const userSockets = new SocketCounts(config.MAX_SOCKETS_PER_USER, liveProcesses, sharingLine.runStatement);
  const sessions = new SocketSessions<Principal>({
    clock: services.tokenClock,
    authenticate: (accessToken) => authenticate(services, accessToken),
    isLive: ({ id, sessionId }) => services.liveSessions.isLive(sessionId, id),
    watch: ({ sessionId }, onEnded) => services.liveSessions.watch(sessionId, onEnded),
  });
  const events = new EventStreams<Context, Principal>(
    operations,
    {
      userSockets,
      limits: door,
      sessions,
      unsent,
      enter: (request, reply) => door.enterStream(request, reply),
      createContext: (request, actor, own) => newContext({ ...ofRequest(request), actor, ...own }),
    },
    metrics,
  );
  const sockets = new Sockets<Context, Principal>(
    operations,
    {
      userSockets,
      maxSubscriptionsPerSocket: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
      waiting: () => ({
        perAddress: shareOf(config.MAX_WAITING_SOCKETS_PER_ADDRESS, liveProcesses),
        total: shareOf(config.MAX_WAITING_SOCKETS, liveProcesses),
      }),
      isOriginAllowed,
      turns,
      limits: door,
      addressOf: addressReader(config.TRUSTED_PROXIES),
      sessions,
      createContext: (session, own) => newContext({ actor: session.user, socket: session, ...own }),
    },
    metrics,
    log,
  );
  sockets.attach(fastify.server, '/graphql');
  const surfaces: readonly Surface[] = [
    auth,
    ...(hasPages ? [explorerSurface(explorer)] : []),
    operationsSurface(operationsOptions),
    signingKeySurface(requireSignIn(services).tokens.jwks),
    graphqlSurface({ page: hasPages ? sandboxPage : null, turns, results, events }),
  ];
  for (const surface of surfaces) await mountSurface(fastify, surface);
  // The others count with this one before it takes anything.
  await liveProcesses.join();
  await listen(fastify, { host: config.HOST, port: config.PORT });
  // Nobody else listens from now on: a connection that cannot be taken must not end the process.
  fastify.server.on('error', (error) => log.error({ error }, 'a connection could not be taken'));
  return {
    url: url(),
    drain: async () => {
      draining = true;
      await sockets.close();
      await events.close();
      await userSockets.close();
      const late = setTimeout(() => fastify.server.closeAllConnections(), config.DRAIN_SECONDS * 1_000);
      await fastify.close();
      clearTimeout(late);
    },
  };
}

/** This process's share of what all may have together: somebody waits only for a moment, so it need not be exact. */
function shareOf(most: number, { others }: LiveProcesses): number {
  return Math.max(1, Math.floor(most / (others + 1)));
}

/** What a context takes from the request that it is for. */
function ofRequest({ id, ip, headers }: FastifyRequest): Pick<Context, 'requestId' | 'client'> {
  return { requestId: id, client: { address: plainAddress(ip), userAgent: headers['user-agent'] ?? null } };
}

/** Whether browsers reach us by HTTPS alone: it ends at a proxy, so our own server does not know. */
function isHttpsOnly({ NODE_ENV, PUBLIC_URL }: ConfigOf<'api'>): boolean {
  return PUBLIC_URL ? PUBLIC_URL.startsWith('https:') : NODE_ENV === 'production';
}

/** @throws ConfigError when the file is no manifest, a file that was named is not there, or no document could be run */
async function trustedDocumentsOf(config: ConfigOf<'api'>): Promise<TrustedDocuments> {
  const { TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_FILE } = config;
  const mayBeMissing = TRUSTED_DOCUMENTS_FILE === defaultTrustedDocumentsFile;
  const trusted = await TrustedDocuments.read(TRUSTED_DOCUMENTS_FILE, { mayBeMissing }).catch((error: Error) => {
    throw new ConfigError(`TRUSTED_DOCUMENTS_FILE: ${TRUSTED_DOCUMENTS_FILE}: ${error.message}`, { cause: error });
  });
  if (TRUSTED_DOCUMENTS === 'only' && trusted.isEmpty) {
    throw new ConfigError(`TRUSTED_DOCUMENTS_FILE: there are no documents in ${TRUSTED_DOCUMENTS_FILE}`);
  }
  return trusted;
}
