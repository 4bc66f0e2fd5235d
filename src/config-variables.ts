import { z } from 'zod';
import {
  contact,
  country,
  databaseUrl,
  databaseUrlExample,
  flag,
  oneOf,
  optional,
  origins,
  p256,
  pageAddress,
  port,
  portOrOff,
  prices,
  processingChannel,
  proxies,
  rsaKey,
  webAddress,
  wholeNumber,
} from './config-values.js';

/** What makes a signing key. */
export const newKey = '`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`';

const newPair = '`npx web-push generate-vapid-keys`';

/** As Deepgram's console shows a key: 40 hexadecimal digits. */
export const exampleDeepgramKey = '0123456789abcdef…';

/** As Checkout.com's dashboard shows a key, and the address of an account, which begins with a part of its client id. */
export const exampleCheckoutKey = 'sk_…';
/** @see exampleCheckoutKey */
export const exampleCheckoutUrl = 'https://vkuhvk4v.api.checkout.com';

/** It may be missing; a file that was named may not. */
export const defaultTrustedDocumentsFile = 'generated/trusted-documents.json';

/** Every variable, with the default that development gets. `.env.example` says the same, and a law compares them. */
export const variables = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  INSTANCE: optional,
  COMMIT: optional,

  OPERATIONS_HOST: z.string().default('127.0.0.1'),
  OPERATIONS_PORT: portOrOff,

  HOST: z.string().default('127.0.0.1'),
  PORT: port(4000),
  PUBLIC_URL: webAddress('https://api.example.com').optional(),
  APP_URL: pageAddress.default('http://localhost:5173'),
  TRUSTED_PROXIES: proxies.default([]),
  CORS_ORIGINS: origins.default([]),
  METRICS_TOKEN: optional,

  DATABASE_URL: databaseUrl,
  DIRECT_URL: databaseUrl,
  MIGRATE_URL: databaseUrl,
  DATABASE_APP_ROLE: optional,
  ALLOW_PLAINTEXT_DATABASE: flag.default(false),
  DATABASE_POOL_SIZE: wholeNumber(10, { least: 2, most: 200 }),
  DATABASE_STATEMENT_SECONDS: wholeNumber(10, { most: 60 }),
  DATABASE_PREPARED_STATEMENTS: oneOf(['on', 'off']).default('on'),
  EMBEDDED_POSTGRES_PORT: port(5440),
  EMBEDDED_POSTGRES_FOLDER: z.string().default('.local/postgres'),

  JWT_SIGNING_KEY: rsaKey(['PRIVATE'], `must be an RSA private key in PEM (PKCS #8), such as ${newKey} prints`),
  JWT_OTHER_KEY: rsaKey(['PRIVATE', 'PUBLIC'], `must be an RSA private or public key in PEM, such as ${newKey} prints`),
  JWT_ISSUER: z.string().min(1).default('perpetua-flow'),
  JWT_AUDIENCE: z.string().min(1).default('perpetua-flow'),
  ACCESS_TOKEN_SECONDS: wholeNumber(900, { most: 86_400 }),
  REFRESH_TOKEN_DAYS: wholeNumber(7, { most: 90 }),
  SESSION_DAYS: wholeNumber(30, { most: 365 }),
  COOKIE_SAMESITE: oneOf(['strict', 'lax', 'none']).default('strict'),

  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  GOOGLE_BASE_URL: webAddress('http://localhost:4101').optional(),
  GOOGLE_EMULATOR_PORT: port(4101),

  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: webAddress('https://api.openai.com/v1').optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4o-mini'),
  OPENAI_EMULATOR_PORT: port(4102),
  AI_MODEL_PRICES: prices.default(['gpt-4o-mini=0.15/0.6']),
  AI_FIRST_TOKEN_SECONDS: wholeNumber(20, { most: 3_600 }),
  AI_IDLE_SECONDS: wholeNumber(15, { most: 3_600 }),
  AI_TOTAL_SECONDS: wholeNumber(180, { most: 3_600 }),
  AI_MAX_OUTPUT_TOKENS: wholeNumber(2_000, { most: 1_000_000 }),

  DEEPGRAM_API_KEY: optional,
  DEEPGRAM_BASE_URL: webAddress('https://api.eu.deepgram.com').optional(),
  DEEPGRAM_EMULATOR_PORT: port(4104),
  // `fetch` waits no longer for an answer to begin.
  SPEECH_TIMEOUT_SECONDS: wholeNumber(120, { most: 300 }),

  CHECKOUT_SECRET_KEY: optional,
  CHECKOUT_BASE_URL: webAddress(exampleCheckoutUrl)
    .optional()
    .transform((text) => text ?? null),
  CHECKOUT_WEBHOOK_SECRET: optional,
  CHECKOUT_OTHER_WEBHOOK_SECRET: optional,
  CHECKOUT_PROCESSING_CHANNEL_ID: processingChannel,
  CHECKOUT_BILLING_COUNTRY: country.default('US'),
  CHECKOUT_EMULATOR_PORT: port(4105),

  FILES_FOLDER: optional,
  S3_BUCKET: optional,
  S3_ENDPOINT: webAddress('https://s3.example.com').optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,

  VAPID_PUBLIC_KEY: p256(65),
  VAPID_PRIVATE_KEY: p256(32),
  VAPID_SUBJECT: contact,
  PUSH_EMULATOR_PORT: port(4103),

  RATE_LIMIT_PER_MINUTE: wholeNumber(100),
  SUBSCRIPTION_RATE_LIMIT_PER_MINUTE: wholeNumber(500),
  STRANGER_RATE_LIMIT_PER_MINUTE: wholeNumber(600),
  AI_RATE_LIMIT_PER_MINUTE: wholeNumber(20),
  AUTH_RATE_LIMIT_PER_MINUTE: wholeNumber(10),
  MAX_SOCKETS_PER_USER: wholeNumber(100),
  MAX_SUBSCRIPTIONS_PER_SOCKET: wholeNumber(50),
  MAX_WAITING_SOCKETS_PER_ADDRESS: wholeNumber(200),
  MAX_WAITING_SOCKETS: wholeNumber(2_000),
  DRAIN_SECONDS: wholeNumber(20, { most: 3_600 }),
  SWEEP_SECONDS: wholeNumber(10, { most: 20 }),
  INTROSPECTION: flag.optional(),
  TRUSTED_DOCUMENTS: oneOf(['any', 'only']).default('any'),
  TRUSTED_DOCUMENTS_FILE: z.string().min(1).default(defaultTrustedDocumentsFile),
});

