import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import type { Actor, Principal } from './kernel/context.js';
import { AppError } from './kernel/errors.js';
import { addressKey, plainAddress } from './platform/http/addresses.js';
import type { Logger } from './platform/log.js';
import { allowanceHeaders } from './platform/rate-limit/allowance.js';
import type { CountExchange } from './platform/rate-limit/count-exchange.js';
import { RateLimit } from './platform/rate-limit/rate-limit.js';

/** What the door needs to know of an operation. */
interface Operation {
  readonly type: OperationTypeNode;
  readonly rootFieldCount: number;
  /** Objects that it asks for. */
  readonly cost: number;
}

/** What the product decides about the door. */
export interface DoorOptions {
  /** Of one user a minute. */
  readonly operationsPerMinute: number;
  /** Operations over WebSockets, of one user a minute. */
  readonly subscriptionsPerMinute: number;
  /** Requests and sockets without a valid token, of one address a minute. */
  readonly strangersPerMinute: number;
  /** Whether strangers may ask for the schema. */
  readonly strangersMayEnter: boolean;
  /** How processes count together. */
  readonly countExchange: CountExchange;
  /** Whose token it is. @throws UNAUTHENTICATED */
  authenticate(accessToken: string): Promise<Principal>;
  readonly log: Logger;
}

/** Root fields of a query that count as one operation. */
const fieldsOfQuery = 10;
/** Objects that count as one operation. */
export const objectsOfOperation = 2_500;
/** UTF-16 code units of a body or a message that come with one operation; parsing as many more counts as another one. */
const lengthOfOperation = 16_384;

/**
 * Who may come in, and how often. Users are counted by account: one for each ten root fields of a query that have begun,
 * one for each root field of a mutation, one for each 2,500 objects if those are more, one for what is invalid or
 * refused, one for each further 16 KB of a body; opening subscriptions has an allowance of its own, since a page that
 * reconnects opens all of its own at once. Whoever brings no valid token is counted by address, and good tokens never
 * wait for that.
 */
export class Door {
  readonly #operations: RateLimit;
  readonly #subscriptions: RateLimit;
  readonly #strangers: RateLimit;

  constructor(private readonly options: DoorOptions) {
    const { countExchange, operationsPerMinute, subscriptionsPerMinute, strangersPerMinute } = options;
    this.#operations = new RateLimit({ name: 'operations', perMinute: operationsPerMinute }, countExchange, {
      what: 'operation',
      advice: 'Large ones count as several: ask for smaller pages, or try again later.',
    });
    this.#subscriptions = new RateLimit({ name: 'subscriptions', perMinute: subscriptionsPerMinute }, countExchange);
    this.#strangers = new RateLimit({ name: 'strangers', perMinute: strangersPerMinute }, countExchange);
  }

  /**
   * Who sent a request, by its headers alone: null is a stranger, where those may ask for the schema.
   * @throws UNAUTHENTICATED, RATE_LIMITED
   */
  async enter(request: FastifyRequest, reply: FastifyReply): Promise<Principal | null> {
    if (request.headers.authorization !== undefined || !this.options.strangersMayEnter)
      return this.#enter(request, reply, this.#operations);
    await this.#holdStranger(request.ip, reply);
    return null;
  }

  /**
   * The same for a request that is answered by a stream of events: it counts as a message on a socket, and strangers may
   * not send it. @throws UNAUTHENTICATED, RATE_LIMITED
   */
  enterStream(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    return this.#enter(request, reply, this.#subscriptions);
  }

  async #enter({ id, ip, headers }: FastifyRequest, reply: FastifyReply, limit: RateLimit): Promise<Principal> {
    const { authorization } = headers;
    if (authorization === undefined) {
      await this.#holdStranger(ip, reply);
      throw new AppError('UNAUTHENTICATED', 'Sign in first.');
    }
    const user = await this.#authenticate(authorization).catch(async (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error;
      await this.#holdStranger(ip, reply);
      this.options.log.info({ requestId: id, address: plainAddress(ip), reason: error.message }, 'a token was refused');
      throw error;
    });
    reply.headers(allowanceHeaders(await limit.takeOrHold(user.id, () => closeAfter(reply))));
    return user;
  }

  async #authenticate(authorization: string): Promise<Principal> {
    return this.options.authenticate(bearerTokenOf(authorization));
  }

  async #holdStranger(address: string, reply: FastifyReply): Promise<void> {
    await this.#strangers.takeOrHold(addressKey(address), () => closeAfter(reply));
  }

  /** Counts what an operation takes beyond the request that it came in. @throws RATE_LIMITED */
  async charge(actor: Actor | null, operation: Operation, reply: FastifyReply): Promise<void> {
    const others = weightOf(operation) - 1;
    if (actor && others > 0) reply.headers(allowanceHeaders(await this.#operations.take(actor.id, others)));
  }

  /** Counts what a body takes by its length alone. @throws RATE_LIMITED */
  countLengthOfBody(actor: Actor | null, length: number): void {
    if (actor) chargeForLength(this.#operations, actor, length);
  }

  /** Counts what a message on a socket takes by its length alone. @throws RATE_LIMITED */
  countLength(user: Principal, length: number): void {
    chargeForLength(this.#subscriptions, user, length);
  }

  /** Counts one message on a socket that asks for an operation, before it is read. @throws RATE_LIMITED */
  async countMessage(user: Principal): Promise<void> {
    await this.#subscriptions.take(user.id);
  }

  /** Counts what came with such a message; null is what was refused. @throws RATE_LIMITED */
  async countOperation(user: Principal, operation: Operation | null): Promise<void> {
    if (operation?.type === OperationTypeNode.SUBSCRIPTION) return;
    await this.#operations.take(user.id, operation ? weightOf(operation) : 1);
  }

  /** Counts a request that names nobody, of whoever is at its address. @throws RATE_LIMITED */
  holdStranger({ ip }: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.#holdStranger(ip, reply);
  }

  /** Counts somebody without a valid token. @throws RATE_LIMITED */
  countStranger(address: string | undefined): void {
    this.#strangers.charge(addressKey(address));
  }

  /** Whether strangers at this address are refused for now. */
  isClosedTo(address: string | undefined): boolean {
    return this.#strangers.isExhausted(addressKey(address));
  }
}

/** Counts what is beyond the length that comes with one operation: those bytes have come. @throws RATE_LIMITED */
function chargeForLength(limit: RateLimit, { id }: Actor, length: number): void {
  if (length > lengthOfOperation) limit.charge(id, Math.floor(length / lengthOfOperation));
}

/** The token of an Authorization header (RFC 6750, section 2.1). @throws UNAUTHENTICATED for any other */
export function bearerTokenOf(authorization: string): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new AppError('UNAUTHENTICATED', 'The Authorization header must be "Bearer <token>".');
  return token;
}

/** Has the connection end with this answer. */
export function closeAfter(reply: FastifyReply): void {
  reply.header('connection', 'close');
}

/** How many operations it counts as. */
function weightOf({ type, rootFieldCount, cost }: Operation): number {
  const fields = type === OperationTypeNode.MUTATION ? rootFieldCount : Math.ceil(rootFieldCount / fieldsOfQuery);
  return Math.max(1, fields, Math.ceil(cost / objectsOfOperation));
}
