import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from '@jest/globals';
import { rawAnswerOf, refusalOf, type SignedRequest, type TestBucket, withBucket } from '../support/bucket.js';
import { eventually } from '../support/harness.js';

const object = { Bucket: 'files', Key: 'body.txt' };

/** A stream of the five bytes of `hello`, with a checksum behind them, whose body is left to the test. */
const signedStream = (bucket: TestBucket): Promise<SignedRequest> =>
  bucket.signed(
    (client) =>
      client.send(new PutObjectCommand({ ...object, Body: Readable.from([Buffer.from('hello')]), ContentLength: 5 })),
    { requestChecksumCalculation: 'WHEN_SUPPORTED' },
  );

const trailer = 'x-amz-checksum-crc32:NhCmhg==';

test.each([
  ['in one chunk', `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`],
  ['in several', `2\r\nhe\r\n3\r\nllo\r\n0\r\n${trailer}\r\n\r\n`],
])('a stream with its checksum behind it is stored when it comes %s', (_, body) =>
  withBucket(async (bucket) => {
    expect((await bucket.send(await signedStream(bucket), body)).status).toBe(200);
    expect((await bucket.client.send(new HeadObjectCommand(object))).ContentLength).toBe(5);
  }),
);

test.each([
  ['another checksum', 'BadDigest', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'],
  ['no checksum', 'BadDigest', '5\r\nhello\r\n0\r\n\r\n'],
  ['too many bytes', 'IncompleteBody', `6\r\nhello!\r\n0\r\n${trailer}\r\n\r\n`],
  ['too few bytes', 'IncompleteBody', `4\r\nhell\r\n0\r\n${trailer}\r\n\r\n`],
  ['a chunk that is cut short', 'IncompleteBody', '5\r\nhel'],
  ['no last chunk', 'IncompleteBody', '5\r\nhello\r\n'],
  ['no end of its trailers', 'IncompleteBody', `5\r\nhello\r\n0\r\n${trailer}\r\n`],
  ['more behind its end', 'IncompleteBody', `5\r\nhello\r\n0\r\n${trailer}\r\n\r\nmore`],
  ['no lengths', 'IncompleteBody', 'hello\r\n'],
  ['a length without an end', 'IncompleteBody', '0'.repeat(100_000)],
  ['a chunk longer than its length', 'IncompleteBody', `4\r\nhello\r\n0\r\n${trailer}\r\n\r\n`],
  ['too many trailers', 'IncompleteBody', `5\r\nhello\r\n0\r\n${'x-more:1\r\nx-other:1\r\n'.repeat(9)}\r\n`],
])('a stream with %s is refused and leaves nothing', (_, code, body) =>
  withBucket(async (bucket) => {
    const refused = await bucket.send(await signedStream(bucket), body);
    expect(refusalOf(refused)).toEqual([400, code, expect.any(String)]);
    expect(bucket.files()).toEqual([]);
    await expect(bucket.client.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
  }),
);

test('a refused body is read to its end, so that the answer reaches whoever sends it', () =>
  withBucket(async (bucket) => {
    const url = await getSignedUrl(bucket.client, new PutObjectCommand(object));
    const body = Buffer.alloc(8 * 1024 ** 2);
    const refused = await fetch(url.replace('body.txt', 'other.txt'), { method: 'PUT', body });
    expect(refusalOf(await rawAnswerOf(refused)).slice(0, 2)).toEqual([403, 'SignatureDoesNotMatch']);
    const request = await signedStream(bucket);
    const chunk = `800000\r\n${body.toString('latin1')}\r\n`;
    expect(refusalOf(await bucket.send(request, chunk)).slice(0, 2)).toEqual([400, 'IncompleteBody']);
  }));

test('a body that ends early leaves nothing', () =>
  withBucket(async (bucket) => {
    const url = await getSignedUrl(bucket.client, new PutObjectCommand(object));
    const request = httpRequest(url, { method: 'PUT', headers: { 'content-length': 100 } });
    request.on('error', () => undefined).write('ten bytes.');
    await eventually(
      () => bucket.files(),
      (files) => files.length === 1,
    );
    request.destroy();
    await eventually(
      () => bucket.files(),
      (files) => files.length === 0,
    );
    await expect(bucket.client.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
  }));

test('a body without a length is refused', () =>
  withBucket(async (bucket) => {
    const url = await getSignedUrl(bucket.client, new PutObjectCommand(object));
    const { pathname, search } = new URL(url);
    const headers = { 'transfer-encoding': 'chunked' };
    const query = Object.fromEntries(new URLSearchParams(search));
    const refused = await bucket.send({ method: 'PUT', path: pathname, query, headers }, 'hello');
    expect(refusalOf(refused)).toEqual([411, 'MissingContentLength', expect.any(String)]);
  }));

test('a body that is not of its digest (Content-MD5) is refused', () =>
  withBucket(async ({ client }) => {
    const digest = (text: string) => createHash('md5').update(text).digest('base64');
    const put = (ContentMD5: string) => client.send(new PutObjectCommand({ ...object, Body: 'hello', ContentMD5 }));
    await expect(put(digest('hallo'))).rejects.toMatchObject({ name: 'BadDigest' });
    await put(digest('hello'));
  }));

test('an operation without a body takes none', () =>
  withBucket(async (bucket) => {
    const request = await bucket.signed((client) => client.send(new HeadObjectCommand(object)));
    const refused = await bucket.send({ ...request, headers: { ...request.headers, 'content-length': '5' } }, 'hello');
    expect(refused.status).toBe(400);
  }));
