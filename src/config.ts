import { createECDH, createPublicKey } from 'node:crypto';
import proxyAddr from '@fastify/proxy-addr';
import pg from 'pg';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const optional = z
  .string()
  .optional()
  .transform((text) => text || null);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
/** A list whose items are judged one by one. */
const listOf = (isSound: (item: string) => boolean, advice: string) =>
  list.transform((items, refusal) => {
    for (const item of items) if (!isSound(item)) refusal.addIssue(`${item}: ${advice}`);
    return items;
  });
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http: or https: address' });
const databaseUrl = optional.transform((text, refusal) => {
  const fault = text === null ? null : faultOfDatabaseUrl(text);
  if (fault) refusal.addIssue(fault);
  return text;
});
const pem = (what: string) =>
  optional.transform((text, refusal) => {
    if (text === null) return null;
    // Many deployments can only pass one line.
    const unfolded = text.replaceAll('\\n', '\n').trim();
    if (!/^-----BEGIN (PRIVATE|PUBLIC) KEY-----\n/.test(unfolded)) refusal.addIssue(`must be a PEM ${what}`);
    return unfolded;
  });

/** Bytes of a P-256 key, base64url: 65 of an uncompressed public one, 32 of a private one. */
const p256 = (bytes: number) =>
  optional.refine(
    (text) => text === null || (/^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === bytes),
    `must be ${bytes} bytes, base64url`,
  );
const contact = optional.refine(
  (text) => text === null || (/^(mailto:|https:\/\/)./.test(text) && URL.canParse(text)),
  'must be a mailto: or https: address',
);

/** Every variable, with the default that development gets. `.env.example` says the same, and a law compares them. */
export const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  PUBLIC_URL: webAddress.optional(),
  TRUSTED_PROXIES: listOf(isProxy, 'must be an address or a network, such as 10.0.0.0/8').default([]),
  CORS_ORIGINS: listOf(isOrigin, 'must be an origin as browsers write it, such as https://app.example.com').default([]),
  METRICS_TOKEN: optional,

  DATABASE_URL: databaseUrl,
  DIRECT_URL: databaseUrl,
  MIGRATE_URL: databaseUrl,
  DATABASE_APP_ROLE: optional,
  ALLOW_PLAINTEXT_DATABASE: flag.default(false),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
  DATABASE_STATEMENT_SECONDS: positive.max(60).default(10),
  DATABASE_PREPARED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  EMBEDDED_POSTGRES_PORT: port.default(5440),
  EMBEDDED_POSTGRES_FOLDER: z.string().default('.local/postgres'),

  JWT_SIGNING_KEY: pem('PKCS #8 private key'),
  JWT_OTHER_KEY: pem('private or public key'),
  JWT_ISSUER: z.string().min(1).default('perpetua-flow'),
  JWT_AUDIENCE: z.string().min(1).default('perpetua-flow'),
  ACCESS_TOKEN_SECONDS: positive.max(86_400).default(900),
  REFRESH_TOKEN_DAYS: positive.max(90).default(7),
  SESSION_DAYS: positive.max(365).default(30),
  COOKIE_SAMESITE: z.enum(['strict', 'lax', 'none']).default('strict'),

  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  GOOGLE_BASE_URL: webAddress.optional(),
  GOOGLE_EMULATOR_PORT: port.default(4101),

  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: webAddress.optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4o-mini'),
  OPENAI_EMULATOR_PORT: port.default(4102),
  AI_FIRST_TOKEN_SECONDS: positive.default(20),
  AI_IDLE_SECONDS: positive.default(15),
  AI_TOTAL_SECONDS: positive.default(180),

  VAPID_PUBLIC_KEY: p256(65),
  VAPID_PRIVATE_KEY: p256(32),
  VAPID_SUBJECT: contact,
  PUSH_EMULATOR_PORT: port.default(4103),

  RATE_LIMIT_PER_MINUTE: positive.default(100),
  SUBSCRIPTION_RATE_LIMIT_PER_MINUTE: positive.default(500),
  STRANGER_RATE_LIMIT_PER_MINUTE: positive.default(600),
  AI_RATE_LIMIT_PER_MINUTE: positive.default(20),
  AUTH_RATE_LIMIT_PER_MINUTE: positive.default(10),
  MAX_SOCKETS_PER_USER: positive.default(100),
  MAX_SUBSCRIPTIONS_PER_SOCKET: positive.default(50),
  MAX_WAITING_SOCKETS_PER_ADDRESS: positive.default(200),
  MAX_WAITING_SOCKETS: positive.default(2_000),
  DRAIN_SECONDS: positive.default(20),
  SWEEP_SECONDS: positive.max(30).default(10),
  INTROSPECTION: flag.optional(),
  TRUSTED_DOCUMENTS: z.enum(['any', 'only']).default('any'),
  TRUSTED_DOCUMENTS_FILE: z.string().min(1).default('generated/trusted-documents.json'),
});

/** A configuration that cannot be used; its message names every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Variables = z.infer<typeof variables>;

const mandatory = [
  'DATABASE_URL',
  'JWT_SIGNING_KEY',
  'GOOGLE_CLIENT_ID',
  'OPENAI_API_KEY',
  'VAPID_PUBLIC_KEY',
  'VAPID_PRIVATE_KEY',
  'VAPID_SUBJECT',
] as const;
type Mandatory = (typeof mandatory)[number];
/** The addresses of the database, each standing for those after it that are not set. */
export const databaseUrls = ['DATABASE_URL', 'DIRECT_URL', 'MIGRATE_URL'] as const;
export type DatabaseUrl = (typeof databaseUrls)[number];

