import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import type { Source } from '../../entities/activity/event.js';
import type { AiActionKind } from '../../entities/assistant/action.js';
import type { AccessTokens, Principal } from '../platform/access-tokens.js';
import type { Admission } from '../platform/admission.js';
import type { Clock } from '../platform/clock.js';
import type { FollowerReads } from '../platform/database/follower-reads.js';
import type { Line } from '../platform/database/line.js';
import type { Orm } from '../platform/database/orm.js';
import type { RunStatement } from '../platform/database/rows.js';
import type { OpenTransactions } from '../platform/database/transactions.js';
import type { DatabaseClock } from '../platform/database-clock.js';
import type { Doorbell } from '../platform/doorbell/doorbell.js';
import type { NotifyBridge } from '../platform/doorbell/notify-bridge.js';
import type { SignedAddresses } from '../platform/http/signed-addresses.js';
import { type FairSemaphore, type KeyedSemaphore, requestPatience } from '../platform/keyed-semaphore.js';
import type { LiveProcesses } from '../platform/live-processes.js';
import type { LiveSessions, SessionStore } from '../platform/live-sessions.js';
import type { LiveText, LiveTexts } from '../platform/live-texts.js';
import type { BoundLog } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';
import type { MovableClock } from '../platform/movable-clock.js';
import type { Queue } from '../platform/queue/queue.js';
import type { Attempt } from '../platform/queue/queue-worker.js';
import type { CountExchange } from '../platform/rate-limit/count-exchange.js';
import type { RateLimit } from '../platform/rate-limit/rate-limit.js';
import type { FileScanner } from '../providers/file-scanner.js';
import type { IdentityProvider } from '../providers/google.js';
import type {
  ChatRequest,
  ChatTurn,
  JsonShape,
  LanguageModel,
  ModelPiece,
  ModelPrice,
  TokenUsage,
  Tool,
  ToolCall,
} from '../providers/openai/language-model.js';
import type {
  ChargeRequest,
  Instrument,
  PaymentProvider,
  ProviderPayment,
  VerifiedEvent,
} from '../providers/payments.js';
import type { SpeechToText, Transcript } from '../providers/speech-to-text.js';
import type { ByteRange, ObjectStore, StoredObject } from '../providers/storage/object-store.js';
import type { WebPush } from '../providers/web-push.js';
import { AppError } from './errors.js';
import type { AccountStore, RecordedEvent, UnitOfWork, WriteEvents } from './unit-of-work.js';

export { AnswersLater } from '../platform/answers-later.js';
export { Batches } from '../platform/batches.js';
export { newId } from '../platform/clock.js';
export { lockNotAvailable, sqlStateOf } from '../platform/database/rows.js';
export { Failures } from '../platform/failures.js';
export { type Patience, requestPatience } from '../platform/keyed-semaphore.js';
export { Standstill } from '../platform/standstill.js';
export { runInThread, ThreadExceeded, ThreadLate, type ThreadLimits } from '../platform/threads.js';
export { isUnavailable, logFailure, unavailable } from '../platform/unavailable.js';
export { PaymentFailure } from '../providers/payments.js';
export { SpeechFailure } from '../providers/speech-to-text.js';
export { ObjectMissing } from '../providers/storage/object-store.js';
export type {
  Attempt,
  ByteRange,
  ChargeRequest,
  ChatRequest,
  ChatTurn,
  Instrument,
  JsonShape,
  LiveText,
  ModelPiece,
  ModelPrice,
  Principal,
  ProviderPayment,
  RecordedEvent,
  RunStatement,
  SessionStore,
  StoredObject,
  TokenUsage,
  Tool,
  ToolCall,
  Transcript,
  VerifiedEvent,
};

/** The outside world, each behind one interface. */
export interface Providers {
  readonly google: IdentityProvider;
  readonly languageModel: LanguageModel;
  readonly webPush: WebPush;
  readonly speechToText: SpeechToText;
  readonly payments: PaymentProvider;
  readonly objectStore: ObjectStore;
  /** Null where nobody looks through files. */
  readonly fileScanner: FileScanner | null;
}

/** What signs people in. */
export interface SignIn {
  readonly tokens: AccessTokens;
  /** Days that a refresh token lives, and that a session may be refreshed for. */
  readonly refreshTokenDays: number;
  readonly sessionDays: number;
}

