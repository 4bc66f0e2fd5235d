import type { Finding } from '../admin/finding.js';
import { ok, patienceMs, reasonOf, skipped, type Variables, warning, wrong } from './check.js';

/** A provider's cheapest question that proves who asks. */
interface Question {
  readonly check: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The variable that is wrong when the provider refuses us. */
  readonly key: string;
}

/** Google's certificates: that they come shows that people can sign in. Whether it knows our client, only a sign-in shows. */
export async function checkGoogle({ GOOGLE_CLIENT_ID, GOOGLE_BASE_URL }: Variables): Promise<readonly Finding[]> {
  const check = 'google';
  if (GOOGLE_CLIENT_ID === null) return [skipped(check, 'GOOGLE_CLIENT_ID is not set here.')];
  const url = new URL('/oauth2/v3/certs', GOOGLE_BASE_URL ?? 'https://www.googleapis.com').href;
  return [await ask({ check, url, headers: {}, key: 'GOOGLE_BASE_URL' })];
}

export async function checkOpenAi({ OPENAI_API_KEY, OPENAI_BASE_URL }: Variables): Promise<readonly Finding[]> {
  const check = 'language model';
  if (OPENAI_API_KEY === null) return [skipped(check, 'OPENAI_API_KEY is not set here.')];
  const url = `${(OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/$/, '')}/models`;
  return [await ask({ check, url, headers: { authorization: `Bearer ${OPENAI_API_KEY}` }, key: 'OPENAI_API_KEY' })];
}

export async function checkDeepgram({ DEEPGRAM_API_KEY, DEEPGRAM_BASE_URL }: Variables): Promise<readonly Finding[]> {
  const check = 'speech';
  if (DEEPGRAM_API_KEY === null) return [skipped(check, 'DEEPGRAM_API_KEY is not set here.')];
  const url = new URL('/v1/projects', DEEPGRAM_BASE_URL ?? 'https://api.deepgram.com').href;
  return [await ask({ check, url, headers: { authorization: `Token ${DEEPGRAM_API_KEY}` }, key: 'DEEPGRAM_API_KEY' })];
}

/** A payment that nobody has: what the key may do beyond reading payments, only a payment shows. */
export async function checkPayments(variables: Variables): Promise<readonly Finding[]> {
  const check = 'payments';
  const { CHECKOUT_SECRET_KEY: key, CHECKOUT_BASE_URL: address } = variables;
  if (key === null || !address)
    return [skipped(check, 'CHECKOUT_SECRET_KEY and CHECKOUT_BASE_URL are not both set here.')];
  const url = new URL('/payments?reference=doctor&limit=1', address).href;
  return [await ask({ check, url, headers: { authorization: `Bearer ${key}` }, key: 'CHECKOUT_SECRET_KEY' })];
}

/** That the two keys are a pair the configuration says, or that they are not: nobody has to be asked. */
export async function checkPush({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Variables): Promise<readonly Finding[]> {
  const check = 'push';
  if (VAPID_PUBLIC_KEY === null || VAPID_PRIVATE_KEY === null)
    return [skipped(check, 'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not both set here.')];
  return [ok(check, 'There are both keys; the configuration says when they are no pair.')];
}

async function ask({ check, url, headers, key }: Question): Promise<Finding> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
    await response.body?.cancel();
    const { status } = response;
    if (response.ok) return ok(check, `${host} answers, and takes us.`);
    if (status === 401 || status === 403)
      return wrong(
        check,
        `${host} refuses us with ${status}.`,
        `Give ${key} a key that is good, then start the processes anew.`,
      );
    return warning(
      check,
      `${host} answers ${status}.`,
      'It may be busy, or another service: ask it again later, and see its address.',
    );
  } catch (error) {
    const advice =
      'See whether this machine may reach it, whether its address is right, and what its status page says.';
    return wrong(check, `${host} cannot be reached: ${reasonOf(error)}.`, advice);
  }
}
