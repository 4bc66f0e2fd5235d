import { type Readable, Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AppError, invalid } from '../../kernel/errors.js';
import { isNestedDeeper, maxJsonDepth } from '../json-depth.js';
import { HeldBodies } from './held-bodies.js';
import { HttpRefusal, tooLarge } from './refusal.js';

/** Has a surface take bodies of one kind; others are refused with 415. */
export type BodyParser = (surface: FastifyInstance) => void;

/** Bounds on one body; beyond them it is refused with 413 or 408, and no more of it is read. */
interface BodyBounds {
  readonly maxBytes: number;
  /** How long all of it may take to come; 15 s when not said. */
  readonly timeoutMs?: number;
}

interface JsonBounds extends BodyBounds {
  /**
   * Is told how many UTF-16 code units a body has before it is parsed, and may have that wait. @throws what refuses it
   */
  readonly onLength?: (request: FastifyRequest, length: number) => Promise<void> | null;
}

const defaultTimeoutMs = 15_000;

/** JSON, nested 64 levels at most. What says JSON and sends nothing has no body: clients of `POST …/refresh` do so. */
export function jsonBody({ maxBytes, timeoutMs = defaultTimeoutMs, onLength = () => null }: JsonBounds): BodyParser {
  return (surface) => {
    limitTime(surface, timeoutMs);
    const parse = surface.getDefaultJsonParser('ignore', 'ignore');
    const options = { parseAs: 'string', bodyLimit: maxBytes } as const;
    surface.addContentTypeParser<string>('application/json', options, (request, text, done) => {
      if (text === '') {
        done(null, undefined);
        return;
      }
      const read = () => {
        if (isNestedDeeper(text, maxJsonDepth)) done(tooDeep());
        else void parse(request, text, done);
      };
      const turn = onLength(request, text.length);
      if (turn) void turn.then(read, done);
      else read();
    });
  };
}

interface RawBounds extends BodyBounds {
  /** Memory that all of them may take while they come. */
  readonly maxHeldBytes: number;
}

/** Bytes of any type as they came, which signatures are made over: see `bytesOf`. */
export function rawBody({ maxBytes, maxHeldBytes, timeoutMs = defaultTimeoutMs }: RawBounds): BodyParser {
  return (surface) => {
    limitTime(surface, timeoutMs);
    const bodies = new HeldBodies(maxHeldBytes);
    surface.addContentTypeParser('*', ({ headers }, payload, done) => {
      if (Number(headers['content-length']) > maxBytes) done(tooLarge());
      else void bodies.collect(payload, maxBytes).then((bytes) => done(null, bytes), done);
    });
  };
}

/** The bytes of a request to a surface of raw bytes; none when it has no body. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Bytes of any type as they come, no faster than they are taken: see `streamOf`. */
export function streamBody({ maxBytes, timeoutMs = defaultTimeoutMs }: BodyBounds): BodyParser {
  return (surface) => {
    // The rest of one that was refused is thrown away, so that its client gets to read why.
    surface.addHook('onResponse', (request, _reply, done) => {
      const body = streamOf(request);
      if (body && !request.raw.complete) request.raw.unpipe().resume();
      body?.destroy();
      done();
    });
    surface.addContentTypeParser('*', ({ headers }, payload, done) => {
      if (Number(headers['content-length']) > maxBytes) done(tooLarge());
      else done(null, bounded(payload, maxBytes, timeoutMs));
    });
  };
}

/**
 * The body of a request to a surface of streams; null when it has none. It ends with an error when it is too large or too
 * slow, or its client stops: a handler that lets it through has the client answered.
 */
export function streamOf({ body }: FastifyRequest): Readable | null {
  return body instanceof Transform ? body : null;
}

/** Refuses bodies that do not come in time, in the surface's own form: Node's limit is one for all, and has one form. */
function limitTime(surface: FastifyInstance, timeoutMs: number): void {
  surface.addHook('preParsing', ({ raw }, reply, _payload, done) => {
    if (!raw.complete) {
      const timer = setTimeout(() => reply.send(tooLate()), timeoutMs);
      raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    }
    done();
  });
}

function bounded(payload: Readable, maxBytes: number, timeoutMs: number): Transform {
  let received = 0;
  const body = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      received += chunk.length;
      if (received > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  const timer = setTimeout(() => body.destroy(tooLate()), timeoutMs);
  // It may fail before anybody takes anything of it.
  body.on('error', () => undefined).once('close', () => clearTimeout(timer));
  payload.once('error', () => body.destroy(new HttpRefusal(400, 'The body did not come to its end.')));
  return payload.pipe(body);
}

function tooLate(): AppError {
  return new HttpRefusal(408, 'The request did not come in time.');
}

function tooDeep(): AppError {
  return invalid([{ field: 'body', rule: `may be nested ${maxJsonDepth} levels deep` }]);
}
