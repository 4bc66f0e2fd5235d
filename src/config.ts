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
const pem = (what: string) =>
  optional.transform((text, refusal) => {
    if (text === null) return null;
    // Many deployments can only pass one line.
    const unfolded = text.replaceAll('\\n', '\n').trim();
    if (!/^-----BEGIN (PRIVATE|PUBLIC) KEY-----\n/.test(unfolded)) refusal.addIssue(`must be a PEM ${what}`);
    return unfolded;
  });

/** Every variable, with the default that development gets. `.env.example` says the same, and a law compares them. */
export const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  PUBLIC_URL: z.url().optional(),
  TRUSTED_PROXIES: list.default([]),
  CORS_ORIGINS: list.default([]),
  METRICS_TOKEN: optional,

  DATABASE_URL: optional,
  DIRECT_URL: optional,
  DATABASE_POOL_SIZE: positive.max(200).default(10),
  EMBEDDED_POSTGRES_PORT: port.default(5440),
  EMBEDDED_POSTGRES_FOLDER: z.string().default('.local/postgres'),

  JWT_SIGNING_KEY: pem('PKCS #8 private key'),
  JWT_OTHER_KEY: pem('private or public key'),
  JWT_ISSUER: z.string().min(1).default('perpetua-flow'),
  JWT_AUDIENCE: z.string().min(1).default('perpetua-flow'),
  ACCESS_TOKEN_SECONDS: positive.max(86_400).default(900),
  REFRESH_TOKEN_DAYS: positive.max(90).default(7),

  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  GOOGLE_BASE_URL: z.url().optional(),
  GOOGLE_EMULATOR_PORT: port.default(4101),

  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: z.url().optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4o-mini'),
  OPENAI_EMULATOR_PORT: port.default(4102),
  AI_FIRST_TOKEN_SECONDS: positive.default(20),
  AI_IDLE_SECONDS: positive.default(15),
  AI_TOTAL_SECONDS: positive.default(180),

  RATE_LIMIT_PER_MINUTE: positive.default(100),
  AI_RATE_LIMIT_PER_MINUTE: positive.default(20),
  AUTH_RATE_LIMIT_PER_MINUTE: positive.default(10),
  MAX_SOCKETS_PER_USER: positive.default(100),
  MAX_SUBSCRIPTIONS_PER_SOCKET: positive.default(50),
  DRAIN_SECONDS: positive.default(20),
  SWEEP_SECONDS: positive.max(30).default(10),
  INTROSPECTION: flag.optional(),
});

/** A configuration that cannot be used; its message names every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Variables = z.infer<typeof variables>;

/** What the process runs with. Parsed once at the edge, handed down, never read again. */
export type Config = Readonly<
  Omit<Variables, 'DATABASE_URL' | 'JWT_SIGNING_KEY' | 'GOOGLE_CLIENT_ID' | 'OPENAI_API_KEY' | 'INTROSPECTION'>
> & {
  readonly DATABASE_URL: string;
  readonly DIRECT_URL: string;
  readonly JWT_SIGNING_KEY: string;
  readonly GOOGLE_CLIENT_ID: string;
  readonly OPENAI_API_KEY: string;
  readonly INTROSPECTION: boolean;
};

const mandatory = ['DATABASE_URL', 'JWT_SIGNING_KEY', 'GOOGLE_CLIENT_ID', 'OPENAI_API_KEY'] as const;

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
  const { DATABASE_URL, JWT_SIGNING_KEY, GOOGLE_CLIENT_ID, OPENAI_API_KEY } = read;
  if (faults.length > 0 || !DATABASE_URL || !JWT_SIGNING_KEY || !GOOGLE_CLIENT_ID || !OPENAI_API_KEY) {
    throw new ConfigError(faults.join('\n'));
  }
  return {
    ...read,
    DATABASE_URL,
    JWT_SIGNING_KEY,
    GOOGLE_CLIENT_ID,
    OPENAI_API_KEY,
    DIRECT_URL: read.DIRECT_URL ?? DATABASE_URL,
    INTROSPECTION: read.INTROSPECTION ?? read.NODE_ENV !== 'production',
  };
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

function unfitForProduction(read: Variables): string[] {
  const faults: string[] = [];
  if (read.GOOGLE_CLIENT_ID === sampleGoogleClientId) faults.push('GOOGLE_CLIENT_ID: is the sample');
  if (read.OPENAI_API_KEY === sampleOpenAiKey) faults.push('OPENAI_API_KEY: is the sample');
  if (read.GOOGLE_BASE_URL) faults.push("GOOGLE_BASE_URL: is for emulators; production uses Google's own addresses");
  if (read.OPENAI_BASE_URL && isLoopback(read.OPENAI_BASE_URL))
    faults.push('OPENAI_BASE_URL: is an address of this machine');
  if (!read.METRICS_TOKEN) faults.push('METRICS_TOKEN: must be set');
  return faults;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
