import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../kernel/errors.js';
import { gaugeOnScrape, type Metrics } from '../metrics.js';
import { CompiledOperations } from './compiled-operations.js';
import { checkDocument } from './document-size.js';
import { checkText, LimitExceeded, strangersTextLimits, type TextLimits, textLimits } from './limits.js';
import { InvalidDocument, isPublic, type PreparedOperation, ReadDocument } from './read-document.js';
import { checkSubscriptionRoots } from './subscription-root.js';
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
const maxErrors = 5;
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
    checkText(query, textLimits);
    const own = hashOf(query);
    const read = trusted.has(own)
      ? this.#trustedDocument(own, query)
      : this.#readDocument(query, textLimits, () => undefined);
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

  #readDocument(source: string, limits: TextLimits, check: (document: DocumentNode) => void, isTrusted = false) {
    checkText(source, limits);
    const document = parseText(source, limits);
    check(document);
    checkDocument(document);
    checkSubscriptionRoots(document);
    const { suggestions } = this.options;
    const errors = validate(this.schema, document, this.#rules, { maxErrors, hideSuggestions: !suggestions });
    if (errors.length > 0) throw new InvalidDocument(errors);
    // Without places in the text it takes a third of the memory; only its errors need them.
    const kept = parse(source, { noLocation: true });
    return new ReadDocument(this.schema, source, kept, !suggestions, this.#compiled, isTrusted);
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

function signInFirst(): AppError {
  return new AppError('UNAUTHENTICATED', 'Sign in first.');
}

/** Has whoever scrapes see what documents keep in memory. */
export function observeDocuments(metrics: Metrics, documents: Documents): void {
  const definition = {
    name: 'graphql_document_cache_bytes',
    help: 'What read documents and compiled operations keep in memory, as reckoned.',
    labelNames: ['cache'],
  };
  gaugeOnScrape(metrics, definition, () =>
    Object.entries(documents.kept).map(([cache, value]) => ({ labels: { cache }, value })),
  );
}
