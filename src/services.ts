import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { entities } from '../entities/index.js';
import { accountStore } from './accounts/index.js';
import { writeEvents } from './activity/index.js';
import { endedSessionsTopic, sessionStore } from './auth/index.js';
import { type Config, ConfigError, type DatabaseUrl } from './config.js';
import { pricesOf } from './config-values.js';
import type { Providers, Services, Subscriber } from './kernel/context.js';
import { counted } from './kernel/text.js';
import { AccessTokens } from './platform/access-tokens.js';
import { type Clock, systemClock } from './platform/clock.js';
import { FollowerReads } from './platform/database/follower-reads.js';
import { openLine } from './platform/database/line.js';
import { appliedMigrations, missingMigrations } from './platform/database/migrated.js';
import { type Orm, openOrm } from './platform/database/orm.js';
import { losesStatements, sharesSessions } from './platform/database/pooler.js';
import { insufficientPrivilege, type RunStatement, rowReader, sqlStateOf } from './platform/database/rows.js';
import { transactionsOn } from './platform/database/transactions.js';
import type { DatabaseClock } from './platform/database-clock.js';
import { Doorbell } from './platform/doorbell/doorbell.js';
import { NotifyBridge } from './platform/doorbell/notify-bridge.js';
import { LiveProcesses } from './platform/live-processes.js';
import { LiveSessions } from './platform/live-sessions.js';
import { LiveTexts } from './platform/live-texts.js';
import type { Logger } from './platform/log.js';
import { createMetrics } from './platform/metrics.js';
import { clockTopic, type MovableClock } from './platform/movable-clock.js';
import { Queue } from './platform/queue/queue.js';
import { CountExchange } from './platform/rate-limit/count-exchange.js';
import { countStore } from './platform/rate-limit/count-store.js';
import { RateLimit } from './platform/rate-limit/rate-limit.js';
import { Turns } from './platform/turns.js';
import { logFailure } from './platform/unavailable.js';
import { googleIdentityProvider } from './providers/google.js';
import { openAiModel } from './providers/openai.js';
import { webPushProvider } from './providers/web-push.js';

/** UTF-16 code units of the longest answer. */
const maxAnswerLength = 32_000;

// From `dist/src`, where this runs: SQL files are not compiled.
export const migrationsFolder = fileURLToPath(new URL('../../infra/migrations', import.meta.url));

/** Our mapper on the configured database. */
export function openDatabase(config: Config): Orm {
  return openOrm(entities, {
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    preparesStatements: config.DATABASE_PREPARED_STATEMENTS === 'on',
    statementTimeoutMs: config.DATABASE_STATEMENT_SECONDS * 1_000,
    migrationsFolder: null,
  });
}

/** The same for what changes tables: a large one takes its time. Waiting for a lock has an end, as all wait behind. */
export function openDatabaseToMigrate(config: Config): Orm {
  return openOrm(entities, {
    url: config.MIGRATE_URL,
    poolSize: 1,
    preparesStatements: false,
    statementTimeoutMs: null,
    migrationsFolder,
  });
}

/** LISTEN, the queue and migrations need sessions of their own. @throws ConfigError when a pooler shares them */
export async function requireDirect({ DIRECT_URL }: Config): Promise<void> {
  if (!(await sharesSessions(DIRECT_URL))) return;
  throw new ConfigError('DIRECT_URL: must lead to PostgreSQL itself, or to a pooler in session mode');
}

/** One write in two would fail. @throws ConfigError when statements are prepared through a pooler that tracks none */
async function requirePreparable({ DATABASE_URL, DATABASE_PREPARED_STATEMENTS }: Config): Promise<void> {
  if (DATABASE_PREPARED_STATEMENTS === 'off' || !(await losesStatements(DATABASE_URL))) return;
  throw new ConfigError(
    'DATABASE_PREPARED_STATEMENTS: must be off, since DATABASE_URL leads through a pooler that does not track them',
  );
}

