import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { z } from 'zod';

/** A running stand-in for a provider. */
export interface Emulator {
  readonly url: string;
  readonly port: number;
  /** Ends open connections at once. */
  close(): Promise<void>;
}

/** Where an emulator listens; port 0 is any free one. */
export interface ListenOptions {
  readonly port: number;
  readonly host?: string;
}

/** One request with its body read. */
export interface EmulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
}

/** Answers one request; what it throws as a `BadRequest` becomes a 400. */
export type Handler = (request: EmulatedRequest, response: ServerResponse) => Promise<void> | void;

/** Answers a request whose body it reads itself, because it is too large to be held. */
type StreamHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where a server listens, and with which certificate (PEM), if it has one. */
interface SecureListenOptions extends ListenOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What else a server has, beside its handler. */
interface ServerOptions extends SecureListenOptions {
  /** Routes with handlers of their own, by method and path: `POST /v1/listen`. */
  readonly streams?: Readonly<Record<string, StreamHandler>>;
}

/** Something wrong with what the caller of `_control` sent. */
export class BadRequest extends Error {}

const maxBodyBytes = 1_048_576;

/** Pages on this machine, whatever their port: a frontend under development calls the stand-ins itself. */
const loopbackOrigin = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Listens, with TLS when it is given a certificate. @throws the server's own error, such as EADDRINUSE */
export function startServer(handler: Handler, { streams = {}, ...options }: ServerOptions): Promise<Emulator> {
  return listen((request, response) => {
    const stream = streams[`${request.method} ${addressOf(request).pathname}`];
    if (!stream) return void respond(handler, request, response);
    allowLoopbackOrigins(request.headers, response);
    stream(request, response).catch(() => response.destroy());
  }, options);
}

/** The same for requests whose bodies are not read here. @throws the server's own error, such as EADDRINUSE */
export async function listen(
  listener: RequestListener,
  { port, host = '127.0.0.1', tls }: SecureListenOptions,
): Promise<Emulator> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    // By name: to browsers `localhost` and 127.0.0.1 are different sites.
    url: `${tls ? 'https' : 'http'}://${host === '127.0.0.1' ? 'localhost' : host}:${bound}`,
    port: bound,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a request is for, with its query. */
export function addressOf({ url = '/' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost');
}

/** Reads a request's body, up to 1 MiB, and has it answered; what fails unforeseen breaks the connection. */
export async function respond(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await readAndHandle(handler, request, response).catch(() => response.destroy());
}

async function readAndHandle(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = request;
  const { pathname: path, searchParams: query } = addressOf(request);
  allowLoopbackOrigins(headers, response);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and thrown away: leaving now would break the line before the answer is out.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) return sendJson(response, 413, { error: 'The body is too large.' });
  if (method === 'OPTIONS') return void response.writeHead(204).end();
  try {
    const bytes = Buffer.concat(chunks);
    await handler({ method, path, query, headers, body: bytes.toString(), bytes }, response);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    sendJson(response, 400, { error: error.message });
  }
}

/** CORS, also of a preflight. @see https://fetch.spec.whatwg.org/#http-cors-protocol */
function allowLoopbackOrigins(headers: IncomingMessage['headers'], response: ServerResponse): void {
  response.setHeader('vary', 'origin');
  if (!headers.origin || !loopbackOrigin.test(headers.origin)) return;
  response.setHeader('access-control-allow-origin', headers.origin);
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? 'content-type');
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Reads a JSON body. @throws BadRequest with the reason */
export function readJson<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let value: unknown;
  try {
    value = body === '' ? {} : JSON.parse(body);
  } catch {
    throw new BadRequest('The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error));
  return parsed.data;
}