/** The process's machinery, made once by `createApp`. */
export interface Services {
  /** Names this process as the holder of a lease. */
  readonly instanceId: string;
  readonly orm: Orm;
  readonly runStatement: RunStatement;
  readonly openTransaction: OpenTransactions;
  /** The accounts' table and the log's writer, which the kernel knows by what they do. */
  readonly accounts: AccountStore;
  readonly writeEvents: WriteEvents;
  readonly queue: Queue;
  readonly doorbell: Doorbell;
  readonly notifyBridge: NotifyBridge;
  readonly liveTexts: LiveTexts;
  readonly liveSessions: LiveSessions;
  readonly metrics: Metrics;
  readonly subscribers: readonly Subscriber[];
  /** What the assistant can propose. */
  readonly actionKinds: readonly ActionKind[];
  readonly followerReads: FollowerReads;
  /** Which work this process still takes. */
  readonly admission: Admission;
  /** Bounds what each account reads at once: one that is busy must not take the pool from all others. */
  readonly readerSemaphore: KeyedSemaphore;
  /** Lets each account write one transaction at a time: one that is busy must not take the pool from all others. */
  readonly accountSemaphore: KeyedSemaphore;
  /** Bounds the transactions that have a connection: some are always left to reads. */
  readonly writerSemaphore: KeyedSemaphore;
  /** Bounds those of them that wait on their connection for a lock. */
  readonly lockWaiterSemaphore: KeyedSemaphore;
  /** Lets each account have one long list looked through at a time. */
  readonly scanSemaphore: KeyedSemaphore;
  /** Bounds what is read in threads of their own at once, and lets each account have one: what its users have sent. */
  readonly threadSemaphore: FairSemaphore;
  /** The same for what takes long, so that it is in the way of nothing else. */
  readonly longThreadSemaphore: FairSemaphore;
  /** Bounds what each person downloads at once: a slow reader holds a connection to the store. */
  readonly downloadSemaphore: KeyedSemaphore;
  /** The processes of the API that share limits, and the line on which they do: no request of anybody's waits in front of it. */
  readonly liveProcesses: LiveProcesses;
  readonly countExchange: CountExchange;
  readonly sharingLine: Line;
  /** AI operations, by user. */
  readonly aiRateLimit: RateLimit;
  /** What signs people in; null in processes that serve no clients. */
  readonly signIn: SignIn | null;
  /** Addresses of files, each for one person and a time; null in processes that serve no clients. */
  readonly signedAddresses: SignedAddresses | null;
  /** The client's own pages, to which payers return; without a slash at its end. Null in processes that serve no clients. */
  readonly appUrl: string | null;
  /** By which processes tell each other how long something holds, such as a lease: never moved. */
  readonly databaseClock: DatabaseClock;
  /** By which tokens are dated: not by a clock that was moved. */
  readonly tokenClock: Clock;
  /** The clock that can be moved; null in production. */
  readonly movableClock: MovableClock | null;
}

/** The client that sent a request. */
interface RequestClient {
  /** Its IP address, as the proxies that we trust say. */
  readonly address: string;
  readonly userAgent: string | null;
}

/** The socket that an operation came in through. */
interface SocketSession {
  /** Prolongs it with a fresh token of the same user. @throws UNAUTHENTICATED, FORBIDDEN */
  reauthenticate(accessToken: string): Promise<Date>;
}

/** A program that a person or a workspace has given a key. */
interface ApiKey {
  readonly kind: 'API_KEY';
  readonly id: string;
  readonly scopes: readonly string[];
}

/** Somebody who runs the product, on the machine itself. */
interface Operator {
  readonly kind: 'OPERATOR';
  readonly id: 'operator';
  /** As whom the record of what operators do has them; no user sees it. */
  readonly name: string;
}

/** A rule or a job. */
interface System {
  readonly kind: 'SYSTEM';
  readonly id: 'system';
}

/** Who acts. */
export type Actor = Principal | ApiKey | Operator | System;