/** The environment, read. */
export type Variables = z.infer<typeof variables>;
export type VariableName = keyof Variables;

/** What is wrong with one variable. */
export interface Fault {
  readonly name: VariableName;
  readonly rule: string;
  /** Other variables that it follows from: while one of them is malformed nobody can tell. */
  readonly because?: readonly VariableName[];
}

/** What a process does, as far as its variables go; `start` is `npm start`, which does all of it. */
export type Role = 'api' | 'worker' | 'migrate' | 'admin' | 'start';

const everywhere = [
  'NODE_ENV',
  'LOG_LEVEL',
  'INSTANCE',
  'DATABASE_URL',
  'DIRECT_URL',
  'ALLOW_PLAINTEXT_DATABASE',
] as const;
const onTables = [
  ...everywhere,
  ...(['COMMIT', 'DATABASE_POOL_SIZE', 'DATABASE_STATEMENT_SECONDS', 'DATABASE_PREPARED_STATEMENTS'] as const),
] as const;
const running = [
  ...onTables,
  ...(['OPERATIONS_HOST', 'OPERATIONS_PORT', 'METRICS_TOKEN', 'DRAIN_SECONDS'] as const),
  ...(['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'] as const),
  ...(['CHECKOUT_SECRET_KEY', 'CHECKOUT_BASE_URL', 'CHECKOUT_WEBHOOK_SECRET'] as const),
  ...(['CHECKOUT_OTHER_WEBHOOK_SECRET', 'CHECKOUT_PROCESSING_CHANNEL_ID', 'CHECKOUT_BILLING_COUNTRY'] as const),
  ...(['FILES_FOLDER', 'S3_BUCKET', 'S3_ENDPOINT', 'S3_REGION'] as const),
  ...(['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const),
] as const;

/** The variables that each role reads. A role is asked for no others, and nothing is said of what they are. */
export const variablesOf = {
  api: [
    ...running,
    ...(['HOST', 'PORT', 'PUBLIC_URL', 'APP_URL', 'TRUSTED_PROXIES', 'CORS_ORIGINS', 'COOKIE_SAMESITE'] as const),
    ...(['JWT_SIGNING_KEY', 'JWT_OTHER_KEY', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const),
    ...(['ACCESS_TOKEN_SECONDS', 'REFRESH_TOKEN_DAYS', 'SESSION_DAYS'] as const),
    ...(['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET', 'GOOGLE_BASE_URL'] as const),
    ...(['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'AI_MODEL_PRICES'] as const),
    ...(['AI_FIRST_TOKEN_SECONDS', 'AI_IDLE_SECONDS', 'AI_TOTAL_SECONDS', 'AI_MAX_OUTPUT_TOKENS'] as const),
    ...(['RATE_LIMIT_PER_MINUTE', 'SUBSCRIPTION_RATE_LIMIT_PER_MINUTE', 'STRANGER_RATE_LIMIT_PER_MINUTE'] as const),
    ...(['AI_RATE_LIMIT_PER_MINUTE', 'AUTH_RATE_LIMIT_PER_MINUTE'] as const),
    ...(['MAX_SOCKETS_PER_USER', 'MAX_SUBSCRIPTIONS_PER_SOCKET'] as const),
    ...(['MAX_WAITING_SOCKETS_PER_ADDRESS', 'MAX_WAITING_SOCKETS'] as const),
    ...(['INTROSPECTION', 'TRUSTED_DOCUMENTS', 'TRUSTED_DOCUMENTS_FILE'] as const),
  ],
  worker: [
    ...running,
    ...(['AI_MODEL_PRICES', 'SWEEP_SECONDS'] as const),
    ...(['DEEPGRAM_API_KEY', 'DEEPGRAM_BASE_URL', 'SPEECH_TIMEOUT_SECONDS'] as const),
  ],
  migrate: [...everywhere, 'MIGRATE_URL', 'DATABASE_APP_ROLE'],
  admin: onTables,
  start: variables.keyof().options,
} as const satisfies Readonly<Record<Role, readonly VariableName[]>>;

/** What no process can do without that reads it; to `migrate` the three addresses of the database are one. */
export const mandatory = [
  { name: 'DATABASE_URL', example: databaseUrlExample },
  { name: 'JWT_SIGNING_KEY', example: `${newKey} prints` },
  { name: 'GOOGLE_CLIENT_ID', example: '1234-abcd.apps.googleusercontent.com' },
  { name: 'OPENAI_API_KEY', example: 'sk-…' },
  { name: 'DEEPGRAM_API_KEY', example: exampleDeepgramKey },
  { name: 'CHECKOUT_SECRET_KEY', example: exampleCheckoutKey },
  { name: 'CHECKOUT_BASE_URL', example: exampleCheckoutUrl },
  { name: 'CHECKOUT_WEBHOOK_SECRET', example: '`openssl rand -hex 32` prints' },
  { name: 'VAPID_PUBLIC_KEY', example: `${newPair} prints` },
  { name: 'VAPID_PRIVATE_KEY', example: `${newPair} prints` },
  { name: 'VAPID_SUBJECT', example: 'mailto:ops@example.com' },
] as const;
export type Mandatory = (typeof mandatory)[number]['name'];

/** The addresses of the database, each standing for those after it that are not set. */
export const databaseUrls = ['DATABASE_URL', 'DIRECT_URL', 'MIGRATE_URL'] as const;
export type DatabaseUrl = (typeof databaseUrls)[number];

/** Variables whose values are never shown; the public key is one, since the private one may stand there by mistake. */
export const secrets: ReadonlySet<string> = new Set<VariableName>([
  ...databaseUrls,
  'METRICS_TOKEN',
  'JWT_SIGNING_KEY',
  'JWT_OTHER_KEY',
  'GOOGLE_CLIENT_SECRET',
  'OPENAI_API_KEY',
  'DEEPGRAM_API_KEY',
  'CHECKOUT_SECRET_KEY',
  'CHECKOUT_WEBHOOK_SECRET',
  'CHECKOUT_OTHER_WEBHOOK_SECRET',
  'VAPID_PUBLIC_KEY',
  'VAPID_PRIVATE_KEY',
  'S3_SECRET_ACCESS_KEY',
]);

/** The client id and API keys that stand for the emulators; production refuses them. */
export const sampleGoogleClientId = 'perpetua-flow.emulated';
/** @see sampleGoogleClientId */
export const sampleOpenAiKey = 'emulated';
/** @see sampleGoogleClientId */
export const sampleDeepgramKey = 'emulated';
/** @see sampleGoogleClientId */
export const sampleCheckoutKey = 'emulated';
/** @see sampleGoogleClientId */
export const sampleCheckoutWebhookSecret = 'emulated-webhook-secret';
/** Whom push services would write to about us; production refuses it. */
export const sampleVapidSubject = 'mailto:push@example.com';
