import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { VerifiedEvent } from '../payments.js';
import { isPaymentId } from './answers.js';

/** What we store as it is: PostgreSQL takes no NUL. */
const word = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\0]*$/);

const Envelope = z.object({ id: word(100), type: word(100), data: z.unknown() });

const PaymentData = z.object({ id: z.string(), reference: word(200).nullish() });
const DisputeData = z
  .object({ payment_id: z.string(), payment_reference: word(200).nullish() })
  .transform(({ payment_id, payment_reference }) => ({ id: payment_id, reference: payment_reference }));

/** @see PaymentProvider.readEvent */
export function readEvent(
  secrets: readonly string[],
  body: Buffer,
  signature: string | undefined,
): VerifiedEvent | null {
  return isSigned(secrets, body, signature) ? parse(body.toString()) : null;
}

/** @see PaymentProvider.looksSigned */
export function looksSigned(signature = ''): boolean {
  return /^[\da-f]{64}$/.test(signature);
}

/** As Checkout.com signs: HMAC with SHA-256 of the bytes, in lower-case hexadecimal digits. */
function isSigned(secrets: readonly string[], body: Buffer, signature = ''): boolean {
  if (!looksSigned(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  // All are compared, whichever fits.
  const fits = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given));
  return fits.includes(true);
}

function parse(text: string): VerifiedEvent {
  const body = jsonOf(text);
  if (body === undefined) return { kind: 'MALFORMED', reason: 'The body is not JSON.' };
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) return malformed(envelope.error);
  const { id, type, data } = envelope.data;
  const schema = dataOf(type);
  if (!schema) return { kind: 'UNKNOWN', id, type };
  const parsed = schema.safeParse(data);
  if (!parsed.success) return malformed(parsed.error);
  const { id: paymentId, reference = null } = parsed.data;
  if (isPaymentId(paymentId)) return { kind: 'PAYMENT', id, type, paymentId, reference };
  // Cards that are kept have events that are called as those of payments.
  if (/^(?!pay_)[a-z]+_\w{1,60}$/.test(paymentId)) return { kind: 'UNKNOWN', id, type };
  return { kind: 'MALFORMED', reason: 'The id of its payment is none.' };
}

function dataOf(type: string) {
  if (type.startsWith('dispute_')) return DisputeData;
  return type.startsWith('payment_') || type.startsWith('card_verif') ? PaymentData : null;
}

/** Undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(error: z.ZodError): VerifiedEvent {
  return { kind: 'MALFORMED', reason: z.prettifyError(error).slice(0, 500) };
}
