import { errorCodes } from 'fastify';
import { AppError } from '../../kernel/errors.js';

/** Bad input that HTTP has a status of its own for, such as 405 or 415. */
export class HttpRefusal extends AppError {
  constructor(
    readonly statusCode: 400 | 405 | 406 | 408 | 415 | 416 | 501,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super('VALIDATION_FAILED', message, { fields: [{ field: 'request', rule: message }] });
  }
}

/** What Fastify refuses a body with that has more bytes than it may have, 413. */
export function tooLarge(): Error {
  return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
}
