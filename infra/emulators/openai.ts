import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Behaviour, Control, ControlState } from './openai-control.js';
import { type Emulator, type Handler, type ListenOptions, readJson, sendJson, startServer } from './server.js';

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

/** Stands in for OpenAI's chat completions, streamed and whole. */
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
    await complete(state, readJson(ChatRequest, body), response);
  };
  return startServer(handler, options);
}

async function complete(state: ControlState, request: ChatRequest, response: ServerResponse): Promise<void> {
  state.requests += 1;
  state.lastMessages = request.messages;
  const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const behaviour = state.take(question);
  if (behaviour.delayMs) await pause(behaviour.delayMs);
  if (behaviour.status) return sendError(response, behaviour.status, 'emulated_failure');
  const spoken = behaviour.tokens ?? tokensOf(behaviour.text ?? answerAbout(request));
  const tokens = behaviour.splitSurrogates ? spoken.flatMap(halves) : spoken;
  if (!request.stream) return sendJson(response, 200, whole(request, tokens.join('')));
  state.open += 1;
  response.once('close', () => {
    state.open -= 1;
    if (!response.writableFinished && !response.errored) state.abortedByClient += 1;
  });
  await stream(request, behaviour, tokens, response);
}

async function stream(
  request: ChatRequest,
  behaviour: Behaviour,
  tokens: string[],
  response: ServerResponse,
): Promise<void> {
  const base = {
    id: 'chatcmpl-emulated',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: request.model,
  };
  const event = (choices: object[], more: object = {}) => `data: ${JSON.stringify({ ...base, choices, ...more })}\n\n`;
  const delta = (content: string) => event([{ index: 0, delta: { content }, finish_reason: null }]);
  const { cutAfter, endAfter, hangAfter } = behaviour;
  const end = Math.min(tokens.length, cutAfter ?? Infinity, endAfter ?? Infinity, hangAfter ?? Infinity);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(event([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]));
  await writeTokens(behaviour, tokens.slice(0, end), delta, response);
  if (response.destroyed || hangAfter !== undefined) return;
  if (cutAfter !== undefined) {
    // What was sent goes out before the line breaks.
    await pause(5);
    response.destroy(new Error('cut'));
    return;
  }
  if (endAfter !== undefined) return void response.end();
  response.write(event([{ index: 0, delta: {}, finish_reason: behaviour.finishReason ?? 'stop' }]));
  if (request.stream_options?.include_usage) {
    response.write(event([], { usage: { prompt_tokens: 1, completion_tokens: end, total_tokens: end + 1 } }));
  }
  response.end(behaviour.omitDone ? undefined : 'data: [DONE]\n\n');
}

/** At the asked pace, measured from the start, so that a late timer does not slow the whole answer. */
async function writeTokens(
  { tokensPerSecond = defaultTokensPerSecond, stamp }: Behaviour,
  tokens: readonly string[],
  delta: (content: string) => string,
  response: ServerResponse,
): Promise<void> {
  const text = (token: string) => (stamp ? `${(performance.timeOrigin + performance.now()).toFixed(3)};` : token);
  if (tokensPerSecond === 0) {
    for (let from = 0; from < tokens.length && !response.destroyed; from += burst) {
      const chunk = tokens.slice(from, from + burst).map((token) => delta(text(token)));
      if (!response.write(chunk.join(''))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    return;
  }
  const startedAt = performance.now();
  for (const [index, token] of tokens.entries()) {
    const wait = startedAt + (index * 1_000) / tokensPerSecond - performance.now();
    if (wait > 0) await pause(wait);
    if (response.destroyed) return;
    response.write(delta(text(token)));
  }
}

function whole(request: ChatRequest, content: string): object {
  return {
    id: 'chatcmpl-emulated',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function sendError(response: ServerResponse, status: number, code: string): void {
  sendJson(response, status, { error: { message: 'An emulated error.', type: 'emulated', code, param: null } });
}

/** Words with the space before them: some 40 for the default answer. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
}

/** `a🦊b` as two tokens that end and begin with half a character. */
function halves(token: string): string[] {
  const at = token.search(/[\ud800-\udbff][\udc00-\udfff]/);
  return at < 0 ? [token] : [token.slice(0, at + 1), token.slice(at + 1)];
}

function answerAbout({ messages }: ChatRequest): string {
  const prompt = messages.map(({ content }) => content).join('\n');
  const titles = [...prompt.matchAll(/^- \[ \] (.+?)(?: \(priority .*\))?$/gm)].map(([, title]) => `“${title}”`);
  if (titles.length === 0) {
    return 'You have nothing open right now, so this is a good moment to plan. Write down the next thing that matters, give it a date, and split it into steps that take less than an hour each. Then start with the smallest.';
  }
  const [first, ...others] = titles.slice(0, 3);
  const then = others.length > 0 ? ` After that, ${others.join(' and ')} can follow.` : '';
  return `I looked at your tasks. Start with ${first}: it is the one that moves everything else. Take the first step now, even a small one, and set a time for the rest.${then} Tell me when it is done, and we will plan the next one together.`;
}
