import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect } from '@jest/globals';
import { type DocumentNode, type FormattedExecutionResult, type GraphQLFormattedError, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ErrorCode } from '../../src/kernel/errors.js';
import { metErrors } from './met-errors.js';
import { sentInputs } from './sent-inputs.js';

/** What a sign-in answered. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
}

/** Somebody at the front door, with a token. */
export class Person {
  #client: Client | null = null;

  constructor(
    readonly url: string,
    readonly session: Session,
    /** What the servers have logged so far. */
    readonly log: readonly string[] = [],
  ) {}

  get id(): string {
    return this.session.user.id;
  }

  /** The same person at another instance. */
  at(url: string): Person {
    return new Person(url, this.session, this.log);
  }

  /** Sends an operation over HTTP. */
  async send(
    query: string | DocumentNode,
    variables: object = {},
    headers: Record<string, string> = {},
    left?: AbortSignal,
  ) {
    const text = typeof query === 'string' ? query : print(query);
    sentInputs.note(text, variables);
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.session.accessToken}`, ...headers },
      body: JSON.stringify({ query: text, variables }),
      signal: AbortSignal.any([AbortSignal.timeout(120_000), ...(left ? [left] : [])]),
    });
    const answer = await response.text();
    const body: FormattedExecutionResult = JSON.parse(answer);
    metErrors.note(text, body.errors);
    return { status: response.status, headers: response.headers, text: answer, body };
  }

  /** Sends an operation that must succeed, and answers its data. Told to come again, it does so, as clients do. */
  async ok<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    headers: Record<string, string> = {},
  ): Promise<Data> {
    let { body } = await this.send(document, variables, headers);
    for (let tries = 0; tries < 10 && body.errors?.[0]?.extensions?.['code'] === 'UNAVAILABLE'; tries += 1) {
      ({ body } = await this.send(document, variables, headers));
    }
    this.#explain(body);
    expect(body.errors).toBeUndefined();
    return body.data as Data;
  }

  /** Sends an operation that may be refused, and answers its data, or the code of its refusal. */
  async trying<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<{ readonly data: Data; readonly code: null } | { readonly data: null; readonly code: string }> {
    const { body } = await this.send(document, variables);
    this.#explain(body);
    const [error] = body.errors ?? [];
    return error ? { data: null, code: String(error.extensions?.['code']) } : { data: body.data as Data, code: null };
  }

  /**
   * Sends an operation that must be refused with this code, and answers the error. The variables are those of the
   * document, so that a misspelt one is not what is refused; an operation in text takes any.
   */
  async refused<Variables extends object>(
    document: TypedDocumentNode<unknown, Variables> | string,
    variables: NoInfer<Variables>,
    code: ErrorCode,
  ): Promise<GraphQLFormattedError> {
    const { body } = await this.send(document, variables);
    if (code !== 'INTERNAL') this.#explain(body);
    expect(body.errors?.[0]?.extensions?.['code']).toBe(code);
    const [error] = body.errors ?? [];
    if (!error) throw new Error('It was not refused.');
    return error;
  }

  /** A fault of ours fails the test with what the log says of that request: clients are told nothing of it. */
  #explain({ errors = [] }: FormattedExecutionResult): void {
    const faults = errors.filter(({ extensions }) => extensions?.['code'] === 'INTERNAL');
    if (faults.length > 0) throw new Error(faultReport(faults, this.log));
  }

  /** A WebSocket client of this person, opened when first needed. */
  get socket(): Client {
    this.#client ??= this.newSocket();
    return this.#client;
  }

  newSocket(): Client {
    return createClient({
      url: `${this.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.session.accessToken}` },
      retryAttempts: 0,
      lazy: true,
    });
  }

  /** Results of an operation over the WebSocket, as they come. */
  async *follow<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    client: Client = this.socket,
  ): AsyncGenerator<Data, void, undefined> {
    const query = print(document);
    sentInputs.note(query, variables);
    const results = client.iterate({
      query,
      variables: Object.fromEntries(Object.entries(variables)),
    });
    for await (const { data, errors } of results) {
      // What ends a subscription is of its one field, and has no path.
      metErrors.note(
        query,
        errors?.map((error) => ({ path: [], ...error })),
      );
      this.#explain({ errors });
      if (errors) throw new Refused(errors);
      yield data as Data;
    }
  }

  async leave(): Promise<void> {
    await this.#client?.dispose();
    this.#client = null;
  }
}

/** Answers that are INTERNAL, each with the lines of the log that carry its request's id, readable. */
function faultReport(faults: readonly GraphQLFormattedError[], log: readonly string[]): string {
  return faults
    .map(({ message, path, extensions }) => {
      const lines = log.filter((line) => line.includes(String(extensions?.['requestId'])));
      const told =
        lines.length > 0
          ? lines.join('').replaceAll('\\n', '\n').replaceAll('\\"', '"')
          : 'The log says nothing of it.';
      return `INTERNAL at ${path?.join('.') ?? 'the operation'}: ${message}\n${told}`;
    })
    .join('\n');
}

/** An operation over the WebSocket that was refused. */
export class Refused extends Error {
  constructor(readonly errors: readonly GraphQLFormattedError[]) {
    super(errors.map(({ message }) => message).join('; '));
  }
}
