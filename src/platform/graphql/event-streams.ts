import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FormattedExecutionResult, OperationTypeNode } from 'graphql';
import { AppError, type ErrorCode, limitReached } from '../../kernel/errors.js';
import { counted } from '../../kernel/text.js';
import type { Metrics } from '../metrics.js';
import { orUnavailable, unavailable } from '../unavailable.js';
import { beginStream, endAtOnce, eventHeaders, wholeStream, writeEvents } from './event-writing.js';
import type { Entered, Entrance } from './http.js';
import { idempotencyKeyOf, requireMethod } from './http-rules.js';
import { countedRefusal, type OperationLimits } from './operation-limits.js';
import type { OperationContext, OperationRequest, Operations, ReadOperation } from './operations.js';
import type { Parameters } from './parameters.js';
import type { SocketCounts } from './socket-counts.js';
import { abortable } from './socket-results.js';
import type { Session, SocketSessions, SocketUser } from './socket-sessions.js';
import type { UnsentAnswers } from './unsent-answers.js';

/** What the product decides about streams of events. */
export interface EventStreamOptions<Ctx, User extends SocketUser> {
  /** A subscription counts as a socket. */
  readonly userSockets: SocketCounts;
  readonly limits: OperationLimits<User>;
  readonly sessions: SocketSessions<User>;
  readonly unsent: UnsentAnswers;
  /** How often a quiet stream says that it goes on; 12 s when not said. */
  readonly keepAliveMs?: number;
  /** Who asks, and may they? @throws AppError */
  enter(request: FastifyRequest, reply: FastifyReply): Promise<User>;
  createContext(request: FastifyRequest, user: User, own: { signal: AbortSignal; follows: boolean }): Ctx;
}

/** One request for a stream. */
interface Asked<User> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly user: User;
}

/** A refusal for one of these has its HTTP status, which clients try again after. */
const tryAgain: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'RATE_LIMITED', 'UNAVAILABLE']);

/**
 * Operations that are answered by server-sent events, in the "distinct connections mode" of graphql-sse. What holds for
 * sockets holds here, and the results come from the same generators. Its own server parses, validates and executes by
 * itself, writes to clients that do not read without an end, and takes no types beside its own; that leaves 20 lines.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export class EventStreams<Ctx extends OperationContext, User extends SocketUser> implements Entrance {
  readonly #open = new Set<ServerResponse>();
  #isClosed = false;

  constructor(
    private readonly operations: Operations<Ctx>,
    private readonly options: EventStreamOptions<Ctx, User>,
    private readonly metrics: Metrics,
  ) {}

  async enter(request: FastifyRequest, reply: FastifyReply): Promise<Entered> {
    const user = await this.options.enter(request, reply);
    return {
      userId: user.id,
      countLength: (length) => this.options.limits.countLength(user, length),
      answer: (parameters) => this.#answer({ request, reply, user }, parameters),
    };
  }

  /** Ends every stream, so that clients come again elsewhere, and begins no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      [...this.#open].map(async (stream) => {
        const closed = once(stream, 'close');
        endAtOnce(stream);
        await closed;
      }),
    );
  }

  async #answer(asked: Asked<User>, parameters: Parameters): Promise<void> {
    const { request, user } = asked;
    const controller = new AbortController();
    let own: ReadOperation;
    try {
      own = this.operations.read(parameters, { signedIn: true });
      await this.options.limits.countOperation(user, own.admitted);
    } catch (error) {
      return this.#refuse(asked, await countedRefusal(this.options.limits, user, error));
    }
    requireMethod(request, own.operation);
    const follows = own.operation.type === OperationTypeNode.SUBSCRIPTION;
    const ctx = this.options.createContext(request, user, { signal: controller.signal, follows });
    const idempotencyKey = idempotencyKeyOf(request);
    const operation = { transport: 'sse' as const, ...own, idempotencyKey, ctx };
    if (follows) return this.#follow(asked, operation, controller);
    return this.operations.answer(operation, (result) => this.#send(asked, result));
  }

  /** Says why a request is not executed, as an event unless it may be executed later. */
  async #refuse(asked: Asked<User>, error: unknown): Promise<void> {
    const judged = orUnavailable(error);
    if (judged instanceof AppError && tryAgain.has(judged.code)) throw judged;
    const { signal } = new AbortController();
    const ctx = this.options.createContext(asked.request, asked.user, { signal, follows: false });
    await this.#send(asked, this.operations.refuse(error, 'sse', ctx));
  }

  /** One result and its end. */
  #send({ reply }: Asked<User>, result: FormattedExecutionResult): Promise<void> {
    reply.headers(eventHeaders);
    return this.options.unsent.send(reply, wholeStream(result));
  }

  /** Streams a subscription until it ends, its session does, or its client leaves. */
  async #follow(asked: Asked<User>, request: OperationRequest<Ctx>, controller: AbortController): Promise<void> {
    const { server, raw } = asked.request;
    const release = server.pipelining.reserve(raw);
    // An answer that its client has read already may still count, for a moment.
    if (!release) throw unavailable('Another request is under way on this connection. Try again.');
    try {
      const session = await this.#keep(asked, () => controller.abort());
      if (!session) return await this.#refuse(asked, tooManyStreams(this.options.userSockets.maxPerUser));
      // Its client has left.
      if (controller.signal.aborted) return undefined;
      const results = abortable(this.operations.subscribe(request), {
        controller,
        mayRead: () => session.isLive(),
        asking: request.ctx,
      });
      const stream = beginStream(asked.reply, this.options.keepAliveMs);
      await writeEvents(results, stream, { signal: controller.signal, unsent: this.options.unsent });
    } finally {
      release();
    }
  }

  /**
   * Counts a stream until it closes; null when it is one too many.
   * @throws UNAUTHENTICATED when the session has ended while the body was read
   */
  async #keep({ user, reply: { raw: stream } }: Asked<User>, onClose: () => void): Promise<Session<User> | null> {
    const { userSockets, sessions } = this.options;
    if (!(await userSockets.enter(user.id))) return null;
    const session = sessions.begin(user, () => endAtOnce(stream));
    this.#open.add(stream);
    this.metrics.sockets.inc();
    const close = () => {
      session.end();
      userSockets.leave(user.id);
      this.#open.delete(stream);
      this.metrics.sockets.dec();
      onClose();
    };
    // Its client may have left while it waited to be let in.
    if (stream.closed) close();
    else stream.once('close', close);
    if (!(await session.isLive())) throw new AppError('UNAUTHENTICATED', 'This session has ended.');
    if (this.#isClosed) throw unavailable('The server restarts. Try again.');
    return session;
  }
}

function tooManyStreams(limit: number): AppError {
  const reached = { resource: 'socketsPerUser', limit, current: limit };
  return limitReached(`A user may have ${counted(limit, 'socket')} and streams open.`, reached);
}
