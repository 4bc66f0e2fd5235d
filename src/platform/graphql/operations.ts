import { setTimeout as pause } from 'node:timers/promises';
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  locatedError,
  OperationTypeNode,
} from 'graphql';
import type { ErrorCode } from '../../kernel/errors.js';
import type { Admission } from '../admission.js';
import { AnswersLater } from '../answers-later.js';
import { Busy, FairSemaphore, KeyedSemaphore, requestPatience } from '../keyed-semaphore.js';
import { type FailureLog, HeldLog, type Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { isLongerThan, maxAnswerLength } from './answer-size.js';
import { codeOf, rootOf, toClientError } from './client-error.js';
import { type Documents } from './documents.js';
import type { EventPace } from './event-pace.js';
import { LimitExceeded } from './limits.js';
import type { Parameters } from './parameters.js';
import { type AdmittedOperation, InvalidDocument, type PreparedOperation } from './read-document.js';

/** Who asks, as far as a refusal tells it. */
interface Asking {
  readonly requestId: string;
  readonly actor: { readonly id: string } | null;
  readonly log: Logger;
}

/** What this layer needs of the product's context. */
export interface OperationContext extends Asking {
  readonly loaders: Map<object, unknown>;
  /** What an execution before this one of the same operation has begun: see `AnswersLater`. */
  readonly begun: string | null;
  /** What has come of it, as `AnswersLater.ended` says. */
  readonly learnt: unknown;
  /** Aborts when nobody waits for the operation any more. */
  readonly signal: AbortSignal;
}

/** How executing a mutation under a key went. */
interface KeyedResult {
  readonly response: string;
  /** False where the server's fault is in it, which a repeat may find gone. */
  readonly final: boolean;
  /** Whether a model has failed at what was begun, so that a repeat begins anew. */
  readonly failed: boolean;
}

/** Runs a mutation once per key: the product decides how. `run` throws `AnswersLater`. */
export type RunOnce<Ctx> = (
  ctx: Ctx,
  key: string,
  request: { query: string; operationName: string | null; variables: unknown },
  run: (ctx: Ctx) => Promise<KeyedResult | AnswersLater>,
) => Promise<string>;

/** What an operation came in through. */
export type Transport = 'http' | 'sse' | 'ws';

/** A subscription has ended for a cause of ours. */
export class Interrupted extends Error {
  constructor(
    /** What a client may see of it. */
    readonly shown: GraphQLFormattedError,
  ) {
    super(shown.message);
  }
}

/** One operation with its variables. */
export interface ReadOperation {
  readonly operation: PreparedOperation;
  /** The operation with these variables. */
  readonly admitted: AdmittedOperation;
  readonly variables: Record<string, unknown>;
}

/** One operation as it came in. */
export interface OperationRequest<Ctx> extends ReadOperation {
  readonly transport: Transport;
  readonly idempotencyKey: string | null;
  readonly ctx: Ctx;
}

/** UTF-16 code units of an operation's name in the log. */
const maxLoggedName = 100;
/** Operations of one account that are executed or sent at once, and that wait for those. */
const [operationsAtOnce, maxWaiting] = [8, 200];
/** Objects beyond which mutations and events wait as queries do: most ask for far less. */
const maxFreeCost = 150;
/** Objects, and characters of a document since aliases repeat in each row, up to which an answer cannot be too long. */
const [maxShortCost, maxShortSource] = [2_500, 5_000];
/** Of those that may have long answers, how many are executed at once: of an account one, so that each has its turn. */
const largeAtOnce = 3;

/**
 * The one layer around every execution, whatever it came in through: idempotency, errors, the log line and the
 * metrics.
 */
export class Operations<Ctx extends OperationContext> {
  readonly #semaphore = new KeyedSemaphore({ atOnce: operationsAtOnce, maxWaiting });
  readonly #largeSemaphore = new FairSemaphore({ atOnce: largeAtOnce, maxWaiting });

  constructor(
    readonly documents: Documents,
    private readonly metrics: Metrics,
    private readonly runOnce: RunOnce<Ctx>,
    private readonly eventPace: EventPace,
    /** Is asked by what writes. */
    private readonly admission: Pick<Admission, 'requireForWrite'>,
    /** Is asked when an operation goes on that has waited. @throws UNAUTHENTICATED when its session has ended meanwhile */
    private readonly requireLive: (ctx: Ctx) => Promise<void>,
  ) {}

  /**
   * Reads one operation. `requireType` is called before its variables are looked at, and throws for what its transport
   * does not take, or not now. @throws what is wrong with the operation; UNAVAILABLE when no writes are taken
   */
  read(
    { variables, ...document }: Parameters,
    { signedIn, requireType }: { signedIn: boolean; requireType?: (type: OperationTypeNode) => void },
  ): ReadOperation {
    const operation = this.documents.prepare({ ...document, signedIn });
    requireType?.(operation.type);
    if (operation.type === OperationTypeNode.MUTATION) this.admission.requireForWrite();
    return { operation, admitted: operation.admit(variables), variables };
  }

  /**
   * Executes a query or a mutation and hands the result on: errors are in it. A few operations of an account go on at
   * once until they are delivered; the others wait, so that large answers of one account are no burden to the rest.
   */
  async answer<T>(
    request: OperationRequest<Ctx>,
    deliver: (result: FormattedExecutionResult) => T | Promise<T>,
  ): Promise<T> {
    const work = async () => deliver(await this.#executeSoon(request));
    const isFree = request.operation.type === OperationTypeNode.MUTATION && request.admitted.cost <= maxFreeCost;
    try {
      return await (isFree ? work() : this.#inTurn(request, work));
    } catch (error) {
      if (error instanceof AnswersLater) return this.#answerLater(request, error, deliver);
      if (!(error instanceof Busy)) throw error;
      return deliver(this.refuse(error, request.transport, request.ctx));
    }
  }

  /** Answers by a second execution, once what the first has begun has ended. */
  async #answerLater<T>(
    request: OperationRequest<Ctx>,
    { begun, ended, fieldPath }: AnswersLater,
    deliver: (result: FormattedExecutionResult) => T | Promise<T>,
  ): Promise<T> {
    const startedAt = performance.now();
    let learnt: unknown;
    try {
      learnt = await ended();
    } catch (error) {
      const result = this.#format({ data: null, errors: [locatedError(error, undefined, fieldPath)] }, request.ctx);
      this.#report(request, startedAt, result);
      return deliver(result);
    }
    try {
      await this.requireLive(request.ctx);
    } catch (error) {
      return deliver(this.refuse(error, request.transport, request.ctx));
    }
    return this.answer({ ...request, ctx: { ...request.ctx, begun, learnt, loaders: new Map() } }, deliver);
  }

  #inTurn<T>({ ctx }: OperationRequest<Ctx>, work: () => Promise<T>): Promise<T> {
    return this.#semaphore.run(ctx.actor?.id ?? '', requestPatience, work);
  }

  /** At once, or with the few that may be long: what many accounts ask for together is not in the way of small ones. */
  #executeSoon(request: OperationRequest<Ctx>): Promise<FormattedExecutionResult> {
    if (!mayBeLong(request)) return this.#execute(request);
    return this.#largeSemaphore.run(request.ctx.actor?.id ?? '', requestPatience, () => this.#execute(request));
  }

  async #execute(request: OperationRequest<Ctx>): Promise<FormattedExecutionResult> {
    const startedAt = performance.now();
    const result = await this.#run(request).catch((error: unknown) => {
      if (error instanceof AnswersLater) throw error;
      return this.#refusal(error, request.ctx);
    });
    this.#report(request, startedAt, result);
    return result;
  }

  /** The result that says why a request is not executed; counted and logged, once a request. */
  refuse(error: unknown, transport: Transport, ctx: Asking): FormattedExecutionResult {
    const refused = this.#refusal(error, ctx);
    const [first] = refused.errors ?? [];
    const code = first ? codeOf(first) : 'INTERNAL';
    this.metrics.refusals.inc({ code });
    const { actor, log } = ctx;
    log.info({ user: actor?.id ?? null, transport, outcome: code, reason: reasonOf(error) }, 'refused');
    return refused;
  }

  /**
   * A subscription's results as they come; the one that refuses it is the last. One generator and none within it: it is
   * kept for as long as its client follows. @throws Interrupted when a cause of ours ends it: it must not look complete
   */
  async *subscribe(request: OperationRequest<Ctx>): AsyncGenerator<FormattedExecutionResult, void, undefined> {
    const startedAt = performance.now();
    const { signal, loaders } = request.ctx;
    const { subscriptions } = this.metrics;
    let last: FormattedExecutionResult = { data: null };
    // What an event costs is not known before it runs: it counts as the one before did.
    let loaded = 0;
    subscriptions.inc();
    try {
      for await (const event of await eventsOf(request)) {
        const waitMs = this.eventPace.take(request.ctx.actor?.id ?? '', loaded);
        if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        last = await this.#resultOf(request, event);
        loaded = loaders.size > 0 ? request.admitted.cost : 0;
        // Whoever begins again behind the event before gets this one whole.
        const away = last.errors?.find((error) => codeOf(error) === 'UNAVAILABLE');
        if (away) throw new Interrupted(away);
        yield last;
      }
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      last = this.#refusal(error, request.ctx);
      const ours = last.errors?.find((each) => isOurs(codeOf(each)));
      if (ours) throw new Interrupted(ours);
      yield last;
    } finally {
      subscriptions.dec();
      this.#report(request, startedAt, last);
    }
  }

  /** What is asked of one event. */
  #resultOf(request: OperationRequest<Ctx>, event: unknown): Promise<FormattedExecutionResult> {
    const { admitted, ctx } = request;
    // What one event loads must not answer for the next.
    ctx.loaders.clear();
    const run = async () => this.#format(await admitted.run(event, ctx), ctx);
    return admitted.cost <= maxFreeCost ? run() : this.#inTurn(request, run);
  }

  /** The result that says why a request is not executed. */
  #refusal(error: unknown, ctx: Asking): FormattedExecutionResult {
    const errors = error instanceof InvalidDocument ? error.errors : [error];
    return { errors: errors.map((each) => toClientError(each, ctx.requestId, ctx.log)) };
  }

  async #run(request: OperationRequest<Ctx>): Promise<FormattedExecutionResult> {
    const { operation, admitted, variables, ctx, idempotencyKey } = request;
    const execute = async (within: Ctx) => {
      const executed = await admitted.run(undefined, within);
      return (operation.answersLater && laterIn(executed)) || executed;
    };
    if (idempotencyKey === null || operation.type !== OperationTypeNode.MUTATION) {
      const executed = await execute(ctx);
      if (executed instanceof AnswersLater) throw executed;
      return this.#format(executed, ctx, mayBeLong(request));
    }
    const identity = { query: operation.source, operationName: operation.name, variables };
    // A transaction may run again, and not fail then; when it fails as a whole, that is said instead.
    const log = new HeldLog(ctx.log);
    const response = await this.runOnce(ctx, idempotencyKey, identity, async (within) => {
      log.clear();
      const executed = await execute(within);
      if (executed instanceof AnswersLater) return executed;
      const result = this.#format(executed, { requestId: ctx.requestId, log }, mayBeLong(request));
      const codes = result.errors?.map(codeOf) ?? [];
      const failed = codes.includes('AI_SERVICE_UNAVAILABLE');
      return { response: JSON.stringify(result), final: !codes.some(isTransient), failed };
    });
    log.write();
    return JSON.parse(response);
  }

  #format(
    { errors, ...result }: ExecutionResult,
    { requestId, log }: { readonly requestId: string; readonly log: FailureLog },
    mayBeLong = false,
  ): FormattedExecutionResult {
    if (mayBeLong && isLongerThan(maxAnswerLength, result.data)) {
      return { data: null, errors: [toClientError(tooLong(), requestId, log)] };
    }
    if (!errors) return result;
    // One statement that fails is the fault of every field that waited for it.
    const logged = new Set<unknown>();
    return { errors: errors.map((error) => toClientError(error, requestId, log, logged)), ...result };
  }

  /** One line and one observation an operation. */
  #report(
    { transport, operation, ctx }: OperationRequest<Ctx>,
    startedAt: number,
    { errors }: FormattedExecutionResult,
  ) {
    const seconds = (performance.now() - startedAt) / 1_000;
    const [first] = errors ?? [];
    const outcome = first ? codeOf(first) : 'OK';
    const name = (operation.isTrusted && operation.name) || '';
    this.metrics.operations.observe({ transport, type: operation.type, operation: name, outcome }, seconds);
    ctx.log.info(
      {
        user: ctx.actor?.id ?? null,
        transport,
        type: operation.type,
        operation: operation.name?.slice(0, maxLoggedName) ?? null,
        ms: Math.round(seconds * 10_000) / 10,
        outcome,
      },
      'operation',
    );
  }
}

