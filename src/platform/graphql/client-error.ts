import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode, httpStatus } from '../../kernel/errors.js';
import { beginningOf } from '../../kernel/text.js';
import type { FailureLog } from '../log.js';
import { logFailure, orUnavailable } from '../unavailable.js';

/** UTF-16 code units. */
const maxMessageLength = 1_000;
const genericMessage = 'Something went wrong on our side. Try again later.';

/**
 * What a client sees of an error. An `AppError` speaks for itself; a database or a provider that is away is UNAVAILABLE;
 * what GraphQL says of a request is bad input; anything else is logged whole and shown as INTERNAL.
 */
export function toClientError(
  error: unknown,
  requestId: string,
  log: FailureLog,
  logged = new Set<unknown>(),
): GraphQLFormattedError {
  const graphQLError = error instanceof GraphQLError ? error : null;
  const root = rootOf(error);
  const isNew = !logged.has(root);
  logged.add(root);
  const cause = orUnavailable(root);
  const place = graphQLError?.path ? { path: graphQLError.path } : {};
  const lines = graphQLError?.locations ? { locations: graphQLError.locations } : {};
  if (cause instanceof AppError) {
    if (isNew && (cause.code === 'INTERNAL' || cause !== root))
      logFailure(log, cause, { requestId }, 'operation failed');
    const message = cause.code === 'INTERNAL' ? genericMessage : cause.message;
    return { message, ...lines, ...place, extensions: { code: cause.code, requestId, ...cause.details } };
  }
  if (graphQLError && cause instanceof GraphQLError && isAboutRequest(graphQLError, cause)) {
    // It repeats what was sent.
    const message = beginningOf(graphQLError.message, maxMessageLength);
    const fields = [{ field: fieldOf(message), rule: message }];
    return { message, ...lines, ...place, extensions: { code: 'VALIDATION_FAILED', requestId, fields } };
  }
  if (isNew) log.error({ error: cause, requestId }, 'operation failed');
  return { message: genericMessage, ...place, extensions: { code: 'INTERNAL', requestId } };
}

/** While a field is executed only its arguments can be the client's fault: what it answers is ours. */
function isAboutRequest({ path }: GraphQLError, cause: GraphQLError): boolean {
  return !path || (!cause.path && cause.nodes !== undefined);
}

/** The code of an error that a client sees. */
export function codeOf({ extensions }: GraphQLFormattedError): ErrorCode {
  const code = extensions?.['code'];
  return typeof code === 'string' && isErrorCode(code) ? code : 'INTERNAL';
}

function isErrorCode(code: string): code is ErrorCode {
  return code in httpStatus;
}

/** What was thrown, without what GraphQL has put around it. */
export function rootOf(error: unknown): unknown {
  // graphql-jit wraps once more.
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  // What graphql-js does not know as an error, one of another realm for instance.
  return root instanceof Error && 'thrownValue' in root ? root.thrownValue : root;
}

/** `Variable "$input" got invalid value … at "input.priority"`: the path is in the text only, without an unknown key. */
function fieldOf(message: string): string {
  const place = /at "([\w.[\]]+)"/.exec(message)?.[1] ?? /^Variable "\$(\w+)"/.exec(message)?.[1];
  const unknownKey = /Field "([^"]+)" is not defined by type/.exec(message)?.[1];
  return [place, unknownKey].filter((part) => part !== undefined).join('.') || 'query';
}
