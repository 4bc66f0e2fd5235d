import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type App, startApp } from '../src/app.js';
import {
  type Config,
  ConfigError,
  databaseUrls,
  readConfig,
  readVariables,
  sampleCheckoutKey,
  sampleCheckoutWebhookSecret,
  sampleDeepgramKey,
  sampleGoogleClientId,
  sampleOpenAiKey,
  sampleVapidSubject,
} from '../src/config.js';
import { RoleError } from '../src/grants.js';
import { migrate } from '../src/migrate.js';
import { readVersion } from '../src/platform/build.js';
import { migrationNames } from '../src/platform/database/sql-migrations.js';
import { errorCodeOf } from '../src/platform/error-code.js';
import { runUntilSignal } from '../src/platform/lifetime.js';
import { createLog, endProcess, instanceName, type Logger, toFile } from '../src/platform/log.js';
import { requireReachable } from '../src/reachable.js';
import { migrationsFolder } from '../src/services.js';
import { type CheckoutEmulator, startCheckoutEmulator } from './emulators/checkout.js';
import { startDeepgramEmulator } from './emulators/deepgram.js';
import { startGoogleEmulator } from './emulators/google.js';
import { startOpenAiEmulator } from './emulators/openai.js';
import { startPushEmulator } from './emulators/push.js';
import type { Emulator } from './emulators/server.js';
import { claimLocalFiles, environment, localFiles } from './local-files.js';
import { FolderInUseError } from './postgres/claim.js';
import { PortTakenError } from './postgres/cluster.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';
import { seed } from './seed/seed.js';
import { newVapidKeys } from './vapid-keys.js';
import { announce, type Started } from './welcome.js';

/** Which a database has only when it is new. */
const firstMigration = migrationNames(migrationsFolder)[0];

/** Resolves with the exit code when the database has ended by itself, without which nothing here goes on. */
const databaseEnded = Promise.withResolvers<number>();

/** Whatever is running, to be stopped in the opposite order. */
const running: { stop(): Promise<void> }[] = [];

/** `npm start`: everything on one machine, with emulators for the providers that have no key. */
async function start(): Promise<void> {
  const given = environment();
  const variables = readVariables(given);
  const env = { ...given };
  const release = claimLocalFiles();
  running.push({ stop: async () => release() });
  if (!variables.DATABASE_URL) env['DATABASE_URL'] = await database(variables);
  if (!variables.JWT_SIGNING_KEY) env['JWT_SIGNING_KEY'] = kept(localFiles.key, signingKey);
  const google = variables.GOOGLE_CLIENT_ID ? null : await googleEmulator(variables.GOOGLE_EMULATOR_PORT);
  if (google) Object.assign(env, { GOOGLE_CLIENT_ID: sampleGoogleClientId, GOOGLE_BASE_URL: google.url });
  const openai = variables.OPENAI_API_KEY ? null : await openAiEmulator(variables.OPENAI_EMULATOR_PORT);
  if (openai) Object.assign(env, { OPENAI_API_KEY: sampleOpenAiKey, OPENAI_BASE_URL: `${openai.url}/v1` });
  const deepgram = variables.DEEPGRAM_API_KEY ? null : await deepgramEmulator(variables.DEEPGRAM_EMULATOR_PORT);
  if (deepgram) Object.assign(env, { DEEPGRAM_API_KEY: sampleDeepgramKey, DEEPGRAM_BASE_URL: deepgram.url });
  const checkout = variables.CHECKOUT_SECRET_KEY ? null : await checkoutEmulator(variables.CHECKOUT_EMULATOR_PORT);
  if (checkout) Object.assign(env, checkoutVariables(checkout));
  // Browsers come with their push service's address: the stand-in is one more, beside the real ones.
  const push = await pushEmulator(variables.PUSH_EMULATOR_PORT);
  if (!variables.VAPID_PUBLIC_KEY && !variables.VAPID_PRIVATE_KEY)
    Object.assign(env, parseEnv(kept(localFiles.vapid, vapidKeys)));
  if (!variables.VAPID_SUBJECT) env['VAPID_SUBJECT'] = sampleVapidSubject;
  const config = readConfig(env, ['start']);
  await requireReachable(config, databaseUrls, env);
  const applied = await migrate(config);
  writeFileSync(localFiles.env, envText(env), { mode: 0o600 });
  const appLog = log(config.LOG_LEVEL, config.INSTANCE);
  // Before anything looks at the database: a month takes a second.
  const isNew = !variables.DATABASE_URL && applied.some((name) => name === firstMigration);
  if (isNew && google) await fill(config, appLog, google.url);
  let sampleToken: string | null = null;
  const beside = { sampleToken: () => sampleToken, places: placesBeside({ google, openai, deepgram, checkout, push }) };
  const app = await startApp(config, { api: config, worker: config }, appLog, { beside }).catch((error: unknown) => {
    throw explain(error, 'PORT', config.PORT);
  });
  running.push({ stop: () => app.close() });
  checkout?.control({ webhookUrl: `${urlOf(app)}/api/v1/webhooks/checkout` });
  const endAnnouncing = await announce({
    config,
    url: urlOf(app),
    google,
    openai,
    deepgram,
    checkout,
    push,
    readyFile: localFiles.ready,
    logFile: localFiles.log,
    onToken: (accessToken) => {
      sampleToken = accessToken;
    },
  });
  running.push({ stop: async () => endAnnouncing() });
}

