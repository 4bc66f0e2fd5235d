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
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../errors.js';
import { CompiledOperations, type Run } from './compiled-operations.js';
import { checkCost, costOf, type Variables } from './cost.js';
import {
  checkDocument,
  checkText,
  checkVariables,
  fragmentsOf,
  LimitExceeded,
  rootFieldsOf,
  strangersTextLimits,
  type TextLimits,
  textLimits,
} from './limits.js';
import { hashOf, persistedHash, TrustedDocuments } from './trusted-documents.js';

/** What a client sent to be run, as it came. */
export interface DocumentRequest {
  readonly query?: string | null | undefined;
  /** `{ persistedQuery: { version: 1, sha256Hash } }` stands for the text of a trusted document. */
  readonly extensions?: unknown;
  readonly operationName?: string | null | undefined;
  /** Whether the caller's token was found good: strangers may ask for the schema at most. */
  readonly signedIn: boolean;
}

/** An operation that has been parsed and validated. */
export interface PreparedOperation {
  readonly type: OperationTypeNode;
  readonly name: string | null;
  /** The document's text. */
  readonly source: string;
  readonly document: DocumentNode;
  /** Root fields, aliases and fragments counted out: each of a mutation counts in the rate limits. */
  readonly rootFieldCount: number;
  /** Asks only for the schema itself, or for nothing: nobody has to be signed in for that. */
  readonly isPublic: boolean;
  /** @throws GraphQLError or InvalidDocument when the variables do not fit, or when it asks for too much with them */
  admit(variables: Record<string, unknown>): AdmittedOperation;
}

/** An operation with variables that fit it. */
export interface AdmittedOperation {
  /** Runs it; a subscription's event is its root. */
  run(root: unknown, context: unknown): Promise<ExecutionResult> | ExecutionResult;
  /** Opens a subscription's stream of events, or says why it cannot be opened. */
  open(context: unknown): Promise<AsyncIterable<unknown> | ExecutionResult>;
}

/** What differs between one environment and another. */
export interface DocumentOptions {
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** Whether errors say which name might have been meant. */
  readonly suggestions: boolean;
  readonly trusted?: TrustedDocuments;
  /** Refuses all documents but the trusted ones. */
  readonly trustedOnly?: boolean;
  /** What documents may keep in memory, and as much again what was compiled of them. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 48 * 1_024 * 1_024;
/** What a node of a syntax tree keeps: measured were 57–83 bytes, and up to 6 for what its cost follows from. */
const bytesPerNode = 90;
/** What each operation or fragment keeps beside its nodes. */
const bytesPerDefinition = 1_500;
const maxErrors = 5;
/** Errors of a request's variables. */
const maxCoercionErrors = 20;

/** Documents that have been read are kept, as far as memory allows, and what comes again is compiled. */
export class Documents {
  readonly #read: LRUCache<string, ReadDocument>;
  readonly #trusted = new Map<string, ReadDocument>();
  readonly #compiled: CompiledOperations;
  readonly #rules: readonly ValidationRule[];