/** Those of before 2026-11-28 were replaced by one for each schema, when nobody's data existed. @throws ConfigError */
export async function refuseReplacedMigrations(runStatement: RunStatement): Promise<void> {
  const applied = await appliedMigrations(runStatement);
  if (!applied.some((name) => name.startsWith('Migration2026'))) return;
  throw new ConfigError(
    'The database was made by a version whose migrations were replaced since. Start with an empty one: `npm run reset` makes that of `npm start` anew, `create database` and `npm run migrate` any other.',
  );
}

/** What was written for other tables answers wrongly on these. @throws ConfigError when migrations are missing */
async function requireMigrated(runStatement: RunStatement): Promise<void> {
  await refuseReplacedMigrations(runStatement);
  const missing = await missingMigrations(runStatement, migrationsFolder);
  if (missing.length === 0) return;
  throw new ConfigError(
    `The database lacks ${counted(missing.length, 'migration')}, the first is ${missing[0]}. Run \`npm run migrate\` before this.`,
  );
}

/** Says in words that the role of an address was granted nothing. @throws ConfigError, or the error itself */
function refuseForeignRole(name: DatabaseUrl, error: unknown): never {
  if (sqlStateOf(error) !== insufficientPrivilege) throw error;
  throw new ConfigError(
    `${name}: its role may not use the tables. Run \`npm run migrate\` with DATABASE_APP_ROLE, which grants that.`,
    { cause: error },
  );
}

/** The outside world, at the configured addresses. */
export function openProviders(config: Config): Providers {
  return {
    google: googleIdentityProvider({
      clientId: config.GOOGLE_CLIENT_ID,
      clientSecret: config.GOOGLE_CLIENT_SECRET,
      baseUrl: config.GOOGLE_BASE_URL ?? null,
      timeoutMs: 5_000,
      // Google's tokens are dated by the world's clock, whatever ours is moved to.
      now: () => systemClock.now().getTime(),
    }),
    languageModel: openAiModel({
      apiKey: config.OPENAI_API_KEY,
      baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
      standardModel: config.OPENAI_MODEL,
      prices: pricesOf(config.AI_MODEL_PRICES),
      firstTokenTimeoutMs: config.AI_FIRST_TOKEN_SECONDS * 1_000,
      idleTimeoutMs: config.AI_IDLE_SECONDS * 1_000,
      totalTimeoutMs: config.AI_TOTAL_SECONDS * 1_000,
      maxAnswerLength,
    }),
    webPush: webPushProvider({
      publicKey: config.VAPID_PUBLIC_KEY,
      privateKey: config.VAPID_PRIVATE_KEY,
      subject: config.VAPID_SUBJECT,
      timeoutMs: 10_000,
      allowLoopback: config.NODE_ENV !== 'production',
    }),
  };
}

/** What the machinery is made with besides the configuration. */
export interface ServiceOptions {
  readonly databaseClock: DatabaseClock;
  /** By which tokens are dated. */
  readonly tokenClock: Clock;
  readonly movableClock: MovableClock | null;
  readonly log: Logger;
  readonly subscribers: readonly Subscriber[];
}

/**
 * The process's machinery, connected.
 * @throws ConfigError when a pooler stands in the way; when the database cannot be reached or has not been migrated
 */
