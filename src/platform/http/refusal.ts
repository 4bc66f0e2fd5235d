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
