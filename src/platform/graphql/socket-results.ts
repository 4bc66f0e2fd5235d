import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../log.js';
import { toClientError } from './client-error.js';
import { Interrupted } from './operations.js';

/** Milliseconds for which somebody who may read is not asked for again: tokens come in thousands. */
const askEveryMs = 100;

/** Who reads a subscription. */
interface Reader {
  /** Tells the subscription that nobody reads it any more. */
  readonly controller: AbortController;
  mayRead(): Promise<boolean>;
  readonly asking: { readonly requestId: string; readonly log: Logger };
}

/**
 * A subscription's results that end with their reader. What is thrown says what a client may know of it.
 *
 * graphql-ws calls `return` when the reader leaves; a generator that waits for the doorbell hears of it only through
 * its signal.
 */
export function abortable(
  results: AsyncGenerator<FormattedExecutionResult, void, undefined>,
  { controller, mayRead, asking }: Reader,
): AsyncGenerator<ExecutionResult, void, undefined> {
  const end = async () => {
    controller.abort();
    await results.return();
    return { done: true, value: undefined } as const;
  };
  let askedAt = Number.NEGATIVE_INFINITY;
  const mayStillRead = async () => {
    if (performance.now() - askedAt < askEveryMs) return true;
    askedAt = performance.now();
    return mayRead();
  };
  return {
    next: async () => {
      try {
        const { done, value } = await results.next();
        return done || !(await mayStillRead()) ? await end() : { done: false, value: toExecutionResult(value) };
      } catch (error) {
        await end();
        throw shownOf(error, asking);
      }
    },
    return: end,
    throw: async (error) => {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}

/** What may be said of an error that ends a subscription: graphql-ws would send the words of any other. */
function shownOf(error: unknown, { requestId, log }: Reader['asking']): GraphQLError {
  return toGraphQLError(error instanceof Interrupted ? error.shown : toClientError(error, requestId, log));
}

/** A result as graphql-ws wants it. */
export function toExecutionResult({ errors, ...result }: FormattedExecutionResult): ExecutionResult {
  return errors ? { errors: errors.map(toGraphQLError), ...result } : result;
}

/** An error that is formatted already, as graphql-ws wants it. */
export function toGraphQLError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}