/** Everything that an operation may use; one per request, job, message or emitted event. */
export interface Context {
  /** Who acts; null before sign-in. */
  readonly actor: Actor | null;
  /** The account that it acts for; null before sign-in, and in jobs that have not said `asAccount` yet. */
  readonly accountId: string | null;
  readonly source: Source;
  readonly clock: Clock;
  readonly providers: Providers;
  readonly requestId: string;
  /** Who sent the request; null in jobs. */
  readonly client: RequestClient | null;
  /** Its lines name the request and the account. */
  readonly log: BoundLog;
  /** Aborts when nobody waits for the answer any more; subscriptions end then. */
  readonly signal: AbortSignal;
  readonly services: Services;
  /** Null over HTTP and in jobs. */
  readonly socket: SocketSession | null;
  /** Whether it follows what happens, as a subscription does: its reads are shared, and wait for each other. */
  readonly follows: boolean;
  /** The open transaction, if there is one: then everything is read and written within it. */
  readonly unit: UnitOfWork<DetachedContext> | null;
  /** What an execution before this one of the same operation has begun: see `AnswersLater`. */
  readonly begun: string | null;
  /** What has come of that, where the first execution hands it on. */
  readonly learnt: unknown;
  /** This operation's DataLoaders, by their batch function. */
  readonly loaders: Map<object, unknown>;
}

/**
 * Acts on events of one type, in the transaction that caused them, inside a savepoint. It works with rows: a savepoint
 * does not undo what an entity manager remembers. It may run again for the same event as a job, so its effects carry
 * unique keys.
 */
export interface Subscriber {
  /** Kept in jobs: never rename. */
  readonly name: string;
  /** The type of the events that it hears. */
  readonly on: string;
  handle(tx: RowTx, event: RecordedEvent): Promise<void>;
  /** The same for several events that were recorded together, where that takes fewer statements. */
  handleAll?(tx: RowTx, events: readonly RecordedEvent[]): Promise<void>;
}

/** Marks what outlives its operation, so that the compiler tells it from a context that may be a transaction's. */
export const outlivesOperation: unique symbol = Symbol('outlives its operation');

/**
 * A context for what goes on after its operation and its transaction are over: in no transaction, under a running
 * clock, aborted by nobody's leaving. `UnitOfWork.afterCommit` hands it out; a copy of a transaction's context is none.
 */
export interface DetachedContext extends Context {
  readonly unit: null;
  readonly [outlivesOperation]: true;
}

/** A context inside a transaction that holds its account's lock, for what reads and writes rows only. */
export interface RowTx extends Context {
  readonly unit: UnitOfWork<DetachedContext>;
  /** Flushes pending entity changes of this transaction or savepoint, so that SQL sees them. */
  flush(): Promise<void>;
}

/** The same for what works with entities. */
export interface Tx extends RowTx {
  /** The transaction's entity manager; what it has changed is written when the transaction ends, or by `flush`. */
  entities(): EntityManager;
}

/** What a proposal would change. */
export interface ActionTarget {
  readonly id: string;
  /** Tells one state of it from another: see `ActionKind.readMarks`. */
  readonly mark: string;
  /** The version that a client knows; null where it has none. */
  readonly version: number | null;
}

/** What a proposal is about, as its user reads it. */
export interface PreparedAction {
  /** What would be done, in a few English words. */
  readonly summary: string;
  /** Null where it makes something. */
  readonly target: ActionTarget | null;
}

/** Marks by id. */
export type Marks = ReadonlyMap<string, string>;

/** What was done. */
export interface ExecutedAction {
  readonly result: { readonly type: 'task' | 'note'; readonly id: string };
  /** What `undo` needs to take it back. */
  readonly undo: object;
}

/** A kind of action that the assistant can propose, for whoever knows none of them in particular. */
export interface ActionKind {
  readonly kind: AiActionKind;
  /** As a model is offered it. */
  readonly tool: Tool;
  /** Reads the marks of all that the account has and such a proposal could change; null where it makes something. */
  readonly readMarks: ((ctx: Context, accountId: string) => Promise<Marks>) | null;
  /** Whether what such a proposal goes by is the same under two marks. */
  isSame(mark: string, other: string): boolean;
  /** The proposal as it is kept. @throws VALIDATION_FAILED */
  read(proposal: unknown): object;
  /** Says what would be done. @throws what the user's own mutation would be refused with */
  prepare(tx: Tx, proposal: object): Promise<PreparedAction>;
  /** Does it, through the use case of the user's own mutation. @throws what that is refused with */
  execute(tx: Tx, proposal: object): Promise<ExecutedAction>;
  /** Takes back what was done and nothing else. @throws CONFLICT with the `fields` that the user has changed since */
  undo(tx: Tx, undo: unknown): Promise<void>;
}

