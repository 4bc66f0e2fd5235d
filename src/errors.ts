/**
 * The closed set of error codes and the HTTP status that each one has on REST,
 * and on GraphQL when a request is refused before it is executed.
 */
export const statusOf = {
  VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  IDEMPOTENCY_MISMATCH: 409,
  LIMIT_REACHED: 409,
  INSUFFICIENT_CREDITS: 402,
  CREDIT_LIMIT_REACHED: 429,
  SUBSCRIPTION_REQUIRED: 403,
  VOICE_PRO_ONLY: 403,
  PURCHASE_LIMIT_EXCEEDED: 409,
  PAYMENT_FAILED: 402,
  RATE_LIMITED: 429,
  AI_SERVICE_UNAVAILABLE: 503,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} as const;

/** One code of the closed set. `INTERNAL` is a fault of ours only; what is away or busy for now is `UNAVAILABLE`. */
export type ErrorCode = keyof typeof statusOf;

/** One broken rule of an input: the field's path (`subtasks.0.title`) and what it should have been. */
export interface BrokenRule {
  readonly field: string;
  readonly rule: string;
}

/**
 * The only error whose message and details reach a client. Anything else that is thrown becomes `INTERNAL`.
 * `details` are merged into the error's extensions; they carry no secrets.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Bad input: `fields` names each field and its rule. */
export function invalid(fields: readonly BrokenRule[]): AppError {
  const text = fields.map(({ field, rule }) => `${field}: ${rule}`).join('; ');
  return new AppError('VALIDATION_FAILED', text || 'The input is not valid.', { fields });
}
