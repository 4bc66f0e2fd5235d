import { AppError } from '../../kernel/errors.js';
import type { Clock } from '../clock.js';

/** Whom a socket speaks for, until when. */
export interface SocketUser {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a socket's owner may do with it. */
export interface Session<User extends SocketUser> {
  readonly user: User;
  /** Whether what the owner signed in with lives; for what comes before the news that it has ended. */
  isLive(): Promise<boolean>;
  /** Prolongs the socket with a fresh token of the same user. @throws UNAUTHENTICATED, FORBIDDEN */
  reauthenticate(accessToken: string): Promise<Date>;
  end(): void;
}

/** What the product decides about who may keep a socket. */
export interface SessionOptions<User extends SocketUser> {
  readonly clock: Clock;
  authenticate(accessToken: string): Promise<User>;
  /** Whether what the user signed in with has not ended. */
  isLive(user: User): Promise<boolean>;
  /** Calls `onEnded` when what the user signed in with has ended, until the returned function is called. */
  watch(user: User, onEnded: () => void): () => void;
}

const forbidden = 4_403;
/** What is left for an answer that is on its way when the session ends. */
const answerMs = 100;
/** `setTimeout` takes no more; a longer-lived token is looked at again then. */
const maxTimeoutMs = 2_147_000_000;
const parameterNames = ['authorization', 'Authorization', 'accessToken'];

/** Opens, prolongs and ends the sessions of sockets: nothing in the protocol does it. */
export class SocketSessions<User extends SocketUser> {
  constructor(private readonly options: SessionOptions<User>) {}

  /** The session of a socket's first message; null when its token is no good. `close` ends the socket. */
  async open(
    parameters: Readonly<Record<string, unknown>>,
    close: (code: number, reason: string) => void,
  ): Promise<Session<User> | null> {
    const token = readToken(parameters);
    if (!token) return null;
    try {
      const user = await this.options.authenticate(token);
      return this.begin(user, close);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  /** The session of a user whose token was found good. */
  begin(user: User, close: (code: number, reason: string) => void): Session<User> {
    return new OpenSession(this.options, user, close);
  }
}

class OpenSession<User extends SocketUser> implements Session<User> {
  #expiry: NodeJS.Timeout;
  #unwatch: () => void;
  #closing: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: SessionOptions<User>,
    public user: User,
    private readonly close: (code: number, reason: string) => void,
  ) {
    this.#expiry = this.#arm();
    this.#unwatch = this.#watch();
  }

  async isLive(): Promise<boolean> {
    if (await this.options.isLive(this.user)) return true;
    this.close(forbidden, 'Forbidden');
    return false;
  }

  async reauthenticate(accessToken: string): Promise<Date> {
    const user = await this.options.authenticate(accessToken);
    if (user.id !== this.user.id) throw new AppError('FORBIDDEN', "This access token is somebody else's.");
    clearTimeout(this.#expiry);
    this.#unwatch();
    this.user = user;
    this.#expiry = this.#arm();
    this.#unwatch = this.#watch();
    return new Date(user.expiresAt);
  }

  end(): void {
    clearTimeout(this.#expiry);
    clearTimeout(this.#closing);
    this.#unwatch();
  }

  /** A mutation that ends its own session is still answered. */
  #watch(): () => void {
    return this.options.watch(this.user, () => {
      this.#closing ??= setTimeout(() => this.close(forbidden, 'Forbidden'), answerMs).unref();
    });
  }

  #arm(): NodeJS.Timeout {
    const left = this.user.expiresAt - this.options.clock.now().getTime();
    return setTimeout(() => this.#expired(), Math.min(Math.max(left, 0), maxTimeoutMs)).unref();
  }

  #expired(): void {
    if (this.user.expiresAt > this.options.clock.now().getTime()) this.#expiry = this.#arm();
    else this.close(forbidden, 'Forbidden');
  }
}

function readToken(parameters: Readonly<Record<string, unknown>>): string | null {
  for (const name of parameterNames) {
    const value = parameters[name];
    if (typeof value === 'string' && value !== '') return value.replace(/^Bearer +/i, '');
  }
  return null;
}
