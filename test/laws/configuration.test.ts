import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { newVapidKeys } from '../../infra/vapid-keys.js';
import { ConfigError, readConfig, readVariables, variables, variablesOf } from '../../src/config.js';
import { newSigningKey, signingKey } from '../support/config.js';

const example = readFileSync('.env.example', 'utf8');
const names = Object.keys(variables.shape);

test('.env.example names every variable, with its meaning and its default', () => {
  // A variable without a default stands there commented out or empty.
  const named = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
  const explained = (name: string) => new RegExp(`# [^\\n]+\\n#? ?${name}=`).test(example);
  const faults = [
    ...names
      .filter((name) => !explained(name))
      .map((name) => `${name}: add it to .env.example, its default after a line that says what it means.`),
    ...named
      .filter((name = '') => !names.includes(name))
      .map((name) => `${name} is no variable of src/config-variables.ts: remove it from .env.example.`),
  ];
  expect(faults).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test('.env.example, taken as it is, is what the code does without it', () => {
  expect(readVariables(parseEnv(example))).toEqual(readVariables({}));
});

test('the README names every variable', () => {
  const readme = readFileSync('README.md', 'utf8');
  const unnamed = names.filter((name) => !readme.includes(`\`${name}\``));
  expect(unnamed.map((name) => `${name}: add it to the table of README.md's section Configuration.`)).toEqual([]);
});

test('the environment is read where a process begins and nowhere else, and parsed by config.ts', async () => {
  const readers: string[] = [];
  for await (const file of glob(['src', 'resolvers', 'jobs', 'entities', 'infra'].map((room) => `${room}/**/*.ts`))) {
    if (readFileSync(file, 'utf8').includes('process.env')) readers.push(file);
  }
  const entrances = [
    ...['credit-server.ts', 'limit-server.ts', 'upload-server.ts'].map((file) => `infra/bench/${file}`),
    ...['infra/dev.ts', 'infra/local-files.ts', 'infra/seed/main.ts'],
  ];
  const others = readers.filter((file) => ![...entrances, 'src/main.ts'].includes(file));
  const advice = 'reads process.env: add a variable to src/config-variables.ts, and take it from the configuration.';
  expect(others.map((file) => `${file} ${advice}`)).toEqual([]);
  expect(readers).toHaveLength(entrances.length + 1);
});

const curveKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const sound = {
  DATABASE_URL: 'postgres://db/perpetua?sslmode=verify-full',
  JWT_SIGNING_KEY: signingKey(),
  GOOGLE_CLIENT_ID: 'real.apps.googleusercontent.com',
  OPENAI_API_KEY: 'sk-real',
  DEEPGRAM_API_KEY: 'real',
  CHECKOUT_SECRET_KEY: 'sk_real',
  CHECKOUT_BASE_URL: 'https://vkuhvk4v.api.checkout.com',
  CHECKOUT_WEBHOOK_SECRET: 'real-secret-of-events',
  APP_URL: 'https://app.perpetua.example',
  FILES_FOLDER: '/srv/files',
  ...newVapidKeys(),
  VAPID_SUBJECT: 'mailto:push@perpetua.example',
  METRICS_TOKEN: 'a-token-of-16-or-more',
  NODE_ENV: 'production',
};

const faultsOf = (own: Record<string, string | undefined>): string[] => {
  try {
    readConfig({ ...sound, ...own }, ['start']);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
};

test('a sound production configuration starts', () => expect(faultsOf({})).toEqual([]));

test('every fault is reported at once', () => {
  const faults = faultsOf({ PORT: 'eighty', LOG_LEVEL: 'loud', RATE_LIMIT_PER_MINUTE: '-1' });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['LOG_LEVEL', 'PORT', 'RATE_LIMIT_PER_MINUTE']);
  expect(faultsOf({ DATABASE_URL: '', JWT_SIGNING_KEY: '', GOOGLE_CLIENT_ID: '' })).toHaveLength(3);
});

test('what is malformed, what is missing and what production refuses is said in one go', () => {
  const faults = faultsOf({
    DIRECT_URL: 'postgres://db/perpetua',
    PORT: 'eighty',
    DATABASE_URL: '',
    JWT_SIGNING_KEY: newSigningKey(),
    OPENAI_API_KEY: 'emulated',
    VAPID_PUBLIC_KEY: newVapidKeys().VAPID_PUBLIC_KEY,
    SESSION_DAYS: '1.5',
  });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    ...['PORT', 'DATABASE_URL', 'DIRECT_URL', 'JWT_SIGNING_KEY'],
    ...['SESSION_DAYS', 'OPENAI_API_KEY', 'VAPID_PUBLIC_KEY'],
  ]);
});