export async function openServices(
  config: Config,
  { databaseClock, tokenClock, movableClock, log, subscribers }: ServiceOptions,
): Promise<Services> {
  await requireDirect(config);
  await requirePreparable(config);
  const orm = openDatabase(config);
  const doorbell = new Doorbell();
  const notifyBridge = new NotifyBridge(config.DIRECT_URL, doorbell, log);
  const queue = new Queue(config.DIRECT_URL, log);
  const tokens = await AccessTokens.create(
    {
      signingKey: config.JWT_SIGNING_KEY,
      otherKey: config.JWT_OTHER_KEY,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
      lifetimeSeconds: config.ACCESS_TOKEN_SECONDS,
    },
    tokenClock,
  );
  const pool = await orm.em.getConnection().getNativeClient();
  const runStatement = rowReader(pool);
  await requireMigrated(runStatement).catch(async (error: unknown) => {
    await orm.close(true);
    refuseForeignRole('DATABASE_URL', error);
  });
  const liveSessions = new LiveSessions({
    store: sessionStore(runStatement),
    bridgeDownMs: () => notifyBridge.downMs,
    log,
  });
  doorbell.listen(endedSessionsTopic, () => void liveSessions.look());
  // The shift is read again too: the ring that tells of it may get lost.
  const askTheTime = async () => {
    await databaseClock.read(runStatement);
    await movableClock?.read(runStatement);
  };
  const opening = queue.open().catch((error: unknown) => refuseForeignRole('DIRECT_URL', error));
  await Promise.all([notifyBridge.open(), opening, databaseClock.follow(askTheTime, log)]);
  doorbell.listen(clockTopic, () => {
    movableClock
      ?.read(runStatement)
      .catch((error: unknown) => logFailure(log, error, {}, 'the moved clock was not read'));
  });
  const sharingLine = openLine({
    url: config.DATABASE_URL,
    preparesStatements: config.DATABASE_PREPARED_STATEMENTS === 'on',
  });
  const instanceId = randomUUID();
  const liveProcesses = new LiveProcesses({
    id: instanceId,
    runStatement: sharingLine.runStatement,
    doorbell,
    notifyBridge,
    log,
  });
  const countExchange = new CountExchange(liveProcesses, countStore(sharingLine.runStatement));
  return {
    instanceId,
    orm,
    runStatement,
    openTransaction: transactionsOn(pool, orm),
    accounts: accountStore,
    writeEvents,
    queue,
    doorbell,
    notifyBridge,
    liveTexts: new LiveTexts(),
    tokens,
    liveSessions,
    metrics: createMetrics(),
    subscribers,
    followerReads: new FollowerReads(pool, Math.max(1, Math.floor(config.DATABASE_POOL_SIZE / 3))),
    ...turnsIn(config.DATABASE_POOL_SIZE),
    liveProcesses,
    countExchange,
    sharingLine,
    aiRateLimit: new RateLimit({ name: 'ai', perMinute: config.AI_RATE_LIMIT_PER_MINUTE }, countExchange),
    refreshTokenDays: config.REFRESH_TOKEN_DAYS,
    sessionDays: config.SESSION_DAYS,
    databaseClock,
    tokenClock,
    movableClock,
  };
}

/** Requests that wait for one account, and for a connection, at most; each holds its memory meanwhile. */
const [maxWaitingOfAccount, maxWaitingWriters] = [200, 2_000];

/** Writers may have two thirds of the pool, and wait for locks on half of theirs. */
function turnsIn(poolSize: number): Pick<Services, 'accountTurns' | 'writerTurns' | 'lockWaiters' | 'lookingTurns'> {
  const writers = poolSize - Math.max(1, Math.floor(poolSize / 3));
  return {
    accountTurns: new Turns({ atOnce: 1, maxWaiting: maxWaitingOfAccount }),
    writerTurns: new Turns({ atOnce: writers, maxWaiting: maxWaitingWriters }),
    lockWaiters: new Turns({ atOnce: Math.floor(writers / 2), maxWaiting: 0 }),
    lookingTurns: new Turns({ atOnce: 1, maxWaiting: maxWaitingOfAccount }),
  };
}

/** Disconnects from everything. */
export async function closeServices(services: Services, timeoutMs: number): Promise<void> {
  const { databaseClock, queue, notifyBridge, doorbell, liveSessions, liveProcesses, sharingLine, orm } = services;
  databaseClock.close();
  await queue.close(timeoutMs);
  await services.countExchange.close();
  await liveProcesses.close();
  await sharingLine.close();
  await notifyBridge.close();
  doorbell.close();
  await liveSessions.close();
  await orm.close(true);
}
