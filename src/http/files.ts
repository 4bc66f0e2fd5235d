import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Download,
  downloadPath,
  type FilePurpose,
  openDownload,
  receiveUpload,
  uploadPath,
} from '../files/index.js';
import { type ByteRange, type Context, requestPatience } from '../kernel/context.js';
import { AppError, invalid } from '../kernel/errors.js';
import { streamBody, streamOf } from '../platform/http/bodies.js';
import { abortedWhenLeft } from '../platform/http/left-clients.js';
import { HttpRefusal } from '../platform/http/refusal.js';
import type { Surface } from '../platform/http/surface.js';

/** What the routes need of the app. */
interface FileRouteOptions {
  readonly purposes: readonly FilePurpose[];
  /** Who was given an address, its path with its query; null when it is not good. */
  bearerOf(path: string, query: unknown): string | null;
  createContext(request: FastifyRequest, signal: AbortSignal): Context;
  /** Counts an address that is not good, of whoever uses it. @throws RATE_LIMITED */
  refuseStranger(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** Above the largest of any purpose. */
const maxBodyBytes = 128 * 1_024 * 1_024;
/** How long an upload may take: at its end it may be slow, but not without end. */
const uploadTimeoutMs = 900_000;

const id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Bytes of files, at signed addresses: the address is the credential, so that browsers can load and send by themselves. */
export function filesSurface(options: FileRouteOptions): Surface {
  return {
    body: streamBody({ maxBytes: maxBodyBytes, timeoutMs: uploadTimeoutMs }),
    routes: (fastify) => {
      fastify.addHook('onRequest', async (request, reply) => {
        await requireSigned(options, request, reply);
      });

      fastify.put<{ Params: { id: string } }>(`${uploadPath('')}:id(${id})`, async (request, reply) => {
        const stream = streamOf(request);
        if (!stream) throw invalid([{ field: 'body', rule: 'must not be empty' }]);
        const { headers } = request;
        if (headers['content-range'] !== undefined)
          throw invalid([{ field: 'content-range', rule: 'must not be sent: a file comes whole' }]);
        const length = headers['content-length'];
        await receiveUpload(contextOf(options, request), options.purposes, request.params.id, {
          contentType: headers['content-type'] ?? '',
          contentLength: length === undefined ? null : Number(length),
          stream,
        });
        return reply.code(204).send();
      });

      fastify.get<{ Params: { id: string } }>(`${downloadPath('')}:id(${id})`, async (request, reply) => {
        const ctx = options.createContext(request, abortedWhenLeft(reply));
        const bearer = { fileId: request.params.id, personId: bearerOf(options, request) ?? '' };
        // Until its last byte is sent it holds a connection to the store.
        await ctx.services.downloadSemaphore.run(bearer.personId, requestPatience, async () => {
          await send(request, reply, await openDownload(ctx, options.purposes, bearer));
        });
        return reply;
      });
    },
  };
}

/** By the address alone, before anything is read. @throws FORBIDDEN, RATE_LIMITED */
async function requireSigned(options: FileRouteOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (bearerOf(options, request) !== null) return;
  await options.refuseStranger(request, reply);
  throw new AppError('FORBIDDEN', 'This address is not good any more, or never was. Ask for a new one.');
}

function bearerOf(options: FileRouteOptions, { url, query }: FastifyRequest): string | null {
  const end = url.indexOf('?');
  return options.bearerOf(end < 0 ? url : url.slice(0, end), query);
}

/** Its signal aborts when the client leaves before all of a body has come. */
function contextOf({ createContext }: FileRouteOptions, request: FastifyRequest): Context {
  const left = new AbortController();
  request.raw.once('close', () => {
    if (!request.raw.complete) left.abort(new HttpRefusal(400, 'The body did not come to its end.'));
  });
  return createContext(request, left.signal);
}

async function send(request: FastifyRequest, reply: FastifyReply, download: Download): Promise<FastifyReply> {
  const { bytes, sha256, contentType, isSafeToShow, savedAs } = download;
  const etag = `"${sha256}"`;
  const isOther = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
  const range = isOther ? null : rangeOf(request.headers.range, bytes);
  const content = request.method === 'HEAD' ? Readable.from([]) : await download.read(range);
  reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `${isSafeToShow ? 'inline' : 'attachment'}${savedAs === null ? '' : `; filename="${savedAs}"`}`,
    // Pages of others show pictures and play recordings.
    'cross-origin-resource-policy': 'cross-origin',
    etag,
    'x-content-type-options': 'nosniff',
  });
  if (range) reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${bytes}`);
  reply.header('content-length', range ? range.to - range.from + 1 : bytes).type(contentType);
  return reply.send(content);
}

/**
 * The part that is asked for; null for all of it, as where several are (RFC 9110, section 14.2).
 * @throws HttpRefusal with status 416 for one that is not there
 */
function rangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (from <= to) return { from, to };
  // What is no range is as if it was not asked for.
  if (first !== '' && last !== '' && Number(last) < from) return null;
  throw new HttpRefusal(416, 'The file has no such part.', { 'content-range': `bytes */${bytes}` });
}