test('nothing is said of what nobody can tell while another variable is malformed', () => {
  const plain = { DATABASE_URL: 'postgres://db/perpetua', ALLOW_PLAINTEXT_DATABASE: 'yes' };
  expect(faultsOf(plain)).toEqual([expect.stringMatching(/^ALLOW_PLAINTEXT_DATABASE: /)]);
  const cookies = { COOKIE_SAMESITE: 'none', CORS_ORIGINS: 'app.example.com' };
  expect(faultsOf(cookies)).toEqual([expect.stringMatching(/^CORS_ORIGINS: /)]);
});

test('a fault says what is expected, an example, and what was given', () => {
  const faults = faultsOf({
    PORT: 'eighty',
    NODE_ENV: 'prod',
    CORS_ORIGINS: 'https://a.example, b',
    VAPID_SUBJECT: '',
  });
  expect(faults).toEqual([
    'NODE_ENV: must be development, test or production; it is "prod"',
    'PORT: must be a whole number from 0 to 65535, such as 4000; it is "eighty"',
    'CORS_ORIGINS: must be origins as browsers write them, such as https://app.example.com, separated by commas, unlike "b"; it is "https://a.example, b"',
    'VAPID_SUBJECT: must be set, such as mailto:ops@example.com; it is not set',
  ]);
});

test('a port that the API and its probes would both have is said with the other faults', () => {
  const fault = expect.stringMatching(/^OPERATIONS_PORT: must be off or another port than PORT, .*; it is "5401"$/);
  expect(faultsOf({ PORT: '5401', OPERATIONS_PORT: '5401', SESSION_DAYS: '1.5' })).toEqual([
    fault,
    expect.stringMatching(/^SESSION_DAYS: /),
  ]);
  expect(() => readVariables({ PORT: '5401', OPERATIONS_PORT: '5401' })).toThrow('OPERATIONS_PORT: ');
  expect(faultsOf({ PORT: '5401', OPERATIONS_PORT: '5401', OPERATIONS_HOST: '0.0.0.0' })).toEqual([fault]);
});

test('the API and its probes may have one port on two addresses, any port that is free, and a worker that of an API', () => {
  expect(faultsOf({ PORT: '5401', OPERATIONS_PORT: '5401', OPERATIONS_HOST: '127.0.0.2' })).toEqual([]);
  expect(faultsOf({ PORT: '0', OPERATIONS_PORT: '0' })).toEqual([]);
  expect(readConfig({ ...sound, OPERATIONS_PORT: '4000' }, ['worker']).OPERATIONS_PORT).toBe(4_000);
});

const hidden = 'hidden://me:hidden@nowhere\n-1';
const plainWords = /^[A-Z0-9_]+: must (.+, such as .+|be .+ or .+|not be set .+)[^;]*; (it is|what it is) [^;]+$/;

test.each([
  ['malformed', Object.fromEntries(names.map((name) => [name, hidden]))],
  ['missing', { NODE_ENV: 'production' }],
  ['unfit', { JWT_SIGNING_KEY: newSigningKey(), JWT_OTHER_KEY: newSigningKey(), METRICS_TOKEN: 'hidden' }],
  ['a sample', { ...sound, GOOGLE_CLIENT_ID: 'perpetua-flow.emulated', GOOGLE_BASE_URL: 'http://me:hidden@google' }],
])('what is %s is said in plain words, and no secret is shown', (_, own) => {
  const unset = Object.fromEntries(Object.keys(sound).map((name) => [name, '']));
  const faults = faultsOf({ ...unset, NODE_ENV: 'production', ...own });
  expect(faults.length).toBeGreaterThan(1);
  for (const fault of faults) {
    expect(fault).toMatch(plainWords);
    expect(fault).not.toMatch(/hidden|BEGIN|expected|received|invalid|NaN/i);
  }
});

