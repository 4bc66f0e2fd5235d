import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ToolCall } from './language-model.js';
import { parseStorable, storable } from './storable.js';

const maxCalls = 20;
/** UTF-8 bytes of all that the calls of one answer are made of. */
const maxBytes = 65_536;
/**
 * Letters and digits of an id that we make: Mistral's models take no other number.
 * @see https://github.com/mistralai/client-js/issues/69
 */
const idLength = 9;

/**
 * Arguments come as text, in pieces or whole; as an object from LiteLLM before Ollama.
 * @see https://github.com/BerriAI/litellm/pull/37792
 */
const Arguments = z
  .unknown()
  .optional()
  .transform((given) => {
    if (typeof given === 'string') return given;
    return given === null || given === undefined ? '' : JSON.stringify(given);
  });
/**
 * A piece of a tool call. What servers leave out or add is taken for what it can be: Gemini and older versions of Ollama
 * send no index, vLLM no id in streams, Mistral "null" for it in later pieces, Qwen and DeepSeek the id in each piece.
 * @see https://github.com/openai/openai-python/issues/2806
 * @see https://github.com/ollama/ollama/issues/7881
 * @see https://github.com/vllm-project/vllm/issues/18412
 * @see https://github.com/zed-industries/zed/pull/54058
 * @see https://github.com/langchain4j/langchain4j/pull/4544
 */
const CallPiece = z
  .object({
    index: z.int().min(0).optional().catch(undefined),
    id: z.string().catch(''),
    function: z.object({ name: z.string().catch(''), arguments: Arguments }).catch({ name: '', arguments: '' }),
    extra_content: z.unknown().optional(),
  })
  .transform(({ index, id, function: { name, arguments: text }, extra_content: extraContent }) => ({
    index,
    id: id === 'null' ? '' : id,
    name,
    text,
    extraContent: extraContent ?? undefined,
  }));
export type CallPiece = z.infer<typeof CallPiece>;

/** The pieces of tool calls in a delta; null and what is not understood are none. */
export const CallPieces = z
  .array(CallPiece.nullable().catch(null))
  .transform((pieces) => pieces.filter((piece) => piece !== null))
  .catch([]);

/** The one call that models made before there were tools: servers that are older still send it so. */
export const LegacyCallPiece = z
  .looseObject({})
  .transform((given) => [CallPiece.parse({ function: given })])
  .catch([]);

/** A call of which more may come. */
interface OpenCall {
  readonly index: number | undefined;
  id: string;
  name: string;
  text: string;
  extraContent: unknown;
  /** It is beyond what an answer may have. */
  isLeftOut: boolean;
}

/** Puts together the tool calls of one answer. */
export class ToolCalls {
  readonly #calls: OpenCall[] = [];
  #bytes = 0;

  /** Takes a piece; true when it brings anything. Of what is beyond all that there may be nothing is kept. */
  add(piece: CallPiece): boolean {
    const extra = piece.extraContent === undefined ? '' : JSON.stringify(piece.extraContent);
    const bytes = Buffer.byteLength(piece.id + piece.name + piece.text + extra);
    if (bytes === 0) return false;
    const call = this.#callOf(piece) ?? this.#begin(piece);
    this.#bytes += bytes;
    // It would not be whole.
    if (this.#bytes > maxBytes) call.isLeftOut = true;
    if (call.isLeftOut) return true;
    call.id ||= piece.id;
    call.name ||= piece.name;
    call.text += piece.text;
    call.extraContent = piece.extraContent ?? call.extraContent;
    return true;
  }

  /**
   * The calls that have a name, in the order in which they began.
   * @param isCut the answer was cut for length: a call that is not whole is none, since nobody knows what it would ask for
   */
  take(isCut: boolean): ToolCall[] {
    const ids = new Set<string>();
    return this.#calls
      .filter(({ name, text, isLeftOut }) => name !== '' && !isLeftOut && !(isCut && parsed(text) === undefined))
      .map(({ id: given, name, text, extraContent }) => {
        const own = storable(given);
        const id = own === '' || ids.has(own) ? newId() : own;
        ids.add(id);
        // Of a tool without parameters some models write nothing.
        const value = text.trim() === '' ? {} : parsed(text);
        const extra = extraContent === undefined ? {} : { extraContent: parsed(JSON.stringify(extraContent)) };
        return { id, name: storable(name), arguments: value, ...extra };
      });
  }

  #begin({ index }: CallPiece): OpenCall {
    const isLeftOut = this.#calls.length >= maxCalls;
    const call = { index, id: '', name: '', text: '', extraContent: undefined, isLeftOut };
    // One stands for all that are beyond the last.
    if (this.#calls.length <= maxCalls) this.#calls.push(call);
    return call;
  }

  /** The call that a piece continues, by its index, else by its id, else the last one; null when it begins another. */
  #callOf(piece: CallPiece): OpenCall | null {
    const { index, id, name } = piece;
    const called = id === '' ? undefined : this.#calls.findLast((call) => call.id === id);
    const numbered = this.#calls.findLast((call) => call.index === index);
    // Some number only what follows the beginning.
    const unnumbered = name === '' ? this.#calls.findLast((call) => call.index === undefined) : undefined;
    const call = index === undefined ? (called ?? this.#calls.at(-1)) : (numbered ?? unnumbered);
    return call && !beginsAnother(call, piece) ? call : null;
  }
}

/**
 * Whether a piece with the index of a call, or without any, is of another call. Ollama counts all as number 0, and each is
 * whole; while others repeat id and name in each piece of one call.
 * @see https://github.com/ollama/ollama/issues/15457
 */
function beginsAnother(call: OpenCall, { id, name, text }: CallPiece): boolean {
  if (name === '' || call.name === '') return false;
  if (name !== call.name || (id !== '' && call.id !== '' && id !== call.id)) return true;
  return text.trim() !== '' && parsed(call.text) !== undefined;
}

/** The value of a JSON text; undefined when it is none. */
function parsed(text: string): unknown {
  try {
    return parseStorable(text);
  } catch {
    return undefined;
  }
}

function newId(): string {
  return randomUUID().replaceAll('-', '').slice(0, idLength);
}
