import { AppError } from '../../kernel/errors.js';

/** Keeps what happened as text: the SDK's errors hold headers, and a provider may repeat our key in its message. */
export function unavailable(error: unknown, apiKey: string): AppError {
  const told: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause)
    told.push(`${each.constructor.name}: ${each.message}`);
  const text = told.join(' < ') || typeof error;
  const cause = new Error(apiKey === '' ? text : text.replaceAll(apiKey, '[key]'));
  return new AppError(
    'AI_SERVICE_UNAVAILABLE',
    'The assistant cannot answer right now. Try again later.',
    {},
    { cause },
  );
}
