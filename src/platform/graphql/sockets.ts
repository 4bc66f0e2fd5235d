import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  OperationTypeNode,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError, limitReached } from '../../kernel/errors.js';
import { counted } from '../../kernel/text.js';
import { type Admission, Overloaded } from '../admission.js';
import { addressKey } from '../http/addresses.js';
import type { IsOriginAllowed } from '../http/origins.js';
import { rawRefusalOf, refuseRaw } from '../http/raw-answers.js';
import { isNestedDeeper, maxJsonDepth } from '../json-depth.js';
import { BoundLog, type Logger } from '../log.js';
import type { LoopTurns } from '../loop-turns.js';
import type { Metrics } from '../metrics.js';
import { logFailure } from '../unavailable.js';
import { codeOf, toClientError } from './client-error.js';
import { ClientSocket } from './client-socket.js';
import { countedRefusal, isRateLimited, type OperationLimits } from './operation-limits.js';
import type { OperationContext, OperationRequest, Operations } from './operations.js';
import { readParameters } from './parameters.js';
import type { SocketCounts } from './socket-counts.js';
import { interceptMessages } from './socket-messages.js';
import { abortable, toExecutionResult, toGraphQLError } from './socket-results.js';
import type { Session, SocketSessions, SocketUser } from './socket-sessions.js';
import { takeUpgrades } from './upgrades.js';
import { type WaitingCaps, WaitingSockets } from './waiting-sockets.js';

/** Counts what comes over sockets. */
interface SocketLimits<User> extends OperationLimits<User> {
  /** A message that asks for an operation, before it is read. @throws RATE_LIMITED */
  countMessage(user: User): Promise<void>;
  /** A socket without a valid token. @throws RATE_LIMITED */
  countStranger(address: string): void;
  /** Whether no more sockets of this address are taken for now. */
  isClosedTo(address: string): boolean;
}

/** What the product decides about sockets. */
export interface SocketOptions<Ctx, User extends SocketUser> {
  readonly userSockets: SocketCounts;
  readonly maxSubscriptionsPerSocket: number;
  /** The caps of this process, as they are now. */
  waiting(): WaitingCaps;
  readonly turns: LoopTurns;
  readonly admission: Admission;
  readonly isOriginAllowed: IsOriginAllowed;
  readonly limits: SocketLimits<User>;
  readonly sessions: SocketSessions<User>;
  /** Where a socket comes from. */
  addressOf(request: IncomingMessage): string;
  /** @param own what is particular to an operation; whether it follows says that it is a subscription */
  createContext(session: Session<User>, own: { requestId: string; signal: AbortSignal; follows: boolean }): Ctx;
}

/** Bytes of the largest message. */
const maxMessageBytes = 256 * 1_024;
/**
 * A message in fragments counts once, and each costs as much: browsers send far fewer. The library's types lack it.
 * @see https://github.com/websockets/ws/blob/master/doc/ws.md#new-websocketserveroptions-callback
 */
const fragments = { maxFragments: 128 };
/** UTF-16 code units of an operation's id; libraries use numbers or UUIDs. */
const maxIdLength = 256;
const initWithinMs = 3_000;
const keepAliveMs = 12_000;
/** graphql-transport-ws: a message that is none. */
const badRequest = 4_400;
/** RFC 6455, section 7.4.2: 4429 is ours; graphql-ws clients take it as final. */
const tooMany = 4_429;
/** "Service restart": clients reconnect. */
const serviceRestart = 1_012;
/** "Try again later": clients do. */
const tryAgainLater = 1_013;

interface SocketRequest<Ctx> extends OperationRequest<Ctx> {
  readonly controller: AbortController;
  readonly session: { isLive(): Promise<boolean> };
}

