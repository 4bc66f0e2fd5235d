import { type Answer, element, headersOf, xml } from './s3-answer.js';
import { bodyOf } from './s3-body.js';
import { S3Error } from './s3-error.js';
import { overridable } from './s3-operations.js';
import { amzFieldOf, decode, headerOf, parameterOf, type S3Request } from './s3-request.js';
import type { ByteRange, ObjectStore, StoredObject } from './s3-store.js';

/** What an operation works with. */
export interface Work {
  readonly request: S3Request;
  /** What the signature says of the body. */
  readonly payload: string;
  readonly store: ObjectStore;
  readonly now: () => Date;
}

const kept = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const maxKeys = 1_000;

/** Keeps a body as an object. */
export async function putObject({ request, payload, store, now }: Work): Promise<Answer> {
  const isExclusive = isForNewOnly(request);
  const body = bodyOf(request, payload);
  const leave = isExclusive ? enterExclusively(request) : () => undefined;
  const draft = await store.draft(body.content).finally(leave);
  const checksums = Object.fromEntries(body.checksums);
  const properties = { etag: draft.md5, modifiedAt: now().toISOString(), headers: keptHeaders(request), checksums };
  await store.commit(request, draft, properties, isExclusive);
  return { status: 200, headers: { etag: `"${draft.md5}"`, ...checksums } };
}

/** Keys that are being written on the condition that there is no object. */
const beingWritten = new Set<string>();

/**
 * Refuses a second conditional write while a first has not ended. @throws S3Error ConditionalRequestConflict
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
function enterExclusively({ bucket, key }: S3Request): () => void {
  const name = `${bucket}/${key}`;
  if (beingWritten.has(name))
    throw new S3Error(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation.',
    );
  beingWritten.add(name);
  return () => void beingWritten.delete(name);
}

/** Makes an object of another's bytes; of its headers too, unless the request says to replace them. */
export async function copyObject({ request, store, now }: Work): Promise<Answer> {
  const isExclusive = isForNewOnly(request);
  const [, bucket = '', key = ''] =
    /^\/?([^/]+)\/(.+)$/s.exec(decode(headerOf(request, 'x-amz-copy-source') ?? '')) ?? [];
  const source = requireObject(store, bucket, key);
  const draft = await store.draft(store.open(source));
  const { etag, checksums } = source;
  const isReplaced = amzFieldOf(request, 'x-amz-metadata-directive') === 'REPLACE';
  const headers = isReplaced ? keptHeaders(request) : source.headers;
  const properties = { etag, modifiedAt: now().toISOString(), headers, checksums };
  const { modifiedAt } = await store.commit(request, draft, properties, isExclusive);
  return xml(200, 'CopyObjectResult', [element('LastModified', modifiedAt), element('ETag', `"${etag}"`)]);
}

/** Answers an object, or the range of it that was asked for; for HEAD without its bytes. */
export function getObject({ request, store }: Work): Answer {
  const object = requireObject(store, request.bucket, request.key);
  const range = rangeOf(headerOf(request, 'range'), object.size);
  const hasChecksums = !range && amzFieldOf(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const length = range ? range.end - range.start + 1 : object.size;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headersOf(object),
      ...(hasChecksums ? object.checksums : {}),
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
      ...overridesOf(request),
      'content-length': length,
    },
    ...(request.method === 'HEAD' ? {} : { body: { content: store.open(object, range), length } }),
  };
}

/** Removes an object; one that is not there is as good as removed. */
export async function deleteObject({ request, store }: Work): Promise<Answer> {
  await store.remove(request.bucket, request.key);
  return { status: 204 };
}

/** Answers a page of the objects whose key has a prefix, in the order of their keys' bytes. */
export function listObjects({ request, store }: Work): Answer {
  const prefix = parameterOf(request, 'prefix') ?? '';
  const token = parameterOf(request, 'continuation-token');
  const asked = Number(parameterOf(request, 'max-keys') ?? maxKeys);
  if (parameterOf(request, 'list-type') !== '2' || !Number.isInteger(asked) || asked < 0)
    throw new S3Error('InvalidArgument', 'The list-type must be 2, and max-keys a whole number.');
  // The key behind which the page begins: a token's, once there is one.
  const after =
    token === undefined ? (parameterOf(request, 'start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const objects = store.list(request.bucket, prefix, after);
  const page = objects.slice(0, Math.min(asked, maxKeys));
  const last = page.at(-1);
  const isTruncated = last !== undefined && page.length < objects.length;
  return xml(200, 'ListBucketResult', [
    element('Name', request.bucket),
    element('Prefix', prefix),
    element('KeyCount', page.length),
    element('MaxKeys', asked),
    element('IsTruncated', String(isTruncated)),
    ...(token === undefined ? [] : [element('ContinuationToken', token)]),
    ...(isTruncated ? [element('NextContinuationToken', Buffer.from(last.key).toString('base64url'))] : []),
    ...page.map(entryOf),
  ]);
}

/** What is kept of a request's headers and answered with its object. */
export function keptHeaders(request: S3Request): Record<string, string> {
  const noted = [...Object.keys(request.headers), ...request.query.map(([name]) => name.toLowerCase())].filter((name) =>
    name.startsWith('x-amz-meta-'),
  );
  const named = kept.map((name) => [name, headerOf(request, name)] as const);
  const values = [...named, ...noted.map((name) => [name, amzFieldOf(request, name)] as const)].map(
    // How the body travelled is not what it is.
    ([name, value]) => [name, name === 'content-encoding' ? value?.replace(/^aws-chunked,?\s*/, '') : value] as const,
  );
  return Object.fromEntries(values.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Whether an object may be written only where there is none. @throws S3Error NotImplemented for other conditions */
export function isForNewOnly(request: S3Request): boolean {
  const condition = headerOf(request, 'if-none-match');
  if ((condition !== undefined && condition !== '*') || headerOf(request, 'if-match') !== undefined)
    throw new S3Error('NotImplemented', 'The stand-in knows no condition of a write but If-None-Match: *.');
  return condition === '*';
}

function requireObject(store: ObjectStore, bucket: string, key: string): StoredObject {
  const object = store.find(bucket, key);
  if (!object) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  return object;
}

function entryOf({ key, modifiedAt, etag, size }: StoredObject): string {
  return element('Contents', [
    element('Key', key),
    element('LastModified', modifiedAt),
    element('ETag', `"${etag}"`),
    element('Size', size),
    element('StorageClass', 'STANDARD'),
  ]);
}

/** Undefined for the whole of it, also where the header is none that it understands. @throws S3Error InvalidRange */
function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw new S3Error('InvalidRange', 'The requested range is not satisfiable');
  return { start, end };
}

function overridesOf(request: S3Request): Record<string, string> {
  const values = overridable.map((name) => [name, parameterOf(request, `response-${name}`)] as const);
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
