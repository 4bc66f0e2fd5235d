import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from '@jest/globals';
import { rawAnswerOf, refusalOf, type SignedRequest, type TestBucket, withBucket } from '../support/bucket.js';

const object = { Bucket: 'files', Key: 'notes/a b (1)*+ü.txt' };
const hello = { ...object, Body: Buffer.from('hello'), ContentType: 'text/plain' };

const signedPut = (bucket: TestBucket, own: Partial<PutObjectCommandInput> = {}) =>
  bucket.signed((client) => client.send(new PutObjectCommand({ ...hello, ...own })));

/** A URL for five bytes of plain text, where there is no object yet. */
const presignedPut = ({ client }: TestBucket) =>
  getSignedUrl(
    client,
    new PutObjectCommand({ ...object, ContentType: 'text/plain', ContentLength: 5, IfNoneMatch: '*' }),
    { expiresIn: 60, signableHeaders: new Set(['content-type']) },
  );
const upload = (url: string, own: RequestInit = {}, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'PUT',
    body: 'hello',
    ...own,
    headers: { 'content-type': 'text/plain', 'if-none-match': '*', ...headers },
  });

const mismatch = [403, 'SignatureDoesNotMatch', expect.stringContaining('does not match')];

test('a presigned upload stores what it was signed for, once', () =>
  withBucket(async (bucket) => {
    const url = await presignedPut(bucket);
    expect((await upload(url)).status).toBe(200);
    const { ContentType, ContentLength } = await bucket.client.send(new HeadObjectCommand(object));
    expect({ ContentType, ContentLength }).toEqual({ ContentType: 'text/plain', ContentLength: 5 });
    expect(refusalOf(await rawAnswerOf(await upload(url)))).toEqual([412, 'PreconditionFailed', expect.any(String)]);
  }));

test('a presigned download is answered with the name and the type that were signed', () =>
  withBucket(async ({ client }) => {
    await client.send(new PutObjectCommand(hello));
    const ResponseContentDisposition = `attachment; filename="a b.txt"; filename*=UTF-8''%C3%BC.txt`;
    const overrides = { ResponseContentDisposition, ResponseContentType: 'application/octet-stream' };
    const url = await getSignedUrl(client, new GetObjectCommand({ ...object, ...overrides }));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(response.headers.get('content-disposition')).toBe(ResponseContentDisposition);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const other = url.replace('octet-stream', 'html');
    expect(refusalOf(await rawAnswerOf(await fetch(other)))).toEqual(mismatch);
  }));

test.each<[what: string, change: (url: string) => Promise<Response>]>([
  ['another key', (url) => upload(url.replace('/notes/', '/other/'))],
  ['another bucket', (url) => upload(url.replace('/files/', '/others/'))],
  ['a later end', (url) => upload(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))],
  ['a further parameter', (url) => upload(`${url}&x-amz-meta-more=1`)],
  ['another method', (url) => fetch(url, { method: 'DELETE', headers: { 'content-type': 'text/plain' } })],
  ['another signature', (url) => upload(url.replace(/(?<=X-Amz-Signature=)./, (digit) => (digit === '0' ? '1' : '0')))],
  ['another type', (url) => upload(url, {}, { 'content-type': 'text/html' })],
  ['another length', (url) => upload(url, { body: 'hello!' })],
  ['another condition', (url) => upload(url, {}, { 'if-none-match': '"etag"' })],
])('a presigned upload with %s is refused', (_, change) =>
  withBucket(async (bucket) => {
    expect(refusalOf(await rawAnswerOf(await change(await presignedPut(bucket))))).toEqual(mismatch);
    expect(bucket.files()).toEqual([]);
  }),
);

test('a presigned upload without the condition that was signed is refused', () =>
  withBucket(async (bucket) => {
    const [url, headers] = [await presignedPut(bucket), { 'content-type': 'text/plain' }];
    expect(refusalOf(await rawAnswerOf(await fetch(url, { method: 'PUT', body: 'hello', headers })))).toEqual(mismatch);
  }));

test('a presigned URL is good until it expires, and not before its time', () =>
  withBucket(async (bucket) => {
    const url = await presignedPut(bucket);
    bucket.advance(30);
    expect((await upload(url)).status).toBe(200);
    bucket.advance(32);
    const expired = [403, 'AccessDenied', 'Request has expired'];
    expect(refusalOf(await rawAnswerOf(await upload(url)))).toEqual(expired);
    bucket.advance(-20 * 60);
    const early = [403, 'AccessDenied', 'Request is not yet valid'];
    expect(refusalOf(await rawAnswerOf(await upload(url)))).toEqual(early);
  }));

