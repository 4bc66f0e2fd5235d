import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import type { CompiledOperations, Run } from './compiled-operations.js';
import { checkCost, costOf, type Variables } from './cost.js';
import { type Fragments, fragmentsOf, rootFieldNames, rootFieldsOf } from './fragments.js';
import { checkVariables } from './value-depth.js';

/** An operation that has been parsed and validated. */
export interface PreparedOperation {
  readonly type: OperationTypeNode;
  readonly name: string | null;
  /** Whether its document is one of the trusted ones, whose names are few. */
  readonly isTrusted: boolean;
  /** The document's text. */
  readonly source: string;
  readonly document: DocumentNode;
  /** Whether it may have to wait for what it has begun, and is executed once more then: see `AnswersLater`. */
  readonly answersLater: boolean;
  /** @throws GraphQLError or InvalidDocument when the variables do not fit, or when it asks for too much with them */
  admit(variables: Record<string, unknown>): AdmittedOperation;
}

/** An operation with variables that fit it. */
export interface AdmittedOperation {
  readonly type: OperationTypeNode;
  /** Root fields, aliases and fragments counted out: each of a mutation counts in the rate limits. */
  readonly rootFieldCount: number;
  /** Objects of the product that it asks for, by the sizes of the pages that it names. */
  readonly cost: number;
  /** Runs it; a subscription's event is its root. */
  run(root: unknown, context: unknown): Promise<ExecutionResult> | ExecutionResult;
  /** Opens a subscription's stream of events, or says why it cannot be opened. */
  open(context: unknown): Promise<AsyncIterable<unknown> | ExecutionResult>;
}

/** What a node of a syntax tree keeps: measured were 57–83 bytes, and up to 6 for what its cost follows from. */
const bytesPerNode = 90;
/** What each operation or fragment keeps beside its nodes. */
const bytesPerDefinition = 1_500;
/** Errors of a request's variables. */
const maxCoercionErrors = 20;

/** A valid document. */
export class ReadDocument {
  readonly #operations = new Map<string | null, PreparedOperation>();
  /** What it keeps in memory, as reckoned. */
  readonly bytes: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly source: string,
    private readonly document: DocumentNode,
    private readonly hideSuggestions: boolean,
    private readonly compiled: CompiledOperations,
    private readonly isTrusted: boolean,
  ) {
    this.bytes =
      source.length * 2 + nodesOf(document) * bytesPerNode + document.definitions.length * bytesPerDefinition;
  }

  /** One operation of it. @throws GraphQLError when it is not in there */
  operation(operationName: string | null): PreparedOperation {
    const known = this.#operations.get(operationName);
    if (known) return known;
    const operation = getOperationAST(this.document, operationName);
    if (!operation) throw new GraphQLError('The document has no such operation, or several and no operationName.');
    const prepared = this.#prepare(operation);
    this.#operations.set(operationName, prepared);
    return prepared;
  }

  #prepare(operation: OperationDefinitionNode): PreparedOperation {
    const { schema, source, document } = this;
    const fragments = fragmentsOf(document.definitions);
    const name = operation.name?.value ?? null;
    const isIntrospection = isPublic(operation);
    const cost = costOf(schema, operation, fragments);
    const runCompiled = this.compiled.runnerOf(operation, fragments, this.isTrusted);
    const type = operation.operation;
    const rootFieldCount = rootFieldsOf(operation, fragments);
    const answersLater = this.#answersLater(operation, fragments, rootFieldCount);
    return {
      type,
      name,
      isTrusted: this.isTrusted,
      source,
      document,
      answersLater,
      admit: (variables) => {
        checkVariables(variables);
        const coerced = this.#coerce(operation, variables);
        const objects = cost(coerced);
        checkCost(objects, type, isIntrospection);
        return {
          type,
          rootFieldCount,
          cost: isIntrospection ? 0 : objects,
          ...this.#admitted(name, variables, coerced, runCompiled),
        };
      },
    };
  }

  /** What stands beside such a field would be executed once more with it. @throws GraphQLError when something does */
  #answersLater(operation: OperationDefinitionNode, fragments: Fragments, rootFieldCount: number): boolean {
    const fields = this.schema.getRootType(operation.operation)?.getFields() ?? {};
    const waiting = [...rootFieldNames(operation, fragments)].find((name) => fields[name]?.extensions['answersLater']);
    if (waiting === undefined) return false;
    if (rootFieldCount === 1) return true;
    throw new GraphQLError(`${waiting} waits for what it begins: send it in an operation of its own.`);
  }

  #admitted(operationName: string | null, variableValues: Variables, coerced: Variables, runCompiled: Run) {
    const { schema, document, hideSuggestions } = this;
    const args = { schema, document, operationName, variableValues, hideSuggestions };
    const ask = (rootValue: unknown, contextValue: unknown) => execute({ ...args, rootValue, contextValue });
    return {
      run: (root: unknown, context: unknown) => {
        const result = runCompiled(root, context, coerced);
        if (result instanceof Promise) return result.then((answer) => answer ?? ask(root, context));
        return result ?? ask(root, context);
      },
      open: (contextValue: unknown) => createSourceEventStream({ ...args, contextValue }),
    };
  }

  #coerce({ variableDefinitions = [] }: OperationDefinitionNode, variables: Variables): Variables {
    if (variableDefinitions.length === 0) return {};
    const options = { maxErrors: maxCoercionErrors, hideSuggestions: this.hideSuggestions };
    const { coerced, errors } = getVariableValues(this.schema, variableDefinitions, variables, options);
    if (errors) throw new InvalidDocument(errors);
    return coerced;
  }
}

/** A document that breaks rules of the specification; or variables that do not fit it. */
export class InvalidDocument extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('The document is not valid.');
  }
}

/** Whether an operation asks only for the schema itself. */
export function isPublic({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every((field) => field.kind === Kind.FIELD && field.name.value.startsWith('__'));
}

/** Objects that a syntax tree consists of. */
function nodesOf(tree: unknown): number {
  if (typeof tree !== 'object' || tree === null) return 0;
  let nodes = 1;
  for (const value of Object.values(tree)) nodes += nodesOf(value);
  return nodes;
}