/** GraphQL over WebSocket on one path of the HTTP server, executed by the operation layer. */
export class Sockets<Ctx extends OperationContext, User extends SocketUser> {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    ...fragments,
    clientTracking: true,
    WebSocket: ClientSocket,
  });
  readonly #users = new WeakMap<WebSocket, User>();
  readonly #requests = new WeakMap<object, SocketRequest<Ctx>>();
  /** Errors that say that there is too much to do: what runs on their sockets goes on. */
  readonly #overloads = new WeakSet<GraphQLError>();
  readonly #waiting: WaitingSockets;

  constructor(
    private readonly operations: Operations<Ctx>,
    private readonly options: SocketOptions<Ctx, User>,
    private readonly metrics: Metrics,
    private readonly log: Logger,
  ) {
    this.#waiting = new WaitingSockets(options.waiting);
    this.#serve();
    this.#server.on('connection', (socket, request) => {
      const count = (bytes: number) => socket.countMessage(bytes, tooMany);
      interceptMessages(socket, (text, bytes) => count(bytes) && this.#admit(socket, text, bytes));
      // The library answers these itself, also while the socket closes.
      const countControl = (data: Buffer) => void count(data.length);
      socket.on('ping', countControl).on('pong', countControl);
      this.#waiting.add(socket, addressKey(options.addressOf(request)));
      // A frame that breaks the protocol ends its own socket and is no fault of ours: graphql-ws would print it as one.
      socket.removeAllListeners('error').on('error', terminate);
    });
    this.#server.on('wsClientError', (error, socket) =>
      refuseRaw(socket, { ...rawRefusalOf(error), message: error.message }),
    );
  }

  /** Takes upgrades of `path`; others are refused. */
  attach(http: Server, path: string, isBusy: (socket: Duplex) => boolean): void {
    const { isOriginAllowed, addressOf, limits, admission } = this.options;
    takeUpgrades(http, {
      path,
      isOriginAllowed,
      isClosedTo: (request) => limits.isClosedTo(addressOf(request)),
      isBusy,
      isOverloaded: () => {
        const { isClosed } = admission;
        if (isClosed) this.metrics.refusals.inc({ code: 'UNAVAILABLE' });
        return isClosed;
      },
      onRefused: (request) => limits.countStranger(addressOf(request)),
      accept: (request, socket, head) =>
        this.#server.handleUpgrade(request, socket, head, (webSocket) =>
          this.#server.emit('connection', webSocket, request),
        ),
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
        // What is thrown here is a fault of ours, and nothing for clients to read.
        isProd: true,
        connectionInitWaitTimeout: initWithinMs,
        onConnect: async ({ connectionParams = {}, extra }) => {
          const session = await this.#open(connectionParams, extra.socket, this.options.addressOf(extra.request));
          // graphql-ws keeps both with the socket: token and headers would stay in memory for as long.
          for (const name of Object.keys(connectionParams)) Reflect.deleteProperty(connectionParams, name);
          Reflect.deleteProperty(extra, 'request');
          if (session) extra.session = session;
          return session !== null;
        },
        onSubscribe: ({ extra, subscriptions }, id, payload) => {
          // It is kept for as long as the operation runs, and sent with each of its results.
          if (id.length > maxIdLength) extra.socket.close(badRequest, `An id has at most ${maxIdLength} characters`);
          return this.#prepare(extra, Object.keys(subscriptions).length, payload);
        },
        execute: (args) => this.#execute(this.#requestOf(args)),
        subscribe: (args) => this.#subscribe(this.#requestOf(args)),
        onError: ({ extra }, _id, _payload, errors) => this.#endWith(errors, extra.socket),
        onClose: ({ extra }) => extra.session?.end(),
      },
      this.#server,
      keepAliveMs,
    );
  }

  /** The session of a socket that says who it is; null when it may not stay. */
  async #open(
    parameters: Readonly<Record<string, unknown>>,
    socket: WebSocket,
    address: string,
  ): Promise<Session<User> | null> {
    const { sessions, limits } = this.options;
    let session: Session<User> | null;
    try {
      session = await sessions.open(parameters, (code, reason) => socket.close(code, reason));
      if (!session) {
        limits.countStranger(address);
        this.log.info({ address }, 'a token was refused');
      }
    } catch (error) {
      if (!isRateLimited(error)) logFailure(this.log, error, {}, 'a socket could not be opened');
      this.#refuse(socket, error);
      return null;
    }
    if (!session) return null;
    if (socket.readyState !== socket.OPEN || !(await this.#enter(session.user.id, socket))) {
      session.end();
      return null;
    }
    this.#users.set(socket, session.user);
    this.#waiting.leave(socket, addressKey(address));
    return session;
  }

  /** Whether a message may be parsed, now or when its turn has come; else its socket closes. */
  #admit(socket: WebSocket, text: string, bytes: number): boolean | Promise<boolean> {
    if (isNestedDeeper(text, maxJsonDepth)) {
      socket.close(badRequest, `Nested more than ${maxJsonDepth} levels deep`);
      return false;
    }
    const user = this.#users.get(socket);
    if (!user) return true;
    const refuse = (error: unknown) => {
      this.#refuse(socket, error);
      return false;
    };
    try {
      this.options.limits.countLength(user, bytes);
      const turn = this.options.turns.enter(user.id);
      return turn ? turn.then(() => true, refuse) : true;
    } catch (error) {
      return refuse(error);
    }
  }

  /** Closes a socket that asks for too much, or at the wrong time. */
  #refuse(socket: WebSocket, error: unknown): void {
    if (isRateLimited(error)) socket.close(tooMany, 'Too many requests');
    else socket.close(tryAgainLater, 'Try again later');
  }

  /** Reads one operation; what is wrong with it is answered before anything runs. */
  async #prepare(
    { session }: { readonly session?: Session<User> },
    open: number,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const requestId = randomUUID();
    const controller = new AbortController();
    try {
      if (!session) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
      await this.options.limits.countMessage(session.user);
      if (!(await session.isLive())) throw new AppError('UNAUTHENTICATED', 'This session has ended.');
      const limit = this.options.maxSubscriptionsPerSocket;
      if (open > limit) {
        const reached = { resource: 'operationsPerSocket', limit, current: open - 1 };
        throw limitReached(`A socket may have ${counted(limit, 'operation')}.`, reached);
      }
      const requireType = (type: OperationTypeNode) => this.#requireRoom(type);
      const own = this.operations.read(readParameters(payload), { signedIn: true, requireType });
      await this.options.limits.countOperation(session.user, own.admitted);
      const { operation } = own;
      const follows = operation.type === OperationTypeNode.SUBSCRIPTION;
      const ctx = this.options.createContext(session, { requestId, signal: controller.signal, follows });
      const args = { schema: this.operations.documents.schema, document: operation.document, contextValue: ctx };
      this.#requests.set(args, { transport: 'ws', ...own, idempotencyKey: null, ctx, session, controller });
      return { ...args, operationName: operation.name, rootValue: args };
    } catch (error) {
      const actor = session?.user ?? null;
      const log = new BoundLog(this.log, actor ? { requestId, account: actor.id } : { requestId });
      const ctx = { requestId, log, actor };
      const refusal = session ? await countedRefusal(this.options.limits, session.user, error) : error;
      const { errors = [] } = this.operations.refuse(refusal, 'ws', ctx);
      const shown = errors.map(toGraphQLError);
      if (error instanceof Overloaded) for (const each of shown) this.#overloads.add(each);
      return shown;
    }
  }

  /** A subscription is always begun: to its client a refusal is final, and its socket was admitted. @throws UNAVAILABLE */
  #requireRoom(type: OperationTypeNode): void {
    if (type !== OperationTypeNode.SUBSCRIPTION) this.options.admission.require();
  }

  #requestOf({ rootValue }: ExecutionArgs): SocketRequest<Ctx> {
    const request = typeof rootValue === 'object' && rootValue !== null ? this.#requests.get(rootValue) : undefined;
    if (!request) throw new Error('The operation was not prepared.');
    return request;
  }

  #execute(request: SocketRequest<Ctx>): Promise<ExecutionResult> {
    return this.operations.answer(request, toExecutionResult);
  }

  #subscribe(request: SocketRequest<Ctx>): AsyncGenerator<ExecutionResult> {
    const { controller, session, ctx } = request;
    return abortable(this.operations.subscribe(request), {
      controller,
      mayRead: () => session.isLive(),
      asking: ctx,
    });
  }

  /**
   * What a client is told of errors that end an operation. To its library each is final, and so is what is away for now:
   * then the socket is closed instead, which has it come again and go on where it was. Not where there is only too much
   * to do: all would come again, and bring more.
   */
  #endWith(errors: readonly GraphQLError[], socket: WebSocket): GraphQLFormattedError[] {
    const shown = errors.map((error) =>
      'requestId' in error.extensions ? error.toJSON() : toClientError(error, randomUUID(), this.log),
    );
    const isOverload = errors.every((error) => this.#overloads.has(error));
    if (!isOverload && shown.some((error) => codeOf(error) === 'UNAVAILABLE'))
      socket.close(tryAgainLater, 'Try again later');
    return shown;
  }

  /** Counts the user's sockets. The one too many is closed. */
  async #enter(userId: string, socket: WebSocket): Promise<boolean> {
    const { userSockets } = this.options;
    if (!(await userSockets.enter(userId))) {
      socket.close(tooMany, 'Too many sockets');
      return false;
    }
    if (socket.readyState !== socket.OPEN) {
      userSockets.leave(userId);
      return false;
    }
    this.metrics.sockets.inc();
    socket.on('close', () => {
      this.metrics.sockets.dec();
      userSockets.leave(userId);
    });
    return true;
  }
}

/** One function for all sockets, which are many. */
function terminate(this: WebSocket): void {
  this.terminate();
}