test.each([
  ['a sample key', { OPENAI_API_KEY: 'emulated' }],
  ['a sample key for speech', { DEEPGRAM_API_KEY: 'emulated' }],
  ['no key for speech', { DEEPGRAM_API_KEY: '' }],
  ['a sample key for payments', { CHECKOUT_SECRET_KEY: 'emulated' }],
  ['a key for payments that is none', { CHECKOUT_SECRET_KEY: 'abc' }],
  ['no key for payments', { CHECKOUT_SECRET_KEY: '' }],
  ['events that anybody can sign', { CHECKOUT_WEBHOOK_SECRET: 'emulated-webhook-secret' }],
  ['events that anybody can sign beside others', { CHECKOUT_OTHER_WEBHOOK_SECRET: 'emulated-webhook-secret' }],
  ['events that nobody signs', { CHECKOUT_WEBHOOK_SECRET: '' }],
  ['events whose signature can be guessed', { CHECKOUT_WEBHOOK_SECRET: 'short' }],
  ['an emulator of Checkout.com', { CHECKOUT_BASE_URL: 'https://localhost:4105' }],
  ['payments in plain HTTP', { CHECKOUT_BASE_URL: 'http://vkuhvk4v.api.checkout.com' }],
  ['the address that all accounts share', { CHECKOUT_BASE_URL: 'https://api.checkout.com' }],
  ['the same of the sandbox', { CHECKOUT_BASE_URL: 'https://api.sandbox.checkout.com' }],
  ['no address of the account', { CHECKOUT_BASE_URL: '' }],
  ['a channel that is none', { CHECKOUT_PROCESSING_CHANNEL_ID: 'channel' }],
  ['a country that is none', { CHECKOUT_BILLING_COUNTRY: 'us' }],
  ['a country that nobody knows', { CHECKOUT_BILLING_COUNTRY: 'ZZ' }],
  ['no place for payers to return to', { APP_URL: '' }],
  ['one on this machine', { APP_URL: 'https://localhost:5173' }],
  ['one in plain HTTP', { APP_URL: 'http://app.example.com' }],
  ['one with a query', { APP_URL: 'https://app.example.com/?a=b' }],
  ['one with a fragment', { APP_URL: 'https://app.example.com/#/pay' }],
  ['one that no browser opens', { APP_URL: 'app.example.com' }],
  ['one that is too long', { APP_URL: `https://app.example.com/${'x'.repeat(150)}` }],
  ['the sample client', { GOOGLE_CLIENT_ID: 'perpetua-flow.emulated' }],
  ['an emulator of Google', { GOOGLE_BASE_URL: 'https://google.example.com' }],
  ['an emulator of OpenAI', { OPENAI_BASE_URL: 'http://127.0.0.1:4102/v1' }],
  ['an emulator of Deepgram', { DEEPGRAM_BASE_URL: 'https://localhost:4104' }],
  ['open metrics', { METRICS_TOKEN: '' }],
  ['metrics behind a short token', { METRICS_TOKEN: 'fifteen-charac.' }],
  ['any origin', { CORS_ORIGINS: 'https://app.example.com,*' }],
  ['an origin with a path, which no browser sends', { CORS_ORIGINS: 'https://app.example.com/path' }],
  ['an origin with the port that browsers leave out', { CORS_ORIGINS: 'https://app.example.com:443' }],
  ['cookies for other sites when none is named', { COOKIE_SAMESITE: 'none' }],
  [
    'cookies for other sites without https',
    { COOKIE_SAMESITE: 'none', CORS_ORIGINS: 'https://app.example.com', PUBLIC_URL: 'http://api.example.com' },
  ],
  ['an address that no browser opens', { PUBLIC_URL: 'ftp://api.example.com' }],
  ['a proxy that is no address', { TRUSTED_PROXIES: '10.0.0.1,proxy' }],
  ['a network that is none', { TRUSTED_PROXIES: '10.0.0.0/99' }],
  ['another database', { DATABASE_URL: 'mysql://db/perpetua' }],
  ['a database without an address', { DATABASE_URL: 'not a url' }],
  ['a certificate that is not there', { DATABASE_URL: 'postgres://db/perpetua?sslrootcert=not-there.pem' }],
  ...(['DATABASE_URL', 'DIRECT_URL', 'MIGRATE_URL'] as const).flatMap((name) => [
    [`${name} that takes TLS back`, { [name]: 'postgres://db/perpetua?sslmode=verify-full&sslmode=disable' }] as const,
    [`${name} that takes its host back`, { [name]: 'postgres://db/perpetua?host=localhost&host=db' }] as const,
  ]),
  ['a language model in plain HTTP', { OPENAI_BASE_URL: 'http://llm.example.com/v1' }],
  ['a speech recognition in plain HTTP', { DEEPGRAM_BASE_URL: 'http://speech.example.com' }],
  ['a short signing key', { JWT_SIGNING_KEY: newSigningKey() }],
  ['a short second key', { JWT_OTHER_KEY: newSigningKey() }],
  ['a signing key that is no RSA key', { JWT_SIGNING_KEY: curveKey }],
  ['a database without TLS', { DATABASE_URL: 'postgres://db/perpetua' }],
  ['a database with TLS if it likes', { DATABASE_URL: 'postgres://db/perpetua?sslmode=prefer' }],
  ['a database that may be anybody', { DATABASE_URL: 'postgres://db/perpetua?sslmode=no-verify' }],
  ['the same, as libpq says it', { DATABASE_URL: 'postgres://db/perpetua?uselibpqcompat=true&sslmode=require' }],
  ['a host in a parameter', { DATABASE_URL: 'postgres://localhost/perpetua?host=db' }],
  ['LISTEN without TLS', { DIRECT_URL: 'postgres://127.0.0.1.example.com/perpetua?sslmode=disable' }],
  ['migrations without TLS', { MIGRATE_URL: 'postgres://db/perpetua' }],
  ['no key for pushes', { VAPID_PRIVATE_KEY: '' }],
  ['no public key for pushes', { VAPID_PUBLIC_KEY: '' }],
  ["another pair's public key for pushes", { VAPID_PUBLIC_KEY: newVapidKeys().VAPID_PUBLIC_KEY }],
  ['the sample contact', { VAPID_SUBJECT: 'mailto:push@example.com' }],
  ['nobody as contact', { VAPID_SUBJECT: '' }],
  ['a contact that is none', { VAPID_SUBJECT: 'push' }],
  ['a key for pushes that is none', { VAPID_PUBLIC_KEY: 'key' }],
  ['a key that is none', { JWT_SIGNING_KEY: 'secret' }],
])('production refuses %s', (_, own) => expect(faultsOf(own)).toHaveLength(1));