/** The events of a subscription. @throws what refuses it */
async function eventsOf<Ctx extends OperationContext>({
  admitted,
  ctx,
}: OperationRequest<Ctx>): Promise<AsyncIterable<unknown>> {
  const events = await admitted.open(ctx);
  if (!(Symbol.asyncIterator in events)) throw events.errors?.[0];
  return events;
}

/** That it is answered later, where it has begun something and waits for it. */
function laterIn({ errors = [] }: ExecutionResult): AnswersLater | undefined {
  for (const error of errors) {
    const root = rootOf(error);
    if (root instanceof AnswersLater) return root.thrownAt(error.path);
  }
  return undefined;
}

/** Whether its answer may be long, and has to be looked at: of most the document and what it costs say that they are short. */
function mayBeLong<Ctx>({ admitted, operation }: OperationRequest<Ctx>): boolean {
  return admitted.cost > maxShortCost || operation.source.length > maxShortSource;
}

function tooLong(): LimitExceeded {
  const message = `The answer would have more than ${maxAnswerLength} characters. Ask for less at once; what a mutation did is done.`;
  return new LimitExceeded('answer', message);
}

/** Why a request was refused, without anything that its sender wrote. */
function reasonOf(error: unknown): string {
  if (error instanceof LimitExceeded) return `limit of ${error.limit}`;
  if (error instanceof InvalidDocument) return 'invalid';
  return error instanceof GraphQLError ? 'unreadable' : 'not allowed';
}

/** Whether whoever asked could do nothing about it. */
function isOurs(code: ErrorCode): boolean {
  return code === 'UNAVAILABLE' || code === 'INTERNAL';
}

const passing: ReadonlySet<ErrorCode> = new Set([
  'INTERNAL',
  'AI_SERVICE_UNAVAILABLE',
  'UNAVAILABLE',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
]);

/** Faults that a retry may find gone; an idempotency key must not remember them. */
function isTransient(code: ErrorCode): boolean {
  return passing.has(code);
}
