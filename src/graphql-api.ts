import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { schemaOf } from '../resolvers/index.js';
import { onceByKey } from './activity/index.js';
import { authenticate } from './auth/index.js';
import { ConfigError, type ConfigOf, defaultTrustedDocumentsFile } from './config.js';
import { type Door, objectsOfOperation } from './door.js';
import type { Context, Principal, Services } from './kernel/context.js';
import { AppError } from './kernel/errors.js';
import { sandboxPage } from './platform/explorer/sandbox.js';
import { Documents, observeDocuments } from './platform/graphql/documents.js';
import { EventPace } from './platform/graphql/event-pace.js';
import { type EventStreamOptions, EventStreams } from './platform/graphql/event-streams.js';
import { graphqlSurface } from './platform/graphql/http.js';
import { HttpResults } from './platform/graphql/http-results.js';
import { Operations } from './platform/graphql/operations.js';
import { SocketCounts } from './platform/graphql/socket-counts.js';
import { SocketSessions } from './platform/graphql/socket-sessions.js';
import { Sockets } from './platform/graphql/sockets.js';
import { TrustedDocuments } from './platform/graphql/trusted-documents.js';
import { UnsentAnswers } from './platform/graphql/unsent-answers.js';
import { addressReader } from './platform/http/addresses.js';
import { abortedWhenLeft } from './platform/http/left-clients.js';
import type { IsOriginAllowed } from './platform/http/origins.js';
import type { Surface } from './platform/http/surface.js';
import type { LiveProcesses } from './platform/live-processes.js';
import type { Logger } from './platform/log.js';
import { LoopTurns } from './platform/loop-turns.js';
import { type NewContext, ofRequest } from './request-context.js';

/** GraphQL as it is served: one result, a stream of events, or a socket. */
export interface GraphqlApi {
  readonly surface: Surface;
  /** Takes upgrades to WebSockets, on connections that are not busy with answers. */
  attach(server: Server, isBusy: (socket: Duplex) => boolean): void;
  /** Sends sockets and streams elsewhere, and takes no more. */
  close(): Promise<void>;
}

/** What GraphQL is served with besides its configuration. */
interface GraphqlApiOptions {
  readonly newContext: NewContext;
  readonly door: Door;
  readonly isOriginAllowed: IsOriginAllowed;
  readonly log: Logger;
  readonly periods: Pick<EventStreamOptions<Context, Principal>, 'keepAliveMs'>;
}

/** What all ways to GraphQL have together. */
interface Shared extends GraphqlApiOptions {
  readonly operations: Operations<Context>;
  readonly sessions: SocketSessions<Principal>;
  readonly turns: LoopTurns;
  readonly unsent: UnsentAnswers;
  /** Of sockets and streams of events. */
  readonly userSockets: SocketCounts;
}

/** Prepares GraphQL over HTTP and WebSockets. @throws ConfigError when trusted documents cannot be read */
export async function openGraphql(
  config: ConfigOf<'api'>,
  services: Services,
  options: GraphqlApiOptions,
): Promise<GraphqlApi> {
  const { admission, liveProcesses, sharingLine } = services;
  const shared: Shared = {
    ...options,
    operations: await operationsOf(config, services),
    sessions: sessionsOf(services),
    turns: new LoopTurns(admission.loop),
    unsent: new UnsentAnswers(),
    userSockets: new SocketCounts(config.MAX_SOCKETS_PER_USER, liveProcesses, sharingLine.runStatement),
  };
  const page = config.NODE_ENV === 'production' ? null : sandboxPage;
  const results = resultsOf(shared);
  const events = eventStreamsOf(services, shared);
  const sockets = socketsOf(config, services, shared);
  return {
    surface: graphqlSurface({ page, turns: shared.turns, admission, results, events }),
    attach: (server, isBusy) => sockets.attach(server, '/graphql', isBusy),
    close: async () => {
      await sockets.close();
      await events.close();
      await shared.userSockets.close();
    },
  };
}

async function operationsOf(
  config: ConfigOf<'api'>,
  { metrics, movableClock, admission }: Services,
): Promise<Operations<Context>> {
  const documents = new Documents(schemaOf({ movableClock: movableClock !== null }), {
    introspection: config.INTROSPECTION,
    suggestions: config.NODE_ENV !== 'production',
    trusted: await trustedDocumentsOf(config),
    trustedOnly: config.TRUSTED_DOCUMENTS === 'only',
  });
  observeDocuments(metrics, documents);
  return new Operations<Context>(
    documents,
    metrics,
    (ctx, key, request, run) => onceByKey(ctx, { key, ...request }, run),
    new EventPace((config.SUBSCRIPTION_RATE_LIMIT_PER_MINUTE * objectsOfOperation) / 60),
    admission,
    (ctx) => requireLive(ctx),
  );
}

/** @throws UNAUTHENTICATED when the person's session has ended */
async function requireLive({ actor, services }: Context): Promise<void> {
  if (actor?.kind !== 'PERSON' || (await services.liveSessions.isLive(actor.sessionId, actor.id))) return;
  throw new AppError('UNAUTHENTICATED', 'This session has ended.');
}

function sessionsOf(services: Services): SocketSessions<Principal> {
  const { tokenClock, liveSessions } = services;
  return new SocketSessions({
    clock: tokenClock,
    authenticate: (accessToken) => authenticate(services, accessToken),
    isLive: ({ id, sessionId }) => liveSessions.isLive(sessionId, id),
    watch: ({ sessionId }, onEnded) => liveSessions.watch(sessionId, onEnded),
  });
}

function resultsOf({ operations, door, newContext, unsent }: Shared): HttpResults<Context> {
  return new HttpResults(operations, {
    unsent,
    createContext: async (request, reply) =>
      newContext({
        ...ofRequest(request),
        actor: await door.enter(request, reply),
        signal: abortedWhenLeft(reply),
      }),
    countLength: ({ actor }, length) => door.countLengthOfBody(actor, length),
    charge: ({ actor }, operation, reply) => door.charge(actor, operation, reply),
  });
}

function eventStreamsOf({ metrics }: Services, shared: Shared): EventStreams<Context, Principal> {
  const { operations, door, newContext, unsent, userSockets, sessions, periods } = shared;
  return new EventStreams(
    operations,
    {
      ...periods,
      userSockets,
      limits: door,
      sessions,
      unsent,
      enter: (request, reply) => door.enterStream(request, reply),
      createContext: (request, actor, own) => newContext({ ...ofRequest(request), actor, ...own }),
    },
    metrics,
  );
}

function socketsOf(config: ConfigOf<'api'>, services: Services, shared: Shared): Sockets<Context, Principal> {
  const { operations, door, newContext, userSockets, sessions, turns, isOriginAllowed, log } = shared;
  const { admission, metrics, liveProcesses } = services;
  return new Sockets(
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
      admission,
      limits: door,
      addressOf: addressReader(config.TRUSTED_PROXIES),
      sessions,
      createContext: (session, own) => newContext({ actor: session.user, socket: session, ...own }),
    },
    metrics,
    log,
  );
}

/** This process's share of what all may have together: somebody waits only for a moment, so it need not be exact. */
function shareOf(most: number, { others }: LiveProcesses): number {
  return Math.max(1, Math.floor(most / (others + 1)));
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
