import { type ExecutionResult, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../kernel/errors.js';
import { flatOperation } from './flat-operation.js';
import type { Fragments } from './fragments.js';

/** Runs an operation with coerced variables; null: ask graphql-js. */
export type Run = (
  root: unknown,
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult | null> | ExecutionResult | null;

/** Operations are compiled when they have come so often. */
const compiledAfter = 3;
/** Larger operations are not compiled: it takes up to 150 µs a field. */
const maxFields = 250;
/** What a compiled operation keeps in memory: measured were 500–5,000 bytes a field, most where fields nest deep. */
const bytesPerOperation = 5_000;
const bytesPerField = 5_000;

interface Compiled {
  readonly run: CompiledQuery['query'];
  readonly bytes: number;
}

/**
 * Operations that were compiled by graphql-jit, which runs them in half of the time. Compiling costs ten times as much
 * as validating, and keeps memory: only what comes again is compiled, and what came longest ago is dropped.
 */
export class CompiledOperations {
  readonly #compiled: LRUCache<object, Compiled>;

  constructor(
    private readonly schema: GraphQLSchema,
    maxBytes: number,
  ) {
    this.#compiled = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
  }

  /** Bytes that are kept, as reckoned. */
  get bytes(): number {
    return this.#compiled.calculatedSize;
  }

  /** How to run an operation, which is compiled when it has come often, or at once. */
  runnerOf(operation: OperationDefinitionNode, fragments: Fragments, atOnce: boolean): Run {
    const key = {};
    let runs = atOnce ? compiledAfter : 0;
    let isFit = true;
    return (root, context, variables) => {
      let compiled = this.#compiled.get(key);
      if (!compiled) {
        runs += 1;
        if (!isFit || runs < compiledAfter) return null;
        compiled = this.#compile(operation, fragments);
        if (!compiled) {
          isFit = false;
          return null;
        }
        this.#compiled.set(key, compiled);
      }
      const result = compiled.run(root, context, variables);
      return result instanceof Promise ? result.then(unlessFailed) : unlessFailed(result);
    };
  }

  #compile(operation: OperationDefinitionNode, fragments: Fragments): Compiled | undefined {
    const flat = flatOperation(this.schema, operation, fragments, maxFields);
    if (!flat) return undefined;
    const document = { kind: Kind.DOCUMENT, definitions: [flat.operation] } as const;
    const compiled = compileQuery(this.schema, document, undefined, { disablingCapturingStackErrors: true });
    if (!isCompiledQuery(compiled)) return undefined;
    return { run: compiled.query, bytes: bytesPerOperation + flat.fields * bytesPerField };
  }
}

/**
 * Of several errors graphql-js and graphql-jit answer different ones, in different words. What fails is asked of
 * graphql-js, which finds what was loaded already; but not again of what is away.
 */
function unlessFailed(result: ExecutionResult): ExecutionResult | null {
  if (!result.errors) return result;
  const isAway = result.errors.some(
    ({ originalError }) => originalError instanceof AppError && originalError.code === 'UNAVAILABLE',
  );
  return isAway ? result : null;
}
