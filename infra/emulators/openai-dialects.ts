import { randomUUID } from 'node:crypto';
import type { Behaviour } from './openai-control.js';

/** A tool call as `_control` is told of it. */
type ToldCall = NonNullable<Behaviour['toolCalls']>[number];

/** How a server words the chunks of its streams. */
export interface Dialect {
  /** Chunks before the first of the answer: what they have besides id and model. */
  readonly before: readonly object[];
  /** The first delta. */
  readonly first: object;
  text(text: string): object;
  /** What a choice has beside its delta. */
  readonly choice: object;
  /** Tool calls, a delta each time, and the delta of the last chunk. */
  calls(calls: readonly ToldCall[]): { readonly deltas: readonly object[]; readonly last: object };
  /** The reason to end of an answer with calls. */
  readonly callsReason: string;
  /** Whether usage comes with the last chunk, or in one of its own. */
  readonly usage: 'last' | 'apart';
}

const written = ({ arguments: given }: ToldCall) => (typeof given === 'string' ? given : JSON.stringify(given));
const idOf = (length: number) => randomUUID().replaceAll('-', '').slice(0, length);

/** Calls one after another, each with its name first and its arguments in pieces. */
function inPieces(calls: readonly ToldCall[], idField: () => object): object[] {
  return calls.flatMap((call, index) => [
    { tool_calls: [{ index, ...idField(), type: 'function', function: { name: call.name, arguments: '' } }] },
    ...(written(call).match(/.{1,7}/gsu) ?? []).map((piece) => ({
      tool_calls: [{ index, function: { arguments: piece } }],
    })),
  ]);
}

const openai: Dialect = {
  before: [],
  first: { role: 'assistant', content: '' },
  text: (content) => ({ content }),
  choice: {},
  calls: (calls) => ({ deltas: inPieces(calls, () => ({ id: `call_${idOf(24)}` })), last: {} }),
  callsReason: 'tool_calls',
  usage: 'apart',
};

const filtered = { hate: { filtered: false, severity: 'safe' } };

/** What each has been seen to send: the links are in `src/providers/openai`, where it is read. */
export const dialects: Readonly<Record<NonNullable<Behaviour['dialect']>, Dialect>> = {
  openai,
  azure: {
    ...openai,
    before: [{ id: '', model: '', prompt_filter_results: [{ prompt_index: 0, content_filter_results: filtered }] }],
    first: { role: 'assistant', content: null, refusal: null },
    choice: { content_filter_results: filtered, logprobs: null },
  },
  ollama: {
    ...openai,
    text: (content) => ({ role: 'assistant', content }),
    calls: (calls) => ({
      deltas: calls.map((call) => ({
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            index: 0,
            id: `call_${idOf(8)}`,
            type: 'function',
            function: { name: call.name, arguments: written(call) },
          },
        ],
      })),
      last: { role: 'assistant', content: '' },
    }),
    callsReason: 'stop',
  },
  vllm: {
    ...openai,
    calls: (calls) => ({
      deltas: [{ reasoning_content: 'I need a tool.' }, ...inPieces(calls, () => ({}))],
      last: { content: '' },
    }),
  },
  llamacpp: {
    ...openai,
    first: { role: 'assistant', content: null },
    calls: (calls) => ({ deltas: inPieces(calls, () => ({ id: '' })), last: {} }),
  },
  gemini: {
    ...openai,
    first: { role: 'assistant' },
    text: (content) => ({ role: 'assistant', content }),
    calls: (calls) => ({
      deltas: calls.map((call, index) => ({
        role: 'assistant',
        tool_calls: [
          {
            id: `function-call-${idOf(12)}`,
            type: 'function',
            function: { name: call.name, arguments: written(call) },
            ...(index === 0 ? { extra_content: { google: { thought_signature: 'c2lnbmVk' } } } : {}),
          },
        ],
      })),
      last: { role: 'assistant' },
    }),
    callsReason: 'stop',
    usage: 'last',
  },
  mistral: {
    ...openai,
    text: (text) => ({ content: [{ type: 'text', text }] }),
    calls: (calls) => ({
      deltas: [],
      last: {
        content: '',
        tool_calls: calls.map((call, index) => ({
          id: idOf(9),
          function: { name: call.name, arguments: written(call) },
          index,
        })),
      },
    }),
    usage: 'last',
  },
};
