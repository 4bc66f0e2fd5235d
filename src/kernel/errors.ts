/**
 * The closed set of error codes and the HTTP status that each one has on REST,
 * and on GraphQL when a request is refused before it is executed.
 */
export const httpStatus = {
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
export type ErrorCode = keyof typeof httpStatus;

/** What a code says, and what a client does then; in the schema as `enum ErrorCode`, and in the README. */
export const meaningOf: Readonly<Record<ErrorCode, { readonly meaning: string; readonly remedy: string }>> = {
  VALIDATION_FAILED: {
    meaning: 'The input is not valid; `fields` names each field and its rule.',
    remedy: 'Show the rules beside their fields; the same input is refused again.',
  },
  UNAUTHENTICATED: {
    meaning:
      'There is no token, or it is not valid any more; `refreshRequired` is true when it has expired, `signInAgain` when it takes a new sign-in.',
    remedy: 'Refresh the session once and send again; if that is refused too, or with `signInAgain`, sign in.',
  },
  FORBIDDEN: {
    meaning: 'The thing belongs to somebody else.',
    remedy: 'Drop it from what is shown; sending again does not help.',
  },
  NOT_FOUND: {
    meaning: 'There is no such thing, or it is gone.',
    remedy: 'Drop it from what is shown.',
  },
  CONFLICT: {
    meaning: 'The `version` is not the current one (`currentVersion`), or the state does not allow it.',
    remedy: 'Read the thing again, apply the change to what it is now, and send that.',
  },
  IDEMPOTENCY_MISMATCH: {
    meaning: 'The `Idempotency-Key` was used for another request.',
    remedy: 'Send a new request under a new key.',
  },
  LIMIT_REACHED: {
    meaning:
      'There are as many as there may be: `resource` names of what, `limit` and `current` say how many; `retryAfter` where time helps.',
    remedy: 'Let the user delete or complete some, or send again after that time.',
  },
  INSUFFICIENT_CREDITS: {
    meaning: 'There are fewer credits than it costs; `required` and `available` say how many.',
    remedy: 'Say so, and what it costs; offer a pack (`buyCredits`), or Pro (`startProCheckout`).',
  },
  CREDIT_LIMIT_REACHED: {
    meaning: 'The assistant was asked about one task ten times in this session.',
    remedy: 'Let the user go on with another task, or in a new session.',
  },
  SUBSCRIPTION_REQUIRED: {
    meaning: 'It is part of the Pro plan.',
    remedy: 'Offer the plan: `startProCheckout`.',
  },
  VOICE_PRO_ONLY: {
    meaning: 'Recording by voice is part of the Pro plan.',
    remedy: 'Offer the plan: `startProCheckout`.',
  },
  PURCHASE_LIMIT_EXCEEDED: {
    meaning: 'More than 500 credits (`limit`) would be bought within 30 days; `purchasable` says how many may be.',
    remedy: 'Offer the packs that have no more than that.',
  },
  PAYMENT_FAILED: {
    meaning:
      'A payment was declined. No field answers it yet: of a page its payer hears there, of a renewal by `changes`.',
    remedy: 'Ask for another means of payment.',
  },
  RATE_LIMITED: {
    meaning: 'There were too many requests within a minute; `retryAfter` says for how many seconds to wait.',
    remedy: 'Send again after that time.',
  },
  AI_SERVICE_UNAVAILABLE: {
    meaning: 'The language model is down, slow or refuses; nothing was charged.',
    remedy: 'Let the user ask again later.',
  },
  UNAVAILABLE: {
    meaning:
      'The database or a provider is away, or the account or the server is busy; `retryAfter` says for how many seconds.',
    remedy:
      'Send again after that time; a mutation with the same `Idempotency-Key`, a sign-in with the same ID token once.',
  },
  INTERNAL: {
    meaning: 'A fault of ours; `requestId` finds it in our log.',
    remedy: 'Say so, and offer to try again; a mutation with the same `Idempotency-Key`.',
  },
};

/**
 * What any operation can answer, whatever it is about: no field declares these, unless it has a reason of its own. What a
 * request is refused with before its fields are executed (its document, its variables, its `Idempotency-Key`) is of no
 * field either, and has no `path`.
 */
export const generalErrors = [
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'IDEMPOTENCY_MISMATCH',
  'UNAVAILABLE',
  'INTERNAL',
] as const satisfies readonly ErrorCode[];

/**
 * The errors that a use case has reasons of its own for, each with when it comes and with which details; empty where its
 * meaning says it all. A use case exports them beside its input, those of what it calls included; the schema's `Errors:`
 * is made from them, and a whole run of the tests compares it with what they have met.
 */
export type DeclaredErrors = Readonly<Partial<Record<ErrorCode, string>>>;

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

/** A limit that leaves no room for what is asked. */
export interface ReachedLimit {
  /** What there is too much of: a field of `Limits` in the schema where it is one of those, such as `tasks`. */
  readonly resource: string;
  readonly limit: number;
  /** How many there are, without what is asked for: more than `limit` after a change to a smaller plan. */
  readonly current: number;
  /** In how many seconds there is room, where time helps. */
  readonly retryAfter?: number;
}

/** There is no room for more: every LIMIT_REACHED carries `resource`, `limit` and `current`. */
export function limitReached(message: string, reached: ReachedLimit): AppError {
  return new AppError('LIMIT_REACHED', message, { ...reached });
}