test('a header that nobody signed cannot be added where it would mean something', () =>
  withBucket(async (bucket) => {
    const refused = await rawAnswerOf(await upload(await presignedPut(bucket), {}, { 'x-amz-meta-more': '1' }));
    expect(refusalOf(refused)).toEqual([403, 'AccessDenied', expect.stringContaining('x-amz-meta-more')]);
  }));

test('what signs a URL checksums nothing that is not there yet, unless it is asked to', () =>
  withBucket(async (bucket) => {
    const client = bucket.newClient({ requestChecksumCalculation: 'WHEN_SUPPORTED' });
    const url = await getSignedUrl(client, new PutObjectCommand(object));
    const refused = await rawAnswerOf(await fetch(url, { method: 'PUT', body: 'hello' }));
    expect(refusalOf(refused)).toEqual([400, 'BadDigest', expect.any(String)]);
  }));

test.each<[what: string, change: (request: SignedRequest) => SignedRequest]>([
  ['path', (request) => ({ ...request, path: '/files/other' })],
  ['method', (request) => ({ ...request, method: 'POST', query: { uploads: '' } })],
  ['query', (request) => ({ ...request, query: { ...request.query, 'x-id': 'Other' } })],
  ['type', ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, 'content-type': 'text/html' } })],
  [
    'digest',
    ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
  ],
  ['host', ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, host: 'example.com' } })],
])('a signed request whose %s was changed is refused', (_, change) =>
  withBucket(async (bucket) => {
    const request = await signedPut(bucket);
    expect(refusalOf(await bucket.send(change(request), 'hello'))).toEqual(mismatch);
    expect(bucket.files()).toEqual([]);
    expect((await bucket.send(request, 'hello')).status).toBe(200);
  }),
);

test('a body that is not the one that was signed is refused', () =>
  withBucket(async (bucket) => {
    const refused = await bucket.send(await signedPut(bucket), 'hallo');
    expect(refusalOf(refused)).toEqual([400, 'XAmzContentSHA256Mismatch', expect.any(String)]);
    expect(bucket.files()).toEqual([]);
  }));

test.each([[16], [-16]])('a request that was signed %i minutes away from the time here is refused', (minutes) =>
  withBucket(async (bucket) => {
    const request = await signedPut(bucket);
    bucket.advance(minutes * 60);
    const refused = await bucket.send(request, 'hello');
    expect(refusalOf(refused)).toEqual([403, 'RequestTimeTooSkewed', expect.any(String)]);
    bucket.advance(minutes * -60 + Math.sign(minutes) * 14 * 60);
    expect((await bucket.send(request, 'hello')).status).toBe(200);
  }),
);

test('a key that nobody knows and a secret that is another one are told apart', () =>
  withBucket(async (bucket) => {
    const known = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-tests' };
    const putAs = (own: Partial<typeof known>) =>
      bucket.newClient({ credentials: { ...known, ...own } }).send(new PutObjectCommand(hello));
    await expect(putAs({ accessKeyId: 'AKIDOTHER' })).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await expect(putAs({ secretAccessKey: 'another' })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    const elsewhere = bucket.newClient({ region: 'eu-west-1' }).send(new PutObjectCommand(hello));
    await expect(elsewhere).rejects.toMatchObject({ name: 'AuthorizationHeaderMalformed' });
  }));

test('what is not signed, or signed twice, or half, is refused', () =>
  withBucket(async (bucket) => {
    const request = await signedPut(bucket);
    const { authorization = '', ...unsigned } = request.headers;
    const codeOf = async (headers: Record<string, string>, query = request.query) =>
      refusalOf(await bucket.send({ ...request, headers, query }, 'hello')).slice(0, 2);
    expect(await codeOf(unsigned)).toEqual([403, 'AccessDenied']);
    expect(await codeOf({ ...unsigned, authorization: 'Bearer token' })).toEqual([400, 'AuthorizationHeaderMalformed']);
    const presigned = { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256' };
    expect(await codeOf(request.headers, presigned)).toEqual([400, 'InvalidArgument']);
    expect(await codeOf(unsigned, presigned)).toEqual([400, 'AuthorizationQueryParametersError']);
    const withoutHost = authorization.replace(/;host\b/, '');
    expect(await codeOf({ ...unsigned, authorization: withoutHost })).toEqual([400, 'AuthorizationHeaderMalformed']);
    const { 'x-amz-date': _date, ...undated } = request.headers;
    expect(await codeOf(undated)).toEqual([403, 'AccessDenied']);
    const { 'x-amz-content-sha256': _digest, ...blank } = request.headers;
    expect(await codeOf(blank)).toEqual([400, 'InvalidRequest']);
  }));
