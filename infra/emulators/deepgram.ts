import { createHash, randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Behaviour, Control, ControlState, type SeenRequest } from './deepgram-control.js';
import {
  addressOf,
  type Emulator,
  type Handler,
  type ListenOptions,
  readJson,
  sendJson,
  startServer,
} from './server.js';

/** Seconds of a word. */
const wordSeconds = 0.4;

/** What is said in recordings of which nobody has said what it is. */
const sentences = [
  'Remind me to call the dentist tomorrow morning, and to ask about the invoice.',
  'The meeting went well. We agreed on the first of May, and Grace writes the summary.',
  'Buy oat milk, coffee, and something for dinner on the way home.',
  'I had an idea for the brief. It should begin with the question, and not with the answer.',
  'Water the plants on Monday, and send the signed contract back before noon.',
];

/** Codes that Deepgram has for a status; the others have the status in words. */
const errorCodes: Readonly<Record<number, string>> = {
  401: 'INVALID_AUTH',
  402: 'ASR_PAYMENT_REQUIRED',
  403: 'INSUFFICIENT_PERMISSIONS',
  429: 'TOO_MANY_REQUESTS',
};

/** Stands in for Deepgram's transcription of recordings. @throws the server's own error, such as EADDRINUSE */
export async function startDeepgramEmulator(options: ListenOptions): Promise<Emulator> {
  const state = new ControlState();
  const handler: Handler = ({ method, path, headers, body }, response) => {
    const route = `${method} ${path}`;
    if (route === 'GET /_control') return sendJson(response, 200, state.show());
    if (route === 'GET /v1/projects') return sendProjects(headers.authorization, response);
    if (route !== 'POST /_control') return sendError(response, 404, 'There is no such route.');
    state.set(readJson(Control, body));
    sendJson(response, 200, state.show());
  };
  return startServer(handler, {
    ...options,
    streams: { 'POST /v1/listen': (request, response) => listen(state, request, response) },
  });
}

/** What shows that a key is good; the emulator takes any. */
function sendProjects(authorization = '', response: ServerResponse): void {
  if (!/^Token .+/.test(authorization)) sendError(response, 401, 'Invalid credentials.');
  else sendJson(response, 200, { projects: [{ project_id: 'emulated', name: 'Emulated' }] });
}

async function listen(state: ControlState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  state.requests += 1;
  response.once('close', () => {
    if (!response.writableFinished && !response.errored) state.abortedByClient += 1;
  });
  const seen = await readAudio(request);
  state.lastRequest = seen;
  if (!/^Token .+/.test(request.headers.authorization ?? '')) return sendError(response, 401, 'Invalid credentials.');
  if (seen.bytes === 0)
    return sendError(response, 400, 'Bad Request: failed to process audio: corrupt or unsupported data');
  await answer(state.take(seen), seen, response);
}

/** Hashed and counted as it comes, and never held. */
async function readAudio(request: IncomingMessage): Promise<SeenRequest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const { 'content-type': contentType = '', 'content-length': contentLength } = request.headers;
  return {
    query: Object.fromEntries(addressOf(request).searchParams),
    contentType,
    contentLength: contentLength === undefined ? null : Number(contentLength),
    bytes,
    sha256: hash.digest('hex'),
  };
}

async function answer(behaviour: Behaviour, seen: SeenRequest, response: ServerResponse): Promise<void> {
  const { hang, delayMs, status, garbage, cut, transcript = sentenceOf(seen), seconds = 0 } = behaviour;
  if (hang) return;
  // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
  if (delayMs) await pause(delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (status) return sendError(response, status, 'An emulated error.');
  const page = '<html><body>It works!</body></html>';
  const body = garbage ? (garbage === true ? page : garbage) : JSON.stringify(transcription(seen, transcript, seconds));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  if (!cut) return void response.end(body);
  response.write(body.slice(0, body.length / 2));
  // What was sent goes out before the line breaks.
  await pause(5);
  response.destroy(new Error('cut'));
}

/** The same for the same audio. */
function sentenceOf({ sha256 }: SeenRequest): string {
  return sentences[Number.parseInt(sha256.slice(0, 8), 16) % sentences.length] ?? '';
}

/** As documented. @see https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded */
function transcription({ sha256, query }: SeenRequest, transcript: string, seconds: number): object {
  const words = (transcript.match(/\S+/g) ?? []).map((punctuated, index) => ({
    word: punctuated.toLowerCase().replace(/[^\p{L}\p{N}'’-]/gu, ''),
    start: index * wordSeconds,
    end: (index + 1) * wordSeconds,
    confidence: 0.98,
    punctuated_word: punctuated,
  }));
  const { model = 'base' } = query;
  const modelId = '00000000-0000-4000-8000-000000000001';
  return {
    metadata: {
      transaction_key: 'deprecated',
      request_id: randomUUID(),
      sha256,
      created: new Date().toISOString(),
      duration: seconds,
      channels: 1,
      models: [modelId],
      model_info: { [modelId]: { name: `general-${model}`, version: 'emulated', arch: model } },
    },
    results: {
      channels: [{ alternatives: [{ transcript, confidence: words.length > 0 ? 0.98 : 0, words }] }],
    },
  };
}

function sendError(response: ServerResponse, status: number, message: string): void {
  const code = errorCodes[status] ?? STATUS_CODES[status] ?? String(status);
  sendJson(response, status, { err_code: code, err_msg: message, request_id: randomUUID() });
}
