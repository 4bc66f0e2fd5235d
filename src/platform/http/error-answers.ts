import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode, httpStatus, invalid } from '../../kernel/errors.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { rateHeaders } from '../rate-limit/allowance.js';
import { logFailure, orUnavailable } from '../unavailable.js';
import { HttpRefusal } from './refusal.js';

/** What a surface sends instead of an answer. */
interface ErrorAnswer {
  readonly type: string;
  readonly body: string;
}

/** How a surface words an error: the body and its type, while status and headers are the same everywhere. */
export type ErrorForm = (error: AppError, request: FastifyRequest, log: Logger) => ErrorAnswer;

declare module 'fastify' {
  interface FastifyInstance {
    /** How errors of this server's or this surface's routes are worded. */
    errorForm: ErrorForm;
  }
}

/** REST's `error`, as every surface has it that says nothing else. */
export const restErrors: ErrorForm = ({ code, message, details }, { id }) => {
  const shown = code === 'INTERNAL' ? 'Something went wrong on our side. Try again later.' : message;
  const error = { code: code satisfies ErrorCode, message: shown, requestId: id, ...details };
  return { type: 'application/json; charset=utf-8', body: JSON.stringify({ error }) };
};

/** Answers what was thrown in the form of the surface that it was thrown in. */
export function errorAnswerer(log: Logger, metrics: Metrics) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const error = asAppError(thrown);
    const fields = { requestId: request.id };
    if (error.code === 'INTERNAL') logFailure(log, thrown, fields, 'request failed');
    if (error.code === 'UNAVAILABLE') logFailure(log, error, fields, 'request failed');
    metrics.refusals.inc({ code: error.code });
    reply.headers(rateHeaders(error.details));
    if (thrown instanceof HttpRefusal) reply.headers(thrown.headers);
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    // A body that is too large, or of another kind, keeps HTTP's own word for it.
    const ownStatus = error.code === 'VALIDATION_FAILED' ? thrown.statusCode : undefined;
    // Nobody waits for the rest of a body that was given up.
    if (ownStatus === 408 || ownStatus === 413) reply.header('connection', 'close');
    const { type, body } = request.server.errorForm(error, request, log);
    return reply
      .code(ownStatus ?? httpStatus[error.code])
      .type(type)
      .send(body);
  };
}

function asAppError(thrown: FastifyError | AppError): AppError {
  if (thrown instanceof AppError) return thrown;
  const isClients = thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500;
  // Fastify repeats the type that came, and does not say which one it takes.
  const isOtherType = thrown.statusCode === 415;
  const rule = isOtherType ? 'must be sent with Content-Type: application/json' : thrown.message;
  if (isClients) return invalid([{ field: thrown.code === 'FST_ERR_BAD_URL' ? 'url' : 'body', rule }]);
  const judged = orUnavailable(thrown);
  return judged instanceof AppError ? judged : new AppError('INTERNAL', thrown.message);
}
