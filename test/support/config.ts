import { generateKeyPairSync } from 'node:crypto';
import { newVapidKeys } from '../../infra/vapid-keys.js';
import {
  type Config,
  readConfig,
  sampleCheckoutKey,
  sampleCheckoutWebhookSecret,
  sampleDeepgramKey,
  sampleGoogleClientId,
  sampleOpenAiKey,
  sampleVapidSubject,
} from '../../src/config.js';

/** The migrated database that each test's is a copy of. */
export const templateDatabase = 'test_template';

/** The role that apps under test have: the lesser one, so that each test proves what `migrate` grants. */
const appRole = { name: 'test_app', password: 'test' };
export const appRoleName = appRole.name;

/** An address of the owner's as the apps' role uses it. */
export function asAppRole(url: string): string {
  const own = new URL(url);
  own.username = appRole.name;
  own.password = appRole.password;
  return own.href;
}

/** Makes the role on this server, unless an earlier run has. Its password is not worth the time to guard it. */
export const makeAppRole = `set scram_iterations = 1; do $$ begin
  if not exists (select from pg_roles where rolname = '${appRole.name}') then
    create role ${appRole.name} login password '${appRole.password}';
  end if;
end $$`;

/** The private key of this run, as long as production wants it: making one takes up to seconds. */
export function signingKey(): string {
  return process.env['TEST_SIGNING_KEY'] ?? newSigningKey(3_072);
}

/** Another private key. */
export function newSigningKey(bits = 2_048): string {
  return generateKeyPairSync('rsa', { modulusLength: bits })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** A configuration for tests: nothing of the machine's environment, any free port, limits that tests do not meet. */
export function testConfig(own: Readonly<Record<string, string>>): Config {
  return readConfig(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      PORT: '0',
      JWT_SIGNING_KEY: signingKey(),
      GOOGLE_CLIENT_ID: sampleGoogleClientId,
      OPENAI_API_KEY: sampleOpenAiKey,
      DEEPGRAM_API_KEY: sampleDeepgramKey,
      CHECKOUT_SECRET_KEY: sampleCheckoutKey,
      CHECKOUT_BASE_URL: 'http://localhost:4105',
      CHECKOUT_WEBHOOK_SECRET: sampleCheckoutWebhookSecret,
      ...newVapidKeys(),
      VAPID_SUBJECT: sampleVapidSubject,
      RATE_LIMIT_PER_MINUTE: '100000',
      SUBSCRIPTION_RATE_LIMIT_PER_MINUTE: '100000',
      STRANGER_RATE_LIMIT_PER_MINUTE: '100000',
      AI_RATE_LIMIT_PER_MINUTE: '100000',
      AUTH_RATE_LIMIT_PER_MINUTE: '100000',
      SWEEP_SECONDS: '1',
      DRAIN_SECONDS: '2',
      ...own,
    },
    ['start'],
  );
}

/** The same in production mode, which takes no stand-in for a provider that it can name. */
export function asProduction({ GOOGLE_BASE_URL, OPENAI_BASE_URL, DEEPGRAM_BASE_URL, ...config }: Config): Config {
  return {
    ...config,
    NODE_ENV: 'production',
    GOOGLE_CLIENT_ID: 'test',
    OPENAI_API_KEY: 'test',
    DEEPGRAM_API_KEY: 'test',
    CHECKOUT_SECRET_KEY: 'sk_test',
    CHECKOUT_BASE_URL: 'https://test.api.checkout.com',
    CHECKOUT_WEBHOOK_SECRET: 'a-secret-of-tests',
    APP_URL: 'https://app.example.com',
    VAPID_SUBJECT: 'mailto:ops@example.net',
    METRICS_TOKEN: 'a-token-for-metrics-that-is-long-enough',
  };
}
