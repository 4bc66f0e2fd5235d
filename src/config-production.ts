import { bitsOfRsaKey, databaseUrlExample, isLoopback, pricesOf, readByDriver } from './config-values.js';
import {
  databaseUrls,
  exampleCheckoutKey,
  exampleCheckoutUrl,
  exampleDeepgramKey,
  type Fault,
  newKey,
  sampleCheckoutWebhookSecret,
  sampleDeepgramKey,
  sampleGoogleClientId,
  sampleOpenAiKey,
  sampleVapidSubject,
  type Variables,
} from './config-variables.js';

/** NIST SP 800-57 part 1, table 2: 128 bits of security. */
const minRsaBits = 3_072;
/** Characters. */
const minSecret = 16;

/** What production does not take: samples, emulators, short keys, and what would travel in plain text. */
export function unfitForProduction(read: Variables): Fault[] {
  return [
    ...samples(read),
    ...unfitProviders(read),
    ...unfitPayments(read),
    ...unfitStorage(read),
    ...unknownPrices(read),
    ...unfitCookies(read),
    ...shortKeys(read),
    ...plainDatabases(read),
  ];
}

function samples({ GOOGLE_CLIENT_ID, OPENAI_API_KEY, DEEPGRAM_API_KEY, VAPID_SUBJECT }: Variables): Fault[] {
  const faults: Fault[] = [];
  const rule = (example: string) => `must be your own in production, such as ${example}`;
  if (GOOGLE_CLIENT_ID === sampleGoogleClientId)
    faults.push({ name: 'GOOGLE_CLIENT_ID', rule: rule('1234-abcd.apps.googleusercontent.com') });
  if (OPENAI_API_KEY === sampleOpenAiKey) faults.push({ name: 'OPENAI_API_KEY', rule: rule('sk-…') });
  if (DEEPGRAM_API_KEY === sampleDeepgramKey) faults.push({ name: 'DEEPGRAM_API_KEY', rule: rule(exampleDeepgramKey) });
  if (VAPID_SUBJECT === sampleVapidSubject)
    faults.push({ name: 'VAPID_SUBJECT', rule: rule('mailto:ops@example.com') });
  return faults;
}

function unfitProviders({ GOOGLE_BASE_URL, OPENAI_BASE_URL, DEEPGRAM_BASE_URL }: Variables): Fault[] {
  const faults: Fault[] = [];
  if (GOOGLE_BASE_URL)
    faults.push({ name: 'GOOGLE_BASE_URL', rule: "must not be set in production, which uses Google's own addresses" });
  const rule = (example: string) => `must be an https: address of another machine in production, such as ${example}`;
  if (isLocalOrPlain(OPENAI_BASE_URL))
    faults.push({ name: 'OPENAI_BASE_URL', rule: rule('https://api.openai.com/v1') });
  if (isLocalOrPlain(DEEPGRAM_BASE_URL))
    faults.push({ name: 'DEEPGRAM_BASE_URL', rule: rule('https://api.eu.deepgram.com') });
  return faults;
}

/** What payers and their money pass through. */
function unfitPayments(read: Variables): Fault[] {
  const faults: Fault[] = [];
  const own = (example: string) => `must be your own in production, such as ${example}`;
  // All begin so: https://www.checkout.com/docs/developer-resources/api/api-authentication/api-keys
  if (read.CHECKOUT_SECRET_KEY && !read.CHECKOUT_SECRET_KEY.startsWith('sk_'))
    faults.push({ name: 'CHECKOUT_SECRET_KEY', rule: own(exampleCheckoutKey) });
  for (const name of ['CHECKOUT_WEBHOOK_SECRET', 'CHECKOUT_OTHER_WEBHOOK_SECRET'] as const) {
    const secret = read[name];
    if (secret === sampleCheckoutWebhookSecret) faults.push({ name, rule: own('`openssl rand -hex 32` prints') });
    else if (secret && secret.length < minSecret) faults.push({ name, rule: longEnough('openssl rand -hex 32') });
  }
  if (isLocalOrPlain(read.APP_URL)) {
    const rule = 'must be an https: address of another machine in production, such as https://app.example.com';
    faults.push({ name: 'APP_URL', rule });
  }
  const baseUrl = read.CHECKOUT_BASE_URL ?? undefined;
  // Each account has addresses of its own; those that all of them shared go away.
  const isShared = baseUrl !== undefined && /^api\.(sandbox\.)?checkout\.com$/.test(new URL(baseUrl).hostname);
  if (isShared || isLocalOrPlain(baseUrl)) {
    const rule = `must be the https: address of your own account in production, such as ${exampleCheckoutUrl}`;
    faults.push({ name: 'CHECKOUT_BASE_URL', rule });
  }
  return faults;
}

