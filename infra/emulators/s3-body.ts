import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeChunks } from './s3-chunks.js';
import { S3Error } from './s3-error.js';
import { amzFieldOf, headerOf, type S3Request } from './s3-request.js';

/** The body of a request, which is checked while it is read. */
export interface S3Body {
  /** Bytes, once decoded. */
  readonly length: number;
  /** The decoded bytes; it ends with an `S3Error` when they are not what was declared or signed. */
  readonly content: AsyncIterable<Buffer>;
  /** `x-amz-checksum-…` and its value in base64, as given and found right; empty until all of the content was read. */
  readonly checksums: ReadonlyMap<string, string>;
}

interface Digest {
  update(chunk: Buffer): unknown;
  digest(encoding: 'base64' | 'hex'): string;
}

/** A digest of a body and what is to come out. */
interface Expectation {
  readonly digest: Digest;
  readonly encoding: 'base64' | 'hex';
  /** Known only at the end where a trailer says it. */
  readonly expected: () => string | undefined;
  readonly code: 'BadDigest' | 'XAmzContentSHA256Mismatch';
}

/** Bytes of one request's body that is kept as an object or a part: 5 GiB. */
const maxBodyBytes = 5 * 1024 ** 3;
const chunked = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const checksumPrefix = 'x-amz-checksum-';
/** Fields of that prefix which are no checksums. */
const aboutChecksums = ['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type'];

const digests: Readonly<Record<string, () => Digest>> = {
  'x-amz-checksum-crc32': () => new Crc32(),
  'x-amz-checksum-sha256': () => createHash('sha256'),
};

/**
 * The body of a request, of which the signature says `payload`.
 * @throws S3Error MissingContentLength, EntityTooLarge, or NotImplemented for a signed stream and other checksums
 */
export function bodyOf(request: S3Request, payload: string): S3Body {
  const isChunked = payload === chunked;
  const length = lengthOf(request, isChunked);
  const checksums = new Map<string, string>();
  const trailers = new Map<string, string>();
  const given = checksumsOf(request);
  const trailer = isChunked ? amzFieldOf(request, 'x-amz-trailer')?.toLowerCase() : undefined;
  const expectations = [
    ...payloadExpectation(payload),
    ...md5Expectation(request),
    ...given.map(([name, value]) => checksumExpectation(name, () => value)),
    ...(trailer ? [checksumExpectation(trailer, () => trailers.get(trailer))] : []),
  ];
  // Without its destruction, so that whoever sends too much can still be answered.
  const raw: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const read = async function* () {
    yield* checked(isChunked ? decodeChunks(raw, trailers) : raw, length, expectations);
    for (const [name, value] of [...given, ...trailers]) checksums.set(name, value);
  };
  return { length, content: read(), checksums };
}

/** Reads a small body whole. @throws S3Error MaxMessageLengthExceeded above `maxBytes`, and what is not as declared */
export async function readWhole({ content, length }: S3Body, maxBytes: number): Promise<string> {
  if (length > maxBytes) throw new S3Error('MaxMessageLengthExceeded', 'Your request was too large.');
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* checked(
  source: AsyncIterable<Buffer>,
  length: number,
  expectations: readonly Expectation[],
): AsyncGenerator<Buffer> {
  let received = 0;
  for await (const chunk of source) {
    received += chunk.length;
    if (received > length) break;
    for (const { digest } of expectations) digest.update(chunk);
    yield chunk;
  }
  if (received !== length) throw new S3Error('IncompleteBody', 'The body has not as many bytes as its header says.');
  for (const { digest, encoding, expected, code } of expectations) {
    if (digest.digest(encoding) !== expected())
      throw new S3Error(code, 'The checksum you specified did not match what we received.');
  }
}

/** 0 for a request that has no body. */
function lengthOf(request: S3Request, isChunked: boolean): number {
  const declared = headerOf(request, isChunked ? 'x-amz-decoded-content-length' : 'content-length');
  const needed = request.method === 'PUT' || headerOf(request, 'transfer-encoding') !== undefined;
  if (!/^\d+$/.test(declared ?? (needed ? '' : '0')))
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  const length = Number(declared ?? 0);
  if (length > maxBodyBytes)
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  return length;
}

function payloadExpectation(payload: string): Expectation[] {
  if (payload === chunked || payload === 'UNSIGNED-PAYLOAD') return [];
  if (!/^[0-9a-f]{64}$/.test(payload))
    throw new S3Error('NotImplemented', `The stand-in takes no body that is signed as ${payload}.`);
  const digest = createHash('sha256');
  return [{ digest, encoding: 'hex', expected: () => payload, code: 'XAmzContentSHA256Mismatch' }];
}

function md5Expectation(request: S3Request): Expectation[] {
  const value = headerOf(request, 'content-md5');
  if (value === undefined) return [];
  return [{ digest: createHash('md5'), encoding: 'base64', expected: () => value, code: 'BadDigest' }];
}

/** Those that were sent before the body, in a header or in a presigned query. */
function checksumsOf(request: S3Request): [name: string, value: string][] {
  const named = [...Object.keys(request.headers), ...request.query.map(([name]) => name.toLowerCase())];
  const names = named.filter((name) => name.startsWith(checksumPrefix) && !aboutChecksums.includes(name));
  return [...new Set(names)].map((name) => [name, amzFieldOf(request, name) ?? '']);
}

function checksumExpectation(name: string, expected: () => string | undefined): Expectation {
  const newDigest = digests[name];
  if (!newDigest) throw new S3Error('NotImplemented', `The stand-in does not calculate ${name}.`);
  return { digest: newDigest(), encoding: 'base64', expected, code: 'BadDigest' };
}

class Crc32 implements Digest {
  #value = 0;

  update(chunk: Buffer): void {
    this.#value = crc32(chunk, this.#value);
  }

  digest(encoding: 'base64' | 'hex'): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString(encoding);
  }
}