test.each([
  ['a database on this machine', { DATABASE_URL: 'postgres://127.0.0.1/perpetua' }],
  ['one by its name', { DATABASE_URL: 'postgres://localhost:5432/perpetua' }],
  ['one by IPv6', { DATABASE_URL: 'postgres://[::1]/perpetua' }],
  ['one behind a socket', { DATABASE_URL: 'postgres:///perpetua?host=/var/run/postgresql' }],
  ['one with TLS', { DATABASE_URL: 'postgres://db/perpetua?sslmode=require' }],
  ['one that is said to be private', { DATABASE_URL: 'postgres://db/perpetua', ALLOW_PLAINTEXT_DATABASE: 'true' }],
  ['one whose last word is TLS', { DATABASE_URL: 'postgres://db/perpetua?sslmode=disable&sslmode=verify-full' }],
  ['proxies', { TRUSTED_PROXIES: '10.0.0.1, 10.0.0.0/8, 2001:db8::/32, loopback' }],
  ['origins', { CORS_ORIGINS: 'https://app.example.com,http://[2001:db8::1]:8080,capacitor://localhost' }],
  ['cookies for a page of another site', { COOKIE_SAMESITE: 'none', CORS_ORIGINS: 'https://app.example.com' }],
  ['a language model elsewhere', { OPENAI_BASE_URL: 'https://llm.example.com/v1' }],
  ['another account', { CHECKOUT_BASE_URL: 'https://pl-abc12345.api.sandbox.checkout.com' }],
  ['a second secret of events', { CHECKOUT_OTHER_WEBHOOK_SECRET: 'the-next-secret-of-events' }],
  ['payers that return to a path', { APP_URL: 'https://example.com/app/' }],
  ['a speech recognition elsewhere', { DEEPGRAM_BASE_URL: 'https://api.eu.deepgram.com' }],
])('production takes %s', (_, own) => expect(faultsOf(own)).toEqual([]));

test.each([
  ['DATABASE_URL', 'mysql://127.0.0.1/perpetua'],
  ['DATABASE_URL', 'not a url'],
  ['DIRECT_URL', 'postgres://127.0.0.1/perpetua?sslrootcert=not-there.pem'],
  ['TRUSTED_PROXIES', 'foo'],
  ['CORS_ORIGINS', '*'],
])('development refuses a %s that can never work: %s', (name, value) =>
  expect(faultsOf({ NODE_ENV: 'development', [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]),
);

test('.env.example says of every variable which roles read it', () => {
  const everyRole = ['api', 'worker', 'migrate', 'admin'] as const;
  const faults = names.flatMap((name) => {
    const roles = everyRole.filter((role) => variablesOf[role].some((each) => each === name));
    const expected = roles.length === everyRole.length ? 'every role' : roles.join(' ') || 'npm start';
    const [, given] = new RegExp(`\\[([a-z ]+)\\]\\n#? ?${name}=`).exec(example) ?? [];
    return given === expected ? [] : [`${name}: end its explanation in .env.example with [${expected}].`];
  });
  expect(faults).toEqual([]);
});
