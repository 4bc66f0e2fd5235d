import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { httpStatus } from '../../kernel/errors.js';
import { answerType } from '../http/media-types.js';
import { rateHeaders } from '../rate-limit/allowance.js';
import { codeOf } from './client-error.js';
import type { Entered, Entrance } from './http.js';
import { idempotencyKeyOf, requireMethod } from './http-rules.js';
import type { OperationContext, Operations, ReadOperation } from './operations.js';
import type { Parameters } from './parameters.js';
import type { AdmittedOperation } from './read-document.js';
import type { UnsentAnswers } from './unsent-answers.js';

/** What the product decides about those who are answered one result. */
export interface HttpResultOptions<Ctx> {
  readonly unsent: UnsentAnswers;
  /** Who asks, and may they? @throws AppError */
  createContext(request: FastifyRequest, reply: FastifyReply): Promise<Ctx>;
  /** Counts what a body takes by its length alone. @throws RATE_LIMITED */
  countLength(ctx: Ctx, length: number): void;
  /** Counts what one operation takes beyond the one request that it came in. @throws RATE_LIMITED */
  charge(ctx: Ctx, operation: AdmittedOperation, reply: FastifyReply): Promise<void>;
}

/** Queries and mutations that are answered one result, as JSON. */
export class HttpResults<Ctx extends OperationContext> implements Entrance {
  constructor(
    private readonly operations: Operations<Ctx>,
    private readonly options: HttpResultOptions<Ctx>,
  ) {}

  async enter(request: FastifyRequest, reply: FastifyReply): Promise<Entered> {
    const ctx = await this.options.createContext(request, reply);
    const type = answerType(request.headers.accept);
    return {
      userId: ctx.actor?.id ?? '',
      countLength: (length) => this.options.countLength(ctx, length),
      answer: (parameters) =>
        this.#answer(parameters, ctx, { request, reply }, async (result) => {
          void reply.code(statusFor(result)).headers(headersFor(result)).type(type);
          await this.options.unsent.send(reply, JSON.stringify(result));
        }),
    };
  }

  async #answer(
    parameters: Parameters,
    ctx: Ctx,
    { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
    deliver: (result: FormattedExecutionResult) => Promise<void>,
  ): Promise<void> {
    let own: ReadOperation;
    try {
      own = this.operations.read(parameters, { signedIn: ctx.actor !== null, requireType: requireOneResult });
      await this.options.charge(ctx, own.admitted, reply);
    } catch (error) {
      return deliver(this.operations.refuse(error, 'http', ctx));
    }
    requireMethod(request, own.operation);
    const idempotencyKey = idempotencyKeyOf(request);
    return this.operations.answer({ transport: 'http', ...own, idempotencyKey, ctx }, deliver);
  }
}

function requireOneResult(type: OperationTypeNode): void {
  if (type === OperationTypeNode.SUBSCRIPTION)
    throw new GraphQLError('Subscriptions go over the WebSocket, or are asked for with Accept: text/event-stream.');
}

/**
 * A request that nothing came of because of who asked, how often, or a fault of ours has that status; so has one that
 * was refused before execution. A rule that said no to an executed operation is an answer: 200.
 */
function statusFor({ data, errors }: FormattedExecutionResult): number {
  const [first] = errors ?? [];
  if (!first || data) return 200;
  const code = codeOf(first);
  const isAboutRequest =
    code === 'UNAUTHENTICATED' || code === 'RATE_LIMITED' || code === 'UNAVAILABLE' || code === 'INTERNAL';
  return data === undefined || isAboutRequest ? httpStatus[code] : 200;
}

function headersFor({ errors }: FormattedExecutionResult): Record<string, string> {
  const passing = errors?.find(({ extensions }) => extensions?.['retryAfter'] !== undefined);
  return rateHeaders(passing?.extensions ?? {});
}
