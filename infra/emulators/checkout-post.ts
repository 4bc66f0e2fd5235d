import { createHmac } from 'node:crypto';

/** What happened, as receivers read it. */
export interface WebhookEvent {
  readonly id: string;
  readonly type: string;
  /** Of the payment that it is about. */
  readonly reference: string | null;
  readonly body: string;
}

/** How events go out; what is counted goes down with each delivery that it spoils. */
export interface WebhookSettings {
  /** Null: nobody listens, and nothing is kept. */
  webhookUrl: string | null;
  webhookSecret: string;
  /** What happens is told to nobody, ever. */
  silent: boolean;
  /** Kept until `deliver` is asked. */
  hold: boolean;
  /** How often each event comes once more. */
  duplicates: number;
  /** What happened at once comes in the opposite order. */
  reorder: boolean;
  webhookDelayMs: number;
  /** So many deliveries get lost on their way. */
  drop: number;
  /** So many come cut off, and signed. */
  malformed: number;
  /** So many are signed by somebody else. */
  badSignature: number;
}

/** How long a receiver has to answer. */
const patienceMs = 5_000;

/** Sends an event, or spoils it as the settings say. Answers the status of the answer; null when none came. */
export async function postEvent(
  { body }: WebhookEvent,
  settings: WebhookSettings,
  closing: AbortSignal,
): Promise<number | null> {
  const { webhookUrl, webhookSecret } = settings;
  if (webhookUrl === null || spoils(settings, 'drop')) return null;
  const isCut = spoils(settings, 'malformed');
  const text = isCut ? body.slice(0, body.length / 2) : body;
  // What is spoilt is so in one way.
  const secret = !isCut && spoils(settings, 'badSignature') ? `not ${webhookSecret}` : webhookSecret;
  const headers = {
    'content-type': 'application/json',
    'cko-signature': createHmac('sha256', secret).update(text).digest('hex'),
  };
  const signal = AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]);
  try {
    const response = await fetch(webhookUrl, { method: 'POST', headers, body: text, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

function spoils(settings: WebhookSettings, how: 'drop' | 'malformed' | 'badSignature'): boolean {
  if (settings[how] === 0) return false;
  settings[how] -= 1;
  return true;
}
