import {
  type DocumentNode,
  type ExecutionResult,
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
import { compileQuery, fieldExpansionEnricher, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { costMessage, costOf, limitRules, parseOptions } from './limits.js';

/** What a client sent to be run, as it came. */
export interface DocumentRequest {
  readonly query?: string | null | undefined;
  /** `{ persistedQuery: { version: 1, sha256Hash } }` stands for the text of a trusted document. */
  readonly extensions?: unknown;
  readonly operationName?: string | null | undefined;
  /** Whether the caller's token was found good: strangers may ask for the schema at most. */
  readonly signedIn: boolean;
}

/** An operation that has been parsed and validated, and is ready to run. */
export interface PreparedOperation {
  readonly type: OperationTypeNode;
  readonly name: string | null;
  /** The document's text. */
  readonly source: string;
  readonly document: DocumentNode;
  /** Root fields, aliases and fragments counted out: each of a mutation counts in the rate limits. */
  readonly rootFieldCount: number;
  /** Runs it; a subscription's event is its root. */
  run(root: unknown, context: unknown, variables: Record<string, unknown>): Promise<ExecutionResult> | ExecutionResult;
  /** Asks only for the schema itself, or for nothing: nobody has to be signed in for that. */
  readonly isPublic: boolean;
  /** @throws GraphQLError when it asks for too much with these variables */
  checkCost(variables: Record<string, unknown>): void;
}

const documentsKept = 1_000;
const costsKept = 50;
/** Longer documents are refused unread. */
const longestDocument = 50_000;

/** Resolvers are told what is selected below them. */
const compilerOptions = { disablingCapturingStackErrors: true, resolverInfoEnricher: fieldExpansionEnricher };

/** Documents parsed, validated and compiled once and kept. */
export class Documents {
  readonly #parsed = new LRUCache<string, DocumentNode>({ max: documentsKept });
  readonly #compiled = new WeakMap<DocumentNode, Map<string | null, PreparedOperation>>();

  readonly #rules: readonly ValidationRule[];

  constructor(
    readonly schema: GraphQLSchema,
    { introspection }: { readonly introspection: boolean },
  ) {
    this.#rules = [...specifiedRules, ...limitRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  }

  /** An operation that is ready to run. @throws GraphQLError, InvalidDocument or AppError, what is wrong with it */
  prepare({ query, operationName }: DocumentRequest): PreparedOperation {
    const source = query ?? '';
    return this.#compile(source, this.#read(source), operationName || null);
  }

  /** The validated document of a text. */
  #read(source: string): DocumentNode {
    const known = this.#parsed.get(source);
    if (known) return known;
    if (source.length > longestDocument) throw new GraphQLError('The document is too long.');
    const document = parse(source, parseOptions);
    const errors = validate(this.schema, document, this.#rules, { maxErrors: 20 });
    if (errors.length > 0) throw new InvalidDocument(errors);
    this.#parsed.set(source, document);
    return document;
  }

  #compile(source: string, document: DocumentNode, operationName: string | null): PreparedOperation {
    const ofDocument = this.#compiled.get(document) ?? new Map<string | null, PreparedOperation>();
    this.#compiled.set(document, ofDocument);
    const known = ofDocument.get(operationName);
    if (known) return known;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new GraphQLError('The document has no such operation, or several and no operationName.');
    const name = operation.name?.value ?? null;
    const compiled = compileQuery(this.schema, document, name ?? undefined, compilerOptions);
    if (!isCompiledQuery(compiled)) throw compiled.errors?.[0] ?? new Error('The operation cannot be compiled.');
    const made: PreparedOperation = {
      type: operation.operation,
      name,
      source,
      document,
      rootFieldCount: operation.selectionSet.selections.length,
      isPublic: operation.selectionSet.selections.every(
        (field) => field.kind === Kind.FIELD && field.name.value.startsWith('__'),
      ),
      run: (root, context, variables) => compiled.query(root, context, this.#coerce(operation, variables)),
      checkCost: this.#costCheck(document, name),
    };
    ofDocument.set(operationName, made);
    return made;
  }

  /** graphql-jit refuses an omitted input field that is non-null and has a default: the reference fills it in first. */
  #coerce({ variableDefinitions = [] }: OperationDefinitionNode, variables: Record<string, unknown>) {
    if (variableDefinitions.length === 0) return variables;
    const { coerced, errors } = getVariableValues(this.schema, variableDefinitions, variables, { maxErrors: 20 });
    if (errors) throw new InvalidDocument(errors);
    return coerced;
  }

  /** Numbers and booleans among the variables are all that the cost can depend on: each combination is reckoned once. */
  #costCheck(document: DocumentNode, operationName: string | null): PreparedOperation['checkCost'] {
    const verdicts = new LRUCache<string, boolean>({ max: costsKept });
    return (variables) => {
      let key = '';
      for (const name in variables) {
        const value = variables[name];
        if (typeof value === 'number' || typeof value === 'boolean') key += `${name}=${value};`;
      }
      let tooHigh = verdicts.get(key);
      if (tooHigh === undefined) {
        tooHigh = costOf(this.schema, document, operationName, variables).tooHigh;
        verdicts.set(key, tooHigh);
      }
      if (tooHigh) throw new GraphQLError(costMessage);
    };
  }
}

/** A document that breaks rules of the specification, or a limit; or variables that do not fit it. */
export class InvalidDocument extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('The document is not valid.');
  }
}
