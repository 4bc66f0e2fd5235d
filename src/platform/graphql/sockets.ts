import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type OperationTypeNode,
} from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../errors.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { guardAgainstFlood } from './flood.js';
import type { OperationContext, OperationRequest, Operations } from './operations.js';
import type { Session, SocketSessions, SocketUser } from './socket-sessions.js';

/** What the product decides about sockets. */
export interface SocketOptions<Ctx, User extends SocketUser> {
  readonly maxSocketsPerUser: number;
  readonly maxSubscriptionsPerSocket: number;
  readonly sessions: SocketSessions<User>;
  createContext(session: Session<User>, requestId: string, signal: AbortSignal, type: OperationTypeNode): Promise<Ctx>;
}

/** Bytes of the largest message. */
const largestMessage = 256 * 1_024;
const initWithinMs = 3_000;
const keepAliveMs = 12_000;
/** RFC 6455, section 7.4.2: 4429 is ours; graphql-ws clients take it as final. */
const tooMany = 4_429;
/** "Service restart": clients reconnect. */
const serviceRestart = 1_012;

interface SocketRequest<Ctx> extends OperationRequest<Ctx> {
  readonly controller: AbortController;
}

/** GraphQL over WebSocket on one path of the HTTP server, executed by the operation layer. */
export class Sockets<Ctx extends OperationContext, User extends SocketUser> {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: largestMessage, clientTracking: true });
  readonly #perUser = new Map<string, number>();
  readonly #requests = new WeakMap<object, SocketRequest<Ctx>>();

  constructor(
    private readonly operations: Operations<Ctx>,
    private readonly options: SocketOptions<Ctx, User>,
    private readonly metrics: Metrics,
    private readonly log: Logger,
  ) {
    this.#server.on('connection', (socket) => {
      guardAgainstFlood(socket, tooMany);
      // A frame that breaks the protocol ends its own socket and is no fault of ours.
      socket.on('error', () => socket.terminate());
    });
    this.#serve();
  }

  /** Takes upgrades of `path`; others are refused. */
  attach(http: Server, path: string): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const protocols = request.headers['sec-websocket-protocol'] ?? '';
      if (pathname !== path || !protocols.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (webSocket) =>
        this.#server.emit('connection', webSocket, request),
      );
    });
  }

  /** Tells every client to reconnect and takes no more; sockets that do not answer are cut. */
  async close(): Promise<void> {
    for (const client of this.#server.clients) client.close(serviceRestart, 'Service restart');
    const cut = setTimeout(() => {
      for (const client of this.#server.clients) client.terminate();
    }, 1_000);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(cut);
  }

  #serve(): void {
    useServer<Record<string, unknown>, { session?: Session<User> }>(
      {
        connectionInitWaitTimeout: initWithinMs,
        onConnect: async ({ connectionParams, extra }) => {
          const session = await this.options.sessions.open(connectionParams ?? {}, (code, reason) =>
            extra.socket.close(code, reason),
          );
          if (!session) return false;
          if (extra.socket.readyState !== extra.socket.OPEN || !this.#enter(session.user.id, extra.socket)) {
            session.end();
            return false;
          }
          extra.session = session;
          return true;
        },
        onSubscribe: ({ extra, subscriptions }, _id, payload) =>
          this.#prepare(extra.session, Object.keys(subscriptions).length, payload),
        execute: async (args) => toExecutionResult(await this.operations.execute(this.#requestOf(args))),
        subscribe: (args) => this.#subscribe(this.#requestOf(args)),
        onClose: ({ extra }) => extra.session?.end(),
      },
      this.#server,
      keepAliveMs,
    );
  }

  /** Reads one operation; what is wrong with it is answered before anything runs. */
  async #prepare(
    session: Session<User> | undefined,
    open: number,
    { query, operationName, variables, extensions }: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const requestId = randomUUID();
    const controller = new AbortController();
    try {
      if (!session) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
      const limit = this.options.maxSubscriptionsPerSocket;
      if (open > limit) {
        throw new AppError('LIMIT_REACHED', `A socket may have ${limit} operations.`, { limit, current: open - 1 });
      }
      const { documents } = this.operations;
      const operation = documents.prepare({ query, operationName, extensions, signedIn: true });
      const ctx = await this.options.createContext(session, requestId, controller.signal, operation.type);
      const args = { schema: documents.schema, document: operation.document, contextValue: ctx };
      const request = {
        transport: 'ws' as const,
        operation,
        variables: variables ?? {},
        idempotencyKey: null,
        ctx,
      };
      this.#requests.set(args, { ...request, controller });
      return { ...args, operationName: operation.name, rootValue: args };
    } catch (error) {
      const ctx = { requestId, log: this.log, user: session?.user ?? null, loaders: new Map() };
      const { errors = [] } = this.operations.refuse(error, 'ws', ctx);
      return errors.map(toGraphQLError);
    }
  }

  #requestOf({ rootValue }: ExecutionArgs): SocketRequest<Ctx> {
    const request = typeof rootValue === 'object' && rootValue !== null ? this.#requests.get(rootValue) : undefined;
    if (!request) throw new Error('The operation was not prepared.');
    return request;
  }

  async #subscribe(request: SocketRequest<Ctx>): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
    const results = await this.operations.subscribe(request);
    if (!(Symbol.asyncIterator in results)) return toExecutionResult(results);
    return abortable(results, request.controller);
  }

  /** Counts the user's sockets. The one too many is closed. */
  #enter(userId: string, socket: WebSocket): boolean {
    const open = this.#perUser.get(userId) ?? 0;
    if (open >= this.options.maxSocketsPerUser) {
      socket.close(tooMany, 'Too many sockets');
      return false;
    }
    this.#perUser.set(userId, open + 1);
    this.metrics.sockets.inc();
    socket.once('close', () => {
      this.metrics.sockets.dec();
      const left = (this.#perUser.get(userId) ?? 1) - 1;
      if (left > 0) this.#perUser.set(userId, left);
      else this.#perUser.delete(userId);
    });
    return true;
  }
}

/**
 * graphql-ws calls `return` when the reader leaves; a generator that waits for the doorbell hears of it only through
 * its signal.
 */
function abortable(
  results: AsyncGenerator<FormattedExecutionResult, void, undefined>,
  controller: AbortController,
): AsyncGenerator<ExecutionResult, void, undefined> {
  const leave = () => controller.abort();
  return {
    next: async () => {
      const { done, value } = await results.next();
      return done ? { done: true, value: undefined } : { done: false, value: toExecutionResult(value) };
    },
    return: async () => {
      leave();
      await results.return();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      leave();
      await results.return();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      leave();
      await results.return();
    },
  };
}

function toExecutionResult({ errors, ...result }: FormattedExecutionResult): ExecutionResult {
  return errors ? { errors: errors.map(toGraphQLError), ...result } : result;
}

function toGraphQLError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}
