import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.js';
import { errorCodeOf } from '../error-code.js';

/** Bytes of the largest manifest: its documents are kept for good. */
const maxManifestBytes = 2 * 1_024 * 1_024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/i, 'must be a SHA-256 in hex');
const Manifest = z.record(sha256, z.string());
const Extensions = z.object({ persistedQuery: z.object({ version: z.literal(1), sha256Hash: sha256 }) });

/**
 * The documents that are known by their SHA-256 before anybody sends one: codegen writes them from `operations/`, and
 * clients register none.
 */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;

  private constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  static readonly none = new TrustedDocuments(new Map());

  /** Reads a manifest's file; one that may be missing has no documents then. @throws Error when it is not a manifest */
  static async read(file: string, { mayBeMissing = false } = {}): Promise<TrustedDocuments> {
    try {
      const { size } = await stat(file);
      if (size > maxManifestBytes) throw new Error(`${file} has more than ${maxManifestBytes} bytes.`);
      return TrustedDocuments.parse(await readFile(file, 'utf8'));
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT') throw error;
      if (mayBeMissing) return TrustedDocuments.none;
      throw new Error('there is no such file', { cause: error });
    }
  }

  /** Parses a manifest, `{ "<SHA-256 of the text, hex>": "<text>" }`. @throws Error when it is not one */
  static parse(json: string): TrustedDocuments {
    const parsed = Manifest.safeParse(jsonOf(json));
    if (!parsed.success) throw new Error('This is no manifest of trusted documents: run `npm run codegen`.');
    const manifest = Object.entries(parsed.data);
    const wrong = manifest.find(([hash, text]) => hashOf(text) !== hash);
    if (wrong) throw new Error(`The trusted document ${wrong[0]} has another SHA-256: run \`npm run codegen\`.`);
    return new TrustedDocuments(new Map(manifest));
  }

  /** @throws NOT_FOUND as clients of persisted queries expect it: they then send the text */
  textOf(hash: string): string {
    const text = this.#texts.get(hash);
    if (text === undefined) throw new AppError('NOT_FOUND', 'PersistedQueryNotFound');
    return text;
  }

  get isEmpty(): boolean {
    return this.#texts.size === 0;
  }

  has(hash: string): boolean {
    return this.#texts.has(hash);
  }
}

/** Nothing when the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** SHA-256 of a document's text, in lower-case hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The hash of the document that a client means, out of `extensions.persistedQuery`; null when it names none.
 * @throws GraphQLError when there is one that is not understood
 * @see https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function persistedHash(extensions: unknown): string | null {
  const isNamed = typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;
  if (!isNamed) return null;
  const parsed = Extensions.safeParse(extensions);
  if (!parsed.success) throw new GraphQLError('extensions.persistedQuery must be { version: 1, sha256Hash }.');
  return parsed.data.persistedQuery.sha256Hash.toLowerCase();
}