/** The signed-in person. @throws UNAUTHENTICATED when nobody is signed in */
export function requirePerson({ actor }: Context): Principal {
  if (actor?.kind !== 'PERSON') throw signInFirst();
  return actor;
}

/** The id of the account that the operation acts for. @throws UNAUTHENTICATED when nobody is signed in */
export function requireAccount({ accountId }: Context): string {
  if (accountId === null) throw signInFirst();
  return accountId;
}

function signInFirst(): AppError {
  return new AppError('UNAUTHENTICATED', 'Sign in first.');
}

/** @throws Error in a process that serves no clients */
export function requireSignIn({ signIn }: Services): SignIn {
  if (!signIn) throw new Error('This process serves no clients.');
  return signIn;
}

/** @throws Error in a process that serves no clients */
export function requireAddresses({ signedAddresses }: Services): SignedAddresses {
  if (!signedAddresses) throw new Error('This process serves no clients.');
  return signedAddresses;
}

/** @throws Error in a process that serves no clients */
export function requireAppUrl({ appUrl }: Services): string {
  if (appUrl === null) throw new Error('This process serves no clients.');
  return appUrl;
}

/** Asked before anything outside PostgreSQL is: a transaction must not wait for it. @throws Error within one */
export function requireNoTransaction({ unit }: Context): void {
  if (unit) throw new Error('A transaction waits for nothing outside PostgreSQL.');
}

/** The same context, acting for an account: for jobs, which work for whichever account is due. */
export function asAccount(ctx: Context, accountId: string): Context {
  return { ...ctx, accountId, log: ctx.log.with({ account: accountId }) };
}

/** Runs a statement: within the open transaction, else on the pool, prepared; subscriptions share theirs. */
export function runStatement<Row extends object>(
  ctx: Context,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { unit, services, follows, accountId } = ctx;
  if (follows && accountId && !unit) return services.followerReads.run<Row>(accountId, text, values);
  if (unit) return unit.runStatement<Row>(text, values);
  const run = () => services.runStatement<Row>(text, values);
  return accountId === null ? run() : services.readerSemaphore.run(accountId, requestPatience, run);
}

/** Runs a statement of the open transaction whose answer nobody needs; when it fails, so does the transaction. */
export function sendStatement({ unit }: RowTx, text: string, values: readonly unknown[]): Promise<void> {
  return unit.send(text, values);
}

/** Does something once the open transaction has committed, where there is one; else at once. `act` must not throw. */
export function afterCommit({ unit }: Context, act: () => void): void {
  if (unit) unit.afterCommit(act);
  else act();
}

/** How many rows of a table the transaction's account has. */
export async function countRows({ unit }: RowTx, table: string): Promise<number> {
  const [row] = await unit.runStatement<{ count: number }>(
    `select count(*)::int as count from ${table} where account_id = $1`,
    [unit.account.id],
  );
  return row?.count ?? 0;
}

/** Rows by id, in the order of the ids, null where there is none. `text` takes the ids as `$1::uuid[]`, and `values` from `$2` on. */
export async function readByIds<Row extends { id: string }>(
  ctx: Context,
  text: string,
  ids: readonly string[],
  values: readonly unknown[] = [],
): Promise<(Row | null)[]> {
  const rows = await runStatement<Row>(ctx, text, [ids, ...values]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Answers many keys with one read, in the order of the keys. */
export type BatchFunction<Key, Value> = (ctx: Context, keys: readonly Key[]) => Promise<Value[]>;

/** Loads through the operation's DataLoader for `batch`: what one operation asks together is read together, once. */
export function load<Key, Value>(ctx: Context, batch: BatchFunction<Key, Value>, key: Key): Promise<Value> {
  return loaderOf(ctx, batch).load(key);
}

function loaderOf<Key, Value>(ctx: Context, batch: BatchFunction<Key, Value>): DataLoader<Key, Value> {
  const known = ctx.loaders.get(batch);
  if (known instanceof DataLoader) return known;
  const loader = new DataLoader<Key, Value>((keys) => batch(ctx, keys), { maxBatchSize: 500 });
  ctx.loaders.set(batch, loader);
  return loader;
}