  constructor(
    readonly schema: GraphQLSchema,
    private readonly options: DocumentOptions,
  ) {
    const { maxBytes = defaultMaxBytes } = options;
    this.#read = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
    this.#compiled = new CompiledOperations(schema, maxBytes);
    this.#rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /** What is kept, in bytes as reckoned. */
  get kept(): { readonly documents: number; readonly compiled: number } {
    return { documents: this.#read.calculatedSize, compiled: this.#compiled.bytes };
  }

  /**
   * An operation that is ready to run.
   * @throws GraphQLError or InvalidDocument, what is wrong with it; NOT_FOUND for a hash that nobody knows;
   * UNAUTHENTICATED; FORBIDDEN where only trusted documents are run
   */
  prepare({ query, extensions, operationName, signedIn }: DocumentRequest): PreparedOperation {
    const document = signedIn ? this.#documentOf(query ?? '', extensions) : this.#strangersDocument(query ?? '');
    return document.operation(operationName || null);
  }

  #documentOf(query: string, extensions: unknown): ReadDocument {
    const { trusted = TrustedDocuments.none, trustedOnly = false } = this.options;
    const hash = persistedHash(extensions);
    if (hash !== null && query === '') return this.#trustedDocument(hash, trusted.textOf(hash));
    if (hash !== null || trustedOnly) {
      checkText(query, textLimits);
      const own = hashOf(query);
      if (hash !== null && hash !== own) throw new GraphQLError('The document has another SHA-256.');
      if (trusted.has(own)) return this.#trustedDocument(own, query);
      if (trustedOnly) throw new AppError('FORBIDDEN', 'Only trusted documents are run here.');
    }
    const known = this.#read.get(query);
    if (known) return known;
    const read = this.#readDocument(query, textLimits, () => undefined);
    this.#read.set(query, read);
    return read;
  }

  #trustedDocument(hash: string, text: string): ReadDocument {
    const known = this.#trusted.get(hash);
    if (known) return known;
    const read = this.#readDocument(text, textLimits, () => undefined, true);
    this.#trusted.set(hash, read);
    return read;
  }

  /** Nothing of it is kept: strangers would fill the cache. */
  #strangersDocument(query: string): ReadDocument {
    const { introspection, trustedOnly = false } = this.options;
    if (!introspection || trustedOnly) throw signInFirst();
    return this.#readDocument(query, strangersTextLimits, ({ definitions }) => {
      const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
      if (!operations.every(isPublic)) throw signInFirst();
    });
  }

  #readDocument(source: string, limits: TextLimits, check: (document: DocumentNode) => void, compiledAtOnce = false) {
    checkText(source, limits);
    const document = parseText(source, limits);
    check(document);
    checkDocument(document);
    const { suggestions } = this.options;
    const errors = validate(this.schema, document, this.#rules, { maxErrors, hideSuggestions: !suggestions });
    if (errors.length > 0) throw new InvalidDocument(errors);
    // Without places in the text it takes a third of the memory; only its errors need them.
    const kept = parse(source, { noLocation: true });
    return new ReadDocument(this.schema, source, kept, !suggestions, this.#compiled, compiledAtOnce);
  }
}

/** A valid document. */
class ReadDocument {
  readonly #operations = new Map<string | null, PreparedOperation>();
  /** What it keeps in memory, as reckoned. */
  readonly bytes: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly source: string,
    private readonly document: DocumentNode,
    private readonly hideSuggestions: boolean,
    private readonly compiled: CompiledOperations,
    private readonly compiledAtOnce: boolean,
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
    const runCompiled = this.compiled.runnerOf(operation, fragments, this.compiledAtOnce);
    return {
      type: operation.operation,
      name,
      source,
      document,
      rootFieldCount: rootFieldsOf(operation, fragments),
      isPublic: isIntrospection,
      admit: (variables) => {
        checkVariables(variables);
        const coerced = this.#coerce(operation, variables);
        checkCost(cost(coerced), isIntrospection);
        return this.#admitted(name, variables, coerced, runCompiled);
      },
    };
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

function parseText(source: string, { maxTokens }: TextLimits): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw new LimitExceeded('nesting', 'The document is nested too deep.');
    if (error instanceof GraphQLError && error.message.includes('tokens')) {
      throw new LimitExceeded('tokens', `A document may have at most ${maxTokens} tokens.`);
    }
    throw error;
  }
}

function isPublic({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every((field) => field.kind === Kind.FIELD && field.name.value.startsWith('__'));
}

function signInFirst(): AppError {
  return new AppError('UNAUTHENTICATED', 'Sign in first.');
}

/** Objects that a syntax tree consists of. */
function nodesOf(tree: unknown): number {
  if (typeof tree !== 'object' || tree === null) return 0;
  let nodes = 1;
  for (const value of Object.values(tree)) nodes += nodesOf(value);
  return nodes;
}
