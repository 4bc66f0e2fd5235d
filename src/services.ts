import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { entities } from '../entities/index.js';
import { accountStore } from './accounts/index.js';
import { actionKinds } from './action-kinds.js';
import { writeEvents } from './activity/index.js';
import { endedSessionsTopic, sessionStore } from './auth/index.js';
import { ConfigError, type ConfigOf, type DatabaseUrl } from './config.js';
import type { Services, SignIn, Subscriber } from './kernel/context.js';
import { counted } from './kernel/text.js';
import { domainMetrics } from './metrics.js';
import { AccessTokens } from './platform/access-tokens.js';
import { Admission } from './platform/admission.js';
import { readVersion } from './platform/build.js';
import type { Clock } from './platform/clock.js';
import { FollowerReads } from './platform/database/follower-reads.js';
import { openLine } from './platform/database/line.js';
import { appliedMigrations, missingMigrations } from './platform/database/migrated.js';
import { type Orm, openOrm } from './platform/database/orm.js';
import { observePool } from './platform/database/pool-metrics.js';
import { noteWaits } from './platform/database/pool-waits.js';
import { losesStatements, sharesSessions } from './platform/database/pooler.js';
import { insufficientPrivilege, type RunStatement, rowReader, sqlStateOf } from './platform/database/rows.js';
import { transactionsOn } from './platform/database/transactions.js';
import type { DatabaseClock } from './platform/database-clock.js';
import { Doorbell } from './platform/doorbell/doorbell.js';
import { NotifyBridge } from './platform/doorbell/notify-bridge.js';
import { Failures } from './platform/failures.js';
import { SignedAddresses } from './platform/http/signed-addresses.js';
import { FairSemaphore, KeyedSemaphore } from './platform/keyed-semaphore.js';
import { LiveProcesses } from './platform/live-processes.js';
import { LiveSessions } from './platform/live-sessions.js';
import { LiveTexts } from './platform/live-texts.js';
import type { Logger } from './platform/log.js';
import { addBuildInfo, createMetrics } from './platform/metrics.js';
import { clockTopic, type MovableClock } from './platform/movable-clock.js';
import { Queue } from './platform/queue/queue.js';
import { CountExchange } from './platform/rate-limit/count-exchange.js';
import { countStore } from './platform/rate-limit/count-store.js';
import { RateLimit } from './platform/rate-limit/rate-limit.js';

// From `dist/src`, where this runs: SQL files are not compiled.
export const migrationsFolder = fileURLToPath(new URL('../../infra/migrations', import.meta.url));

/** Our mapper on the configured database. */
export function openDatabase(config: ConfigOf<'admin'>): Orm {
  return openOrm(entities, {
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    preparesStatements: config.DATABASE_PREPARED_STATEMENTS === 'on',
    statementTimeoutMs: config.DATABASE_STATEMENT_SECONDS * 1_000,
    migrationsFolder: null,
  });
}

/** The same for what changes tables: a large one takes its time. Waiting for a lock has an end, as all wait behind. */
export function openDatabaseToMigrate(config: ConfigOf<'migrate'>): Orm {
  return openOrm(entities, {
    url: config.MIGRATE_URL,
    poolSize: 1,
    preparesStatements: false,
    statementTimeoutMs: null,
    migrationsFolder,
  });
}

/** LISTEN, the queue and migrations need sessions of their own. @throws ConfigError when a pooler shares them */
export async function requireDirect({ DIRECT_URL }: Pick<ConfigOf<'admin'>, 'DIRECT_URL'>): Promise<void> {
  if (!(await sharesSessions(DIRECT_URL))) return;
  throw new ConfigError('DIRECT_URL: must lead to PostgreSQL itself, or to a pooler in session mode');
}

