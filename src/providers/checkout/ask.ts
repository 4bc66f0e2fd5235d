import { isNativeError } from 'node:util/types';
import { z } from 'zod';
import { errorCodeOf } from '../../platform/error-code.js';
import { PaymentFailure } from '../payments.js';
import { Exchange } from './exchange.js';
import type { CheckoutOptions } from './options.js';

type Patience = Pick<CheckoutOptions, 'secretKey' | 'timeoutMs'>;

/** Asks through the SDK and reads the answer. @throws PaymentFailure, also where there is no such thing */
export async function ask<Schema extends z.ZodType>(
  options: Patience,
  schema: Schema,
  send: () => Promise<unknown>,
): Promise<z.output<Schema>> {
  const answer = await askIfThere(options, schema, send);
  if (answer === null) throw new PaymentFailure(false, new Error('The provider answered that there is no such thing.'));
  return answer;
}

/** The same; null where the provider says that there is no such thing. @throws PaymentFailure */
export async function askIfThere<Schema extends z.ZodType>(
  { secretKey, timeoutMs }: Patience,
  schema: Schema,
  send: () => Promise<unknown>,
): Promise<z.output<Schema> | null> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('The answer took too long.')), timeoutMs);
  const exchange = new Exchange(patience.signal);
  let answer: unknown;
  try {
    answer = await exchange.run(send);
  } catch (error) {
    if (exchange.status === 404) return null;
    const told = patience.signal.aborted ? patience.signal.reason : (exchange.failure ?? error);
    throw new PaymentFailure(mayBeDone(exchange), reasonOf(told, exchange.refusal, secretKey));
  } finally {
    clearTimeout(timer);
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fault = new Error(`The answer cannot be read: ${z.prettifyError(parsed.error)}`);
  throw new PaymentFailure(true, reasonOf(fault, null, secretKey));
}

/** Statuses that say nothing of what was asked: it came too late, too early or too often, or is being done. */
const undecided = [408, 409, 425, 429];

/** Failures of a connection over which nothing was sent yet. */
const unconnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

function mayBeDone({ hasBegun, status, failure }: Exchange): boolean {
  if (!hasBegun) return false;
  if (status !== null) return status < 400 || status >= 500 || undecided.includes(status);
  return !unconnected.includes(errorCodeOf(failure) ?? '');
}

/** UTF-16 code units of a reason. */
const maxReasonLength = 1_000;

/** What a refusal says of itself; anything else in its body stays unread. */
const Refusal = z.object({
  request_id: z.string().nullish(),
  error_type: z.string().nullish(),
  error_codes: z.array(z.string()).nullish(),
});

/** Keeps what happened as text: errors of the SDK and of axios hold headers, and a provider may repeat our key. */
function reasonOf(error: unknown, refusal: unknown, secretKey: string): Error {
  const told: string[] = [];
  for (let each = error; isNativeError(each); each = each.cause)
    told.push([each.name, errorCodeOf(each), each.message].filter(Boolean).join(': '));
  const { request_id, error_type, error_codes } = Refusal.safeParse(refusal).data ?? {};
  const said = [error_type, ...(error_codes ?? []), request_id].filter((part) => typeof part === 'string').join(', ');
  const text = `${told.join(' < ') || typeof error}${said === '' ? '' : ` (${said})`}`;
  return new Error(secretKey === '' ? text : text.replaceAll(secretKey, '[key]').slice(0, maxReasonLength));
}