/** What the process runs with. Parsed once at the edge, handed down, never read again. */
export type Config = Readonly<Omit<Variables, Mandatory | DatabaseUrl | 'INTROSPECTION'>> &
  Readonly<Record<Mandatory | DatabaseUrl, string>> & {
    readonly INTROSPECTION: boolean;
  };

/** Reads `.env`-style variables without judging what is missing: `npm start` fills the gaps before `readConfig`. */
export function readVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  // An empty variable (`PORT=`) means "not set".
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}

/**
 * The whole configuration.
 * @throws ConfigError with every fault on a line of its own: what is missing, malformed, or not fit for production.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = readVariables(env);
  const faults: string[] = mandatory.filter((name) => read[name] === null).map((name) => `${name}: must be set`);
  if (read.NODE_ENV === 'production') faults.push(...unfitForProduction(read));
  if (!isPair(read)) faults.push('VAPID_PUBLIC_KEY: must belong to VAPID_PRIVATE_KEY');
  if (faults.length > 0 || !isComplete(read)) throw new ConfigError(faults.join('\n'));
  return {
    ...read,
    DIRECT_URL: read.DIRECT_URL ?? read.DATABASE_URL,
    MIGRATE_URL: read.MIGRATE_URL ?? read.DIRECT_URL ?? read.DATABASE_URL,
    INTROSPECTION: read.INTROSPECTION ?? read.NODE_ENV !== 'production',
  };
}

function isComplete(read: Variables): read is Variables & Readonly<Record<Mandatory, string>> {
  return mandatory.every((name) => read[name] !== null);
}

/** Push services refuse what one key signs and another vouches for: better said here. */
function isPair({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Variables): boolean {
  if (VAPID_PUBLIC_KEY === null || VAPID_PRIVATE_KEY === null) return true;
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(VAPID_PRIVATE_KEY, 'base64url');
  } catch {
    return false;
  }
  return pair.getPublicKey('base64url') === VAPID_PUBLIC_KEY;
}

/** The variables that make this configuration, for a process of its own. */
export function variablesOf(config: Config): Record<string, string> {
  const given = Object.entries(config).filter(([, value]) => value !== null && value !== undefined);
  // Lists are joined by commas, as they are read.
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** The client id and API key that stand for the emulators; production refuses them. */
export const sampleGoogleClientId = 'perpetua-flow.emulated';
/** @see sampleGoogleClientId */
export const sampleOpenAiKey = 'emulated';
/** Whom push services would write to about us; production refuses it. */
export const sampleVapidSubject = 'mailto:push@example.com';

/** NIST SP 800-57 part 1, table 2: 128 bits of security. */
const minRsaBits = 3_072;
const minMetricsToken = 16;

function unfitForProduction(read: Variables): string[] {
  const faults: string[] = [];
  if (read.GOOGLE_CLIENT_ID === sampleGoogleClientId) faults.push('GOOGLE_CLIENT_ID: is the sample');
  if (read.OPENAI_API_KEY === sampleOpenAiKey) faults.push('OPENAI_API_KEY: is the sample');
  if (read.VAPID_SUBJECT === sampleVapidSubject) faults.push('VAPID_SUBJECT: is the sample');
  if (read.GOOGLE_BASE_URL) faults.push("GOOGLE_BASE_URL: is for emulators; production uses Google's own addresses");
  if (read.OPENAI_BASE_URL) faults.push(...unfitProvider('OPENAI_BASE_URL', read.OPENAI_BASE_URL));
  if ((read.METRICS_TOKEN ?? '').length < minMetricsToken)
    faults.push(`METRICS_TOKEN: must be set, with at least ${minMetricsToken} characters`);
  if (read.COOKIE_SAMESITE === 'none') {
    if (read.CORS_ORIGINS.length === 0) faults.push('COOKIE_SAMESITE: none is for pages that CORS_ORIGINS must name');
    if (read.PUBLIC_URL?.startsWith('http:')) faults.push('COOKIE_SAMESITE: none needs a PUBLIC_URL with https');
  }
  for (const name of ['JWT_SIGNING_KEY', 'JWT_OTHER_KEY'] as const) {
    if (read[name] !== null && !isLongRsaKey(read[name]))
      faults.push(`${name}: must be an RSA key of at least ${minRsaBits} bits`);
  }
  for (const name of databaseUrls) {
    if (read[name] !== null && !read.ALLOW_PLAINTEXT_DATABASE && !isPrivate(read[name]))
      faults.push(
        `${name}: must have sslmode=verify-full (or ALLOW_PLAINTEXT_DATABASE=true where the network is private)`,
      );
  }
  return faults;
}

function unfitProvider(name: string, url: string): string[] {
  if (isLoopback(new URL(url).hostname)) return [`${name}: is an address of this machine`];
  return url.startsWith('https:') ? [] : [`${name}: must be https, or keys and texts travel in plain`];
}

function isLongRsaKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= minRsaBits;
  } catch {
    return false;
  }
}

/** What node-postgres makes of an address in the end: the last parameter of a name counts, and PGHOST, PGSSLMODE too. */
function readByDriver(connectionString: string) {
  const { host, ssl } = new pg.Client({ connectionString });
  // The driver's types know no TLS options here.
  const tls: unknown = ssl;
  return { host, tls };
}

function faultOfDatabaseUrl(text: string): string | null {
  const protocol = URL.parse(text)?.protocol;
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') return 'must be a postgres:// address';
  try {
    readByDriver(text);
    return null;
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : 'node-postgres does not read it'}`;
  }
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

function isProxy(text: string): boolean {
  try {
    proxyAddr.compile([text]);
    return true;
  } catch {
    return false;
  }
}

/** Apps in a shell of their own have schemes of their own, such as `capacitor://localhost`. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  return url.origin === 'null' ? /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@A-Z]+$/.test(text) : url.origin === text;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127\.[\d.]+$/.test(hostname);
}
