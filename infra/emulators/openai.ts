import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Behaviour, Control, ControlState } from './openai-control.js';
import {
  BadRequest,
  type Emulator,
  type Handler,
  type ListenOptions,
  readJson,
  sendJson,
  startServer,
} from './server.js';

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

const defaultTokensPerSecond = 50;
/** Tokens written at once when nothing slows them down. */
const burst = 50;

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
  state.lastMessages = request.messages;
  const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const behaviour = state.take(question);
  if (request.stream) watch(state, response);
  // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
  if (behaviour.delayMs) await pause(behaviour.delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (behaviour.status) return sendError(response, behaviour.status, 'emulated_failure');
  const spoken = behaviour.tokens ?? tokensOf(behaviour.text ?? answerAbout(request));
  const tokens = behaviour.splitSurrogates ? spoken.flatMap(halves) : spoken;
  if (request.stream) return stream(request, behaviour, behaviour.chunks ?? tokens, response);
  if (behaviour.hangAfter !== undefined) return;
  if (behaviour.cutAfter !== undefined) return void response.destroy();
  sendJson(response, 200, whole(request, tokens.join(''), behaviour.finishReason ?? 'stop'));
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
  const base = {
    id: 'chatcmpl-emulated',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: request.model,
  };
  const event = (choices: object[], more: object = {}) => `data: ${JSON.stringify({ ...base, choices, ...more })}\n\n`;
  // Only the text differs: the rest of a chunk is written out once.
  const chunk = event([{ index: 0, delta: { content: '<text>' }, finish_reason: null }]);
  const [before = '', after = ''] = chunk.split('"<text>"');
  const lineOf = (piece: string | object) =>
    typeof piece === 'string' ? before + JSON.stringify(piece) + after : event([], piece);
  const { cutAfter, endAfter, hangAfter } = behaviour;
  const end = Math.min(pieces.length, cutAfter ?? Infinity, endAfter ?? Infinity, hangAfter ?? Infinity);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(event([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]));
  await writePieces(behaviour, pieces.slice(0, end), lineOf, response);
  if (response.destroyed || hangAfter !== undefined) return;
  if (cutAfter !== undefined) {
    // What was sent goes out before the line breaks.
    await pause(5);
    response.destroy(new Error('cut'));
    return;
  }
  if (endAfter !== undefined) return void response.end();
  response.write(event([{ index: 0, delta: {}, finish_reason: behaviour.finishReason ?? 'stop' }]));
  const { usage = { prompt_tokens: tokensOfPrompt(request), completion_tokens: end } } = behaviour;
  if (request.stream_options?.include_usage && usage) {
    response.write(event([], { usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } }));
  }
  response.end(behaviour.omitDone ? undefined : 'data: [DONE]\n\n');
}

/** At the asked pace, measured from the start, so that a late timer does not slow the whole answer. */
async function writePieces(
  { tokensPerSecond = defaultTokensPerSecond, stamp }: Behaviour,
  pieces: readonly (string | object)[],
  lineOf: (piece: string | object) => string,
  response: ServerResponse,
): Promise<void> {
  const line = (piece: string | object) =>
    lineOf(stamp ? `${(performance.timeOrigin + performance.now()).toFixed(3)};` : piece);
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

function whole(request: ChatRequest, content: string, finishReason: string): object {
  return {
    id: 'chatcmpl-emulated',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finishReason }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

/** A word, as the emulator sees it, is a token. */
function tokensOfPrompt({ messages }: ChatRequest): number {
  return tokensOf(messages.map(({ content }) => content).join('\n')).length;
}

function sendError(response: ServerResponse, status: number, code: string, message = 'An emulated error.'): void {
  sendJson(response, status, { error: { message, type: 'emulated', code, param: null } });
}

/** Words with the space around them, nothing lost. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?|\s+$/g) ?? [];
}

/** `a🦊b` as two tokens that end and begin with half a character; so at each such character. */
function halves(token: string): string[] {
  return token.split(/(?<=[\ud800-\udbff])(?=[\udc00-\udfff])/);
}

/** A few sentences about the prompt's tasks, its lines that begin with `- [ ]` and `- [x]`; some 40 words. */
function answerAbout({ messages }: ChatRequest): string {
  const prompt = messages.map(({ content }) => content).join('\n');
  const lines = [...prompt.matchAll(/^- \[([ x])\] (.+?)(?: \(priority .*\))?$/gm)];
  const titles = (mark: string) => lines.filter(([, each]) => each === mark).map(([, , title]) => `“${title}”`);
  const [first, ...others] = titles(' ').slice(0, 3);
  const done = titles('x').slice(0, 2);
  const then = others.length > 0 ? ` After that, ${others.join(' and ')} can follow.` : '';
  const well = done.length > 0 ? ` Well done with ${done.join(' and ')}.` : '';
  return first
    ? `I looked at your tasks. Start with ${first}: it moves everything else. Take one small step now, and set a time for the rest.${then}${well} Tell me when it is done, and we will plan the next one.`
    : `You have nothing open right now, so this is a good moment to plan.${well} Write down the next thing that matters, give it a date, and split it into steps of less than an hour. Then start with the smallest.`;
}
