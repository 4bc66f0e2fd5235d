import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Behaviour, Control, ControlState } from './openai-control.js';
import { type Dialect, dialects } from './openai-dialects.js';
import { answerAbout, halves, tokensOf } from './openai-texts.js';
import {
  BadRequest,
  type Emulator,
  type Handler,
  type ListenOptions,
  readJson,
  sendJson,
  startServer,
} from './server.js';
import { valueOfSchema } from './value-of-schema.js';

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullish() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: z.unknown().optional() }).optional() })
    .nullish(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

const defaultTokensPerSecond = 50;
/** Tokens written at once when nothing slows them down. */
const burst = 50;
/** Between two stamps at least, which have three decimals. */
const stampStepMs = 0.002;

/** Stands in for OpenAI's chat completions, streamed and whole. @throws the server's own error, such as EADDRINUSE */
export async function startOpenAiEmulator(options: ListenOptions): Promise<Emulator> {
  const state = new ControlState();
  const handler: Handler = async ({ method, path, headers, body }, response) => {
    const route = `${method} ${path}`;
    if (route === 'GET /_control') return sendJson(response, 200, state.show());
    if (route === 'POST /_control') {
      state.set(readJson(Control, body));
      return sendJson(response, 200, state.show());
    }
    if (!/^Bearer .+/.test(headers.authorization ?? '')) return sendError(response, 401, 'invalid_api_key');
    if (route === 'GET /v1/models')
      return sendJson(response, 200, { object: 'list', data: [{ id: 'emulated', object: 'model' }] });
    if (route !== 'POST /v1/chat/completions') return sendError(response, 404, 'not_found');
    const request = readChat(body, response);
    if (request) await complete(state, request, response);
  };
  return startServer(handler, options);
}

/** A bad request is answered in OpenAI's words, and null here. */
function readChat(body: string, response: ServerResponse): ChatRequest | null {
  try {
    return readJson(ChatRequest, body);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    sendError(response, 400, 'invalid_request', error.message);
    return null;
  }
}

async function complete(state: ControlState, request: ChatRequest, response: ServerResponse): Promise<void> {
  state.requests += 1;
  const { messages, ...rest } = request;
  state.lastMessages = messages;
  state.lastRequest = rest;
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const behaviour = state.take(question);
  if (request.stream) watch(state, response);
  // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
  if (behaviour.delayMs) await pause(behaviour.delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (behaviour.status) return sendError(response, behaviour.status, 'emulated_failure');
  const refusal = refusalOf(request, behaviour);
  if (refusal) return sendError(response, refusal.status, 'unsupported_parameter', refusal.message);
  const spoken = behaviour.tokens ?? tokensOf(textOf(request, behaviour));
  const tokens = behaviour.splitSurrogates ? spoken.flatMap(halves) : spoken;
  if (request.stream) return stream(request, behaviour, behaviour.chunks ?? tokens, response);
  if (behaviour.hangAfter !== undefined) return;
  if (behaviour.cutAfter !== undefined) return void response.destroy();
  sendJson(response, 200, whole(request, behaviour, tokens.join('')));
}

/** What a server of its kind does not take of a request. */
function refusalOf(request: ChatRequest, behaviour: Behaviour): { status: number; message: string } | null {
  if (behaviour.refuseJsonSchema && request.response_format?.type === 'json_schema')
    return { status: 400, message: 'This response_format type is unavailable now' };
  if (behaviour.refuseMaxTokens && request.max_tokens) {
    const message = `Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.`;
    return { status: 400, message };
  }
  if (behaviour.dialect === 'mistral' && request.max_completion_tokens)
    return { status: 422, message: 'Extra inputs are not permitted: max_completion_tokens' };
  return null;
}

/** What is answered where no tokens were given. */
function textOf(request: ChatRequest, { text, toolCalls, json }: Behaviour): string {
  if (text !== undefined) return text;
  if (toolCalls) return '';
  const { response_format: format } = request;
  if (format?.type === 'json_schema') return JSON.stringify(json ?? valueOfSchema(format.json_schema?.schema));
  if (format?.type === 'json_object') return JSON.stringify(json ?? {});
  return answerAbout(promptOf(request));
}

/** From the request on, so that one who leaves before the first byte is seen too. */
function watch(state: ControlState, response: ServerResponse): void {
  state.open += 1;
  response.once('close', () => {
    state.open -= 1;
    if (!response.writableFinished && !response.errored) state.abortedByClient += 1;
  });
}

async function stream(
  request: ChatRequest,
  behaviour: Behaviour,
  pieces: readonly (string | object)[],
  response: ServerResponse,
): Promise<void> {
  const dialect = dialects[behaviour.dialect ?? 'openai'];
  const event = eventsOf(request);
  const lineOf = linesOf(dialect, event);
  const calls = dialect.calls(behaviour.toolCalls ?? []);
  const all = behaviour.toolCalls ? [...pieces, ...calls.deltas.map((delta) => chunkOf(dialect, delta))] : pieces;
  const { cutAfter, endAfter, hangAfter } = behaviour;
  const end = Math.min(all.length, cutAfter ?? Infinity, endAfter ?? Infinity, hangAfter ?? Infinity);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(dialect.before.map(event).join('') + event(chunkOf(dialect, dialect.first)));
  await writePieces(behaviour, all.slice(0, end), lineOf, response);
  if (response.destroyed || hangAfter !== undefined) return;
  if (cutAfter !== undefined) {
    // What was sent goes out before the line breaks.
    await pause(5);
    response.destroy(new Error('cut'));
    return;
  }
  if (endAfter !== undefined) return void response.end();
  const last = chunkOf(dialect, behaviour.toolCalls ? calls.last : {}, reasonOf(behaviour, dialect));
  const usage = usageOf(request, behaviour, end);
  if (usage && dialect.usage === 'last') response.write(event({ ...last, usage }));
  else response.write(event(last) + (usage ? event({ usage }) : ''));
  response.end(behaviour.omitDone ? undefined : 'data: [DONE]\n\n');
}

/** Makes the lines of a chunk of what it has besides id and model. */
function eventsOf({ model }: ChatRequest): (chunk: object) => string {
  const base = { id: 'chatcmpl-emulated', object: 'chat.completion.chunk', created: 1_700_000_000, model, choices: [] };
  return (chunk) => `data: ${JSON.stringify({ ...base, ...chunk })}\n\n`;
}

function chunkOf({ choice }: Dialect, delta: object, reason: string | null = null): object {
  return { choices: [{ index: 0, delta, ...choice, finish_reason: reason }] };
}

/** Only the text differs: the rest of a chunk is written out once. */
function linesOf(dialect: Dialect, event: (chunk: object) => string): (piece: string | object) => string {
  const [before = '', after = ''] = event(chunkOf(dialect, dialect.text('<text>'))).split('"<text>"');
  return (piece) => (typeof piece === 'string' ? before + JSON.stringify(piece) + after : event(piece));
}

function reasonOf({ finishReason, toolCalls }: Behaviour, { callsReason }: Dialect): string {
  return finishReason ?? (toolCalls ? callsReason : 'stop');
}

/** What is reported of an answer of so many pieces; null when nothing is. */
function usageOf(request: ChatRequest, { usage }: Behaviour, pieces: number): object | null {
  if (!request.stream_options?.include_usage || usage === null) return null;
  const counted = usage ?? { prompt_tokens: tokensOf(promptOf(request)).length, completion_tokens: pieces };
  return { ...counted, total_tokens: counted.prompt_tokens + counted.completion_tokens };
}

/** At the asked pace, measured from the start, so that a late timer does not slow the whole answer. */
async function writePieces(
  { tokensPerSecond = defaultTokensPerSecond, stamp }: Behaviour,
  pieces: readonly (string | object)[],
  lineOf: (piece: string | object) => string,
  response: ServerResponse,
): Promise<void> {
  const stampOf = stamps();
  const line = (piece: string | object) => lineOf(stamp ? stampOf() : piece);
  if (tokensPerSecond === 0) {
    for (let from = 0; from < pieces.length && !response.destroyed; from += burst) {
      const lines = pieces.slice(from, from + burst).map(line);
      if (!response.write(lines.join(''))) await drained(response);
    }
    return;
  }
  const startedAt = performance.now();
  for (const [index, piece] of pieces.entries()) {
    const wait = startedAt + (index * 1_000) / tokensPerSecond - performance.now();
    if (wait > 0) await pause(wait);
    if (response.destroyed) return;
    if (!response.write(line(piece))) await drained(response);
  }
}

/** The moment, whenever it is asked; each is later than the one before, so that a text shows which of them is missing. */
function stamps(): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + stampStepMs, performance.timeOrigin + performance.now());
    return `${last.toFixed(3)};`;
  };
}

/** Until the reader took what was written, or left. */
function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

function whole(request: ChatRequest, behaviour: Behaviour, content: string): object {
  const calls = behaviour.toolCalls?.map(({ name, arguments: given }, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }));
  const message = { role: 'assistant', content, ...(calls ? { tool_calls: calls } : {}) };
  return {
    id: 'chatcmpl-emulated',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.model,
    choices: [{ index: 0, message, finish_reason: reasonOf(behaviour, dialects.openai) }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function promptOf({ messages }: ChatRequest): string {
  return messages.map(({ content }) => content ?? '').join('\n');
}

function sendError(response: ServerResponse, status: number, code: string, message = 'An emulated error.'): void {
  sendJson(response, status, { error: { message, type: 'emulated', code, param: null } });
}