/** One write in two would fail. @throws ConfigError when statements are prepared through a pooler that tracks none */
async function requirePreparable(config: ConfigOf<'admin'>): Promise<void> {
  const { DATABASE_URL, DIRECT_URL, DATABASE_PREPARED_STATEMENTS } = config;
  // Whoever keeps sessions apart loses nothing of them: `requireDirect` has asked.
  if (DATABASE_PREPARED_STATEMENTS === 'off' || DATABASE_URL === DIRECT_URL) return;
  if (!(await losesStatements(DATABASE_URL))) return;
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

/** What the machinery is made with besides the configuration. */
export interface ServiceOptions {
  readonly databaseClock: DatabaseClock;
  /** By which tokens are dated. */
  readonly tokenClock: Clock;
  readonly movableClock: MovableClock | null;
  readonly log: Logger;
  readonly subscribers: readonly Subscriber[];
  /** Whether it has a role; what somebody runs by hand has none. */
  readonly isRunning: boolean;
}

/**
 * The process's machinery, connected.
 * @throws ConfigError when a pooler stands in the way; when the database cannot be reached or has not been migrated
 */
export async function openServices(
  config: ConfigOf<'admin'>,
  api: ConfigOf<'api'> | null,
  { databaseClock, tokenClock, movableClock, log, subscribers, isRunning }: ServiceOptions,
): Promise<Services> {
  await requireDirect(config);
  await requirePreparable(config);
  const orm = openDatabase(config);
  const doorbell = new Doorbell();
  const metrics = createMetrics(domainMetrics);
  addBuildInfo(metrics, { version: readVersion(), commit: config.COMMIT ?? '' });
  const notifyBridge = new NotifyBridge(config.DIRECT_URL, doorbell, log, metrics);
  const queue = new Queue(config.DIRECT_URL, log, metrics, isRunning ? undefined : null);
  const signIn = api ? await openSignIn(api, tokenClock) : null;
  const pool = await orm.em.getConnection().getNativeClient();
  observePool(metrics, pool);
  const admission = new Admission();
  noteWaits(pool, admission.connections);
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
  const unreadShifts = new Failures(log);
  doorbell.listen(clockTopic, () => {
    movableClock?.read(runStatement).then(
      () => unreadShifts.clear(),
      (error: unknown) => unreadShifts.note(error, {}, 'the moved clock was not read'),
    );
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
    signIn,
    appUrl: api?.APP_URL ?? null,
    signedAddresses: api ? new SignedAddresses(secretsOf(api)) : null,
    liveSessions,
    metrics,
    subscribers,
    actionKinds,
    followerReads: new FollowerReads(pool, Math.max(1, Math.floor(config.DATABASE_POOL_SIZE / 3))),
    admission,
    ...semaphoresOf(config.DATABASE_POOL_SIZE, admission),
    liveProcesses,
    countExchange,
    sharingLine,
    aiRateLimit: new RateLimit({ name: 'ai', perMinute: api?.AI_RATE_LIMIT_PER_MINUTE ?? 0 }, countExchange),
    databaseClock,
    tokenClock,
    movableClock,
  };
}

/** What signs addresses is made of the keys that sign tokens, so that they rotate together. */
function secretsOf({ JWT_SIGNING_KEY, JWT_OTHER_KEY }: ConfigOf<'api'>): string[] {
  return JWT_OTHER_KEY === null ? [JWT_SIGNING_KEY] : [JWT_SIGNING_KEY, JWT_OTHER_KEY];
}

async function openSignIn(config: ConfigOf<'api'>, tokenClock: Clock): Promise<SignIn> {
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
  return { tokens, refreshTokenDays: config.REFRESH_TOKEN_DAYS, sessionDays: config.SESSION_DAYS };
}

/** Requests that wait for one account, and for a connection, at most; each holds its memory meanwhile. */
const [maxWaitingOfAccount, maxWaitingWriters] = [200, 2_000];
/** Downloads of one person that run at once, and wait at most: a browser has six connections. */
const downloadsAtOnce = 8;
/** Statements of one account that wait at most: a request may send many at once. */
const maxWaitingReads = 2_000;

/** One account's reads may have half of the pool; all writers two thirds, and wait for locks on half of theirs. */
function semaphoresOf(
  poolSize: number,
  { writers: waits }: Admission,
): Pick<
  Services,
  | 'readerSemaphore'
  | 'accountSemaphore'
  | 'writerSemaphore'
  | 'lockWaiterSemaphore'
  | 'scanSemaphore'
  | 'threadSemaphore'
  | 'longThreadSemaphore'
  | 'downloadSemaphore'
> {
  const writers = poolSize - Math.max(1, Math.floor(poolSize / 3));
  return {
    readerSemaphore: new KeyedSemaphore({ atOnce: Math.floor(poolSize / 2), maxWaiting: maxWaitingReads }),
    accountSemaphore: new KeyedSemaphore({ atOnce: 1, maxWaiting: maxWaitingOfAccount }),
    writerSemaphore: new KeyedSemaphore({ atOnce: writers, maxWaiting: maxWaitingWriters, waits }),
    lockWaiterSemaphore: new KeyedSemaphore({ atOnce: Math.floor(writers / 2), maxWaiting: 0 }),
    scanSemaphore: new KeyedSemaphore({ atOnce: 1, maxWaiting: maxWaitingOfAccount }),
    downloadSemaphore: new KeyedSemaphore({ atOnce: downloadsAtOnce, maxWaiting: downloadsAtOnce }),
    threadSemaphore: new FairSemaphore({ atOnce: 2, maxWaiting: 10 }),
    longThreadSemaphore: new FairSemaphore({ atOnce: 1, maxWaiting: 10 }),
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
