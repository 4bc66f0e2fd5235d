import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Milliseconds for which somebody who may read is not asked for again: tokens come in thousands. */
const askEveryMs = 100;

/**
 * graphql-ws calls `return` when the reader leaves; a generator that waits for the doorbell hears of it only through
 * its signal.
 */
export function abortable(
  results: AsyncGenerator<FormattedExecutionResult, void, undefined>,
  controller: AbortController,
  mayRead: () => Promise<boolean>,
): AsyncGenerator<ExecutionResult, void, undefined> {
  const leave = () => controller.abort();
  let askedAt = Number.NEGATIVE_INFINITY;
  const mayStillRead = async () => {
    askedAt = performance.now();
    return mayRead();
  };
  return {
    next: async () => {
      const { done, value } = await results.next();
      const isFresh = performance.now() - askedAt < askEveryMs;
      return done || !(isFresh || (await mayStillRead()))
        ? { done: true, value: undefined }
        : { done: false, value: toExecutionResult(value) };
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

/** A result as graphql-ws wants it. */
export function toExecutionResult({ errors, ...result }: FormattedExecutionResult): ExecutionResult {
  return errors ? { errors: errors.map(toGraphQLError), ...result } : result;
}

/** An error that is formatted already, as graphql-ws wants it. */
export function toGraphQLError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}