/** As only emulators are asked: on this machine, or in plain text. */
function isLocalOrPlain(address: string | undefined): boolean {
  return address !== undefined && (isLoopback(new URL(address).hostname) || !address.startsWith('https:'));
}

/** Processes on several machines share no folder: that one is meant has to be said. */
function unfitStorage({ S3_BUCKET, S3_ENDPOINT, FILES_FOLDER }: Variables): Fault[] {
  const faults: Fault[] = [];
  if (S3_BUCKET === null && FILES_FOLDER === null) {
    const rule =
      'must be set in production, such as perpetua-files, unless FILES_FOLDER names a folder that all processes share';
    faults.push({ name: 'S3_BUCKET', rule });
  }
  if (S3_ENDPOINT?.startsWith('http:'))
    faults.push({
      name: 'S3_ENDPOINT',
      rule: 'must be an https: address in production, such as https://s3.example.com',
    });
  return faults;
}

function unknownPrices({ OPENAI_MODEL, AI_MODEL_PRICES }: Variables): Fault[] {
  if (pricesOf(AI_MODEL_PRICES).has(OPENAI_MODEL)) return [];
  const rule = `must have a price in AI_MODEL_PRICES in production, such as ${OPENAI_MODEL}=0.15/0.6, or ${OPENAI_MODEL}=0/0 where it costs nothing`;
  return [{ name: 'OPENAI_MODEL', rule, because: ['AI_MODEL_PRICES'] }];
}

function unfitCookies({ COOKIE_SAMESITE, CORS_ORIGINS, PUBLIC_URL }: Variables): Fault[] {
  if (COOKIE_SAMESITE !== 'none') return [];
  const faults: Fault[] = [];
  const name = 'COOKIE_SAMESITE';
  if (CORS_ORIGINS.length === 0) {
    const rule = 'must be strict or lax, unless CORS_ORIGINS names the pages, such as https://app.example.com';
    faults.push({ name, rule, because: ['CORS_ORIGINS'] });
  }
  if (PUBLIC_URL?.startsWith('http:')) {
    const rule = 'must be strict or lax, unless PUBLIC_URL is an https: address, such as https://api.example.com';
    faults.push({ name, rule, because: ['PUBLIC_URL'] });
  }
  return faults;
}

function longEnough(command: string): string {
  return `must have at least ${minSecret} characters in production, such as \`${command}\` prints`;
}

function shortKeys(read: Variables): Fault[] {
  const faults: Fault[] = [];
  if ((read.METRICS_TOKEN ?? '').length < minSecret)
    faults.push({ name: 'METRICS_TOKEN', rule: longEnough('openssl rand -hex 16') });
  for (const name of ['JWT_SIGNING_KEY', 'JWT_OTHER_KEY'] as const) {
    if (read[name] !== null && bitsOfRsaKey(read[name]) < minRsaBits)
      faults.push({ name, rule: `must have at least ${minRsaBits} bits in production, such as ${newKey} prints` });
  }
  return faults;
}

function plainDatabases(read: Variables): Fault[] {
  if (read.ALLOW_PLAINTEXT_DATABASE) return [];
  const rule = `must have sslmode=verify-full in production, such as ${databaseUrlExample}, unless ALLOW_PLAINTEXT_DATABASE=true says that the network is private`;
  return databaseUrls
    .filter((name) => read[name] !== null && !isPrivate(read[name]))
    .map((name) => ({ name, rule, because: ['ALLOW_PLAINTEXT_DATABASE'] }));
}

/**
 * Whether what goes to this database stays on the machine, or travels with TLS and a server that proves who it is.
 * node-postgres takes require and verify-ca as verify-full, unless it is told to do as libpq does.
 * https://www.npmjs.com/package/pg-connection-string
 */
function isPrivate(databaseUrl: string): boolean {
  const { host, tls } = readByDriver(databaseUrl);
  if (host.startsWith('/') || isLoopback(host)) return true;
  // It takes these as verify-full too, but says that it will not for long.
  const mode = new URL(databaseUrl).searchParams.getAll('sslmode').at(-1) ?? '';
  if (mode === 'prefer' || mode === 'allow') return false;
  if (typeof tls !== 'object' || tls === null) return tls === true;
  const isUnverified = 'rejectUnauthorized' in tls && tls.rejectUnauthorized === false;
  return !isUnverified && !('checkServerIdentity' in tls);
}