/** What the API itself does not know of. */
function placesBeside({
  google,
  openai,
  deepgram,
  checkout,
  push,
}: Pick<Started, 'google' | 'openai' | 'deepgram' | 'checkout' | 'push'>) {
  return [
    ...(google ? [{ name: "Google's emulator", where: google.url }] : []),
    ...(openai ? [{ name: "OpenAI's emulator", where: openai.url }] : []),
    ...(deepgram ? [{ name: "Deepgram's emulator", where: deepgram.url }] : []),
    ...(checkout ? [{ name: "Checkout.com's emulator", where: checkout.url }] : []),
    { name: "The push service's emulator", where: push.url },
    { name: 'What the emulators take', where: 'infra/emulators/README.md' },
    { name: 'Log', where: localFiles.log },
    { name: 'All of this, and a fresh token, for scripts', where: localFiles.ready },
  ];
}

/** The sample account; without it the product runs as well. */
async function fill(config: Config, log: Logger, googleUrl: string): Promise<void> {
  try {
    await seed(config, log, new Date(), googleUrl);
  } catch (error) {
    log.error({ error }, 'the sample account was not filled');
    console.log(`The sample account could not be filled; ${localFiles.log} says why.`);
  }
}

async function database({
  EMBEDDED_POSTGRES_FOLDER: dataFolder,
  EMBEDDED_POSTGRES_PORT: port,
}: ReturnType<typeof readVariables>) {
  const options = { dataFolder, port, durable: true, log: (line: string) => console.log(line) };
  const embedded = await startEmbeddedPostgres(options).catch((error: unknown) => {
    throw explain(error, 'EMBEDDED_POSTGRES_PORT', port);
  });
  running.push({ stop: () => embedded.stop() });
  void embedded.endedByItself.then((how) => {
    console.error(`\nPostgreSQL, which this had started, has ended by itself (${how}).`);
    databaseEnded.resolve(1);
  });
  return embedded.url;
}

function googleEmulator(port: number): Promise<Emulator> {
  return emulator(startGoogleEmulator({ port, clientId: sampleGoogleClientId }), 'GOOGLE_EMULATOR_PORT', port);
}

function openAiEmulator(port: number): Promise<Emulator> {
  return emulator(startOpenAiEmulator({ port }), 'OPENAI_EMULATOR_PORT', port);
}

function deepgramEmulator(port: number): Promise<Emulator> {
  return emulator(startDeepgramEmulator({ port }), 'DEEPGRAM_EMULATOR_PORT', port);
}

function checkoutEmulator(port: number): Promise<CheckoutEmulator> {
  const own = { secretKey: sampleCheckoutKey, webhookSecret: sampleCheckoutWebhookSecret };
  const options = { port, ...own, tickEveryMs: 1_000, file: localFiles.payments };
  return emulator(startCheckoutEmulator(options), 'CHECKOUT_EMULATOR_PORT', port);
}

function checkoutVariables({ url }: CheckoutEmulator): Record<string, string> {
  return {
    CHECKOUT_SECRET_KEY: sampleCheckoutKey,
    CHECKOUT_BASE_URL: url,
    CHECKOUT_WEBHOOK_SECRET: sampleCheckoutWebhookSecret,
  };
}

function pushEmulator(port: number): Promise<Emulator> {
  return emulator(startPushEmulator({ port }), 'PUSH_EMULATOR_PORT', port);
}

async function emulator<Started extends Emulator>(
  starting: Promise<Started>,
  variable: string,
  port: number,
): Promise<Started> {
  const started = await starting.catch((error: unknown) => {
    throw explain(error, variable, port);
  });
  running.push({ stop: () => started.close() });
  return started;
}

/** A taken port is said together with the variable that changes it. */
function explain(error: unknown, variable: string, port: number): unknown {
  const reason = error instanceof ConfigError ? error.cause : error;
  const isTaken = reason instanceof PortTakenError || errorCodeOf(reason) === 'EADDRINUSE';
  return isTaken
    ? new ConfigError(`Port ${port} is taken. Set ${variable} to another one: ${variable}=${port + 10} npm start`)
    : error;
}

function urlOf({ url }: App): string {
  if (!url) throw new Error('The API does not listen.');
  return url;
}

/** Made once and kept, so that tokens and browsers' subscriptions survive a restart. */
function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function signingKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function vapidKeys(): string {
  const lines = Object.entries(newVapidKeys()).map(([name, value]) => `${name}=${value}\n`);
  return lines.join('');
}

function envText(env: Readonly<Record<string, string | undefined>>): string {
  const added = Object.entries(env).filter(([name, value]) => value !== undefined && value !== process.env[name]);
  return added.map(([name, value]) => `${name}="${value}"\n`).join('');
}

/** The log goes to a file, so that the terminal shows what to paste. */
function log(level: string, instance: string | null) {
  const fields = { role: 'api worker', instance: instanceName(instance), version: readVersion() };
  return createLog(level, toFile(localFiles.log), fields);
}

async function stop(): Promise<void> {
  for (const { stop } of running.reverse()) await stop();
}

const tell = ({ error }: { error: unknown }, message: string) => console.error(message, error);
const signalled = runUntilSignal(async () => undefined, { error: tell, fatal: tell });
const ended = Promise.race([signalled, databaseEnded.promise]);
try {
  await Promise.race([start(), ended]);
  const exitCode = await ended;
  console.log('\nStopping …');
  await stop();
  await endProcess(exitCode);
} catch (error) {
  const isPlain = error instanceof ConfigError || error instanceof RoleError || error instanceof FolderInUseError;
  console.error(isPlain ? error.message : error);
  await stop();
  await endProcess(1);
}
