import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { type TestBucket, withBucket } from '../support/bucket.js';

const Bucket = 'files';
const hello = { Bucket, Key: 'hello.txt', Body: Buffer.from('hello'), ContentType: 'text/plain' };

const textOf = async ({ client }: TestBucket, input: Partial<GetObjectCommandInput> = {}) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: hello.Key, ...input }));
  return Body?.transformToString();
};
const put = (client: S3Client, Key: string, text = Key) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(text) }));

test.each([
  ['a plain key', 'hello.txt'],
  ['a key of all kinds of characters', 'a b/(1)*+&=?#%41ü🦊.txt'],
  ['a key that leads elsewhere', '../../etc/passwd'],
  ['a key of nothing between slashes', '/a//b/'],
  ['a key of 1,024 bytes', 'k'.repeat(1_024)],
])('an object is put, read, looked at and removed by %s', (_, Key) =>
  withBucket(async (bucket) => {
    const { client } = bucket;
    const Metadata = { owner: 'ada' };
    const { ETag } = await client.send(new PutObjectCommand({ ...hello, Key, Metadata, CacheControl: 'no-store' }));
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    expect(await textOf(bucket, { Key })).toBe('hello');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    const expected = { ETag, ContentLength: 5, ContentType: 'text/plain', CacheControl: 'no-store', Metadata };
    expect(head).toMatchObject({ ...expected, LastModified: expect.any(Date) });
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(textOf(bucket, { Key })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });
    expect((await client.send(new DeleteObjectCommand({ Bucket, Key }))).$metadata.httpStatusCode).toBe(204);
    expect(bucket.files()).toEqual([]);
  }),
);

test('a key that is too long and a bucket that is not there are refused', () =>
  withBucket(async ({ client }) => {
    await expect(put(client, 'k'.repeat(1_025))).rejects.toMatchObject({ name: 'KeyTooLongError' });
    const elsewhere = client.send(new PutObjectCommand({ ...hello, Bucket: 'others' }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
  }));

test('a stream is stored as it comes, with a checksum behind it', () =>
  withBucket(async (bucket) => {
    const client = bucket.newClient({ requestChecksumCalculation: 'WHEN_SUPPORTED' });
    const pieces = Array.from({ length: 50 }, (_, place) => Buffer.alloc(20_000 + place, place));
    const whole = Buffer.concat(pieces);
    const Body = Readable.from(pieces);
    const stored = await client.send(new PutObjectCommand({ ...hello, Body, ContentLength: whole.length }));
    expect(stored.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
    const read = await client.send(new GetObjectCommand({ Bucket, Key: hello.Key }));
    expect([read.ChecksumCRC32, read.ContentEncoding]).toEqual([stored.ChecksumCRC32, undefined]);
    if (!(read.Body instanceof Readable)) throw new Error('It has no body.');
    expect(whole.equals(await buffer(read.Body))).toBe(true);
  }));

test('a checksum that was given is answered to whoever asks for it', () =>
  withBucket(async ({ client }) => {
    const ChecksumSHA256 = createHash('sha256').update('hello').digest('base64');
    await client.send(new PutObjectCommand({ ...hello, ChecksumSHA256 }));
    const asked = new HeadObjectCommand({ Bucket, Key: hello.Key, ChecksumMode: 'ENABLED' });
    expect(await client.send(asked)).toMatchObject({ ChecksumSHA256 });
  }));

test.each([
  ['bytes=0-0', 'h', 'bytes 0-0/5'],
  ['bytes=1-3', 'ell', 'bytes 1-3/5'],
  ['bytes=3-', 'lo', 'bytes 3-4/5'],
  ['bytes=-2', 'lo', 'bytes 3-4/5'],
  ['bytes=2-99', 'llo', 'bytes 2-4/5'],
])('the range %s is %s', (Range, text, ContentRange) =>
  withBucket(async (bucket) => {
    await bucket.client.send(new PutObjectCommand(hello));
    expect(await textOf(bucket, { Range })).toBe(text);
    const head = await bucket.client.send(new HeadObjectCommand({ Bucket, Key: hello.Key, Range }));
    expect(head).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
  }),
);

test.each(['bytes=5-', 'bytes=9-12', 'bytes=3-2', 'bytes=-0'])('the range %s is not there', (Range) =>
  withBucket(async (bucket) => {
    await bucket.client.send(new PutObjectCommand(hello));
    const refused = { name: 'InvalidRange', $metadata: { httpStatusCode: 416 } };
    await expect(textOf(bucket, { Range })).rejects.toMatchObject(refused);
  }),
);

test('what is no range is the whole', () =>
  withBucket(async (bucket) => {
    await bucket.client.send(new PutObjectCommand(hello));
    expect(await textOf(bucket, { Range: 'bytes=0-1,3-4' })).toBe('hello');
  }));

test('an empty object is an object', () =>
  withBucket(async (bucket) => {
    await put(bucket.client, hello.Key, '');
    expect(await textOf(bucket)).toBe('');
    expect(await bucket.client.send(new HeadObjectCommand({ Bucket, Key: hello.Key }))).toMatchObject({
      ContentLength: 0,
      ContentType: 'application/octet-stream',
    });
  }));

test('of all who put an object where there is none, one does', () =>
  withBucket(async (bucket) => {
    const puts = Array.from({ length: 8 }, (_, place) =>
      bucket.client.send(new PutObjectCommand({ ...hello, Body: `${place}`, IfNoneMatch: '*' })),
    );
    const outcomes = await Promise.allSettled(puts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []));
    // While the first is written the others conflict with it; behind that there is an object.
    expect(['ConditionalRequestConflict', 'PreconditionFailed']).toEqual(expect.arrayContaining(reasons));
    expect(reasons).toContain('ConditionalRequestConflict');
    expect(bucket.files()).toHaveLength(1);
    expect(await textOf(bucket)).toBe(String(outcomes.findIndex(({ status }) => status === 'fulfilled')));
  }));

test('an object takes the place of the one before, which whoever reads it still gets', () =>
  withBucket(async (bucket) => {
    const { client } = bucket;
    const large = 'a'.repeat(1_000_000);
    await put(client, hello.Key, large);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: hello.Key }));
    await put(client, hello.Key, 'another');
    expect(await Body?.transformToString()).toBe(large);
    expect(await textOf(bucket)).toBe('another');
    expect(bucket.files()).toHaveLength(1);
  }));

test('objects are listed by their prefix, a page at a time, in the order of their bytes', () =>
  withBucket(async ({ client }) => {
    const keys = ['b/z', 'b/10', 'b/2', 'b/ü', 'b/🦊', 'b/<&">\n', 'a', 'c'];
    for (const key of keys) await put(client, key);
    const listed: (string | undefined)[][] = [];
    for await (const page of paginateListObjectsV2({ client, pageSize: 4 }, { Bucket, Prefix: 'b/' }))
      listed.push((page.Contents ?? []).map(({ Key }) => Key));
    expect(listed).toEqual([
      ['b/10', 'b/2', 'b/<&">\n', 'b/z'],
      ['b/ü', 'b/🦊'],
    ]);
    const all = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(all).toMatchObject({ KeyCount: 8, IsTruncated: false, Name: Bucket });
    expect(all.Contents?.[0]).toMatchObject({ Key: 'a', Size: 1, ETag: expect.any(String) });
    const none = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'd' }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  }));

test('an object is copied with what is answered with it, or with something else', () =>
  withBucket(async (bucket) => {
    const { client } = bucket;
    await client.send(new PutObjectCommand({ ...hello, Key: 'a b/ü' }));
    const copy = { Bucket, CopySource: `files/${encodeURIComponent('a b/ü')}`, Key: hello.Key };
    const { CopyObjectResult } = await client.send(new CopyObjectCommand(copy));
    const head = () => client.send(new HeadObjectCommand({ Bucket, Key: hello.Key }));
    expect(await head()).toMatchObject({ ETag: CopyObjectResult?.ETag, ContentType: 'text/plain', ContentLength: 5 });
    const replaced = { MetadataDirective: 'REPLACE', ContentType: 'text/html' } as const;
    await client.send(new CopyObjectCommand({ ...copy, ...replaced }));
    expect(await head()).toMatchObject({ ContentType: 'text/html', ContentLength: 5 });
    expect(await textOf(bucket)).toBe('hello');
    const missing = client.send(new CopyObjectCommand({ ...copy, CopySource: 'files/missing' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey' });
  }));

test('objects outlive the stand-in, in its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bucket-'));
  try {
    await withBucket(async ({ client }) => void (await client.send(new PutObjectCommand(hello))), folder);
    await withBucket(async (bucket) => expect(await textOf(bucket)).toBe('hello'), folder);
    expect(readdirSync(join(folder, 'content'))).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what the stand-in does not know is refused, and not answered as something else', () =>
  withBucket(async ({ client }) => {
    const refused = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
    const versioned = client.send(new GetObjectCommand({ Bucket, Key: hello.Key, VersionId: '1' }));
    await expect(versioned).rejects.toMatchObject(refused);
    await expect(client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))).rejects.toMatchObject(refused);
    await expect(client.send(new PutObjectCommand({ ...hello, IfMatch: '"etag"' }))).rejects.toMatchObject(refused);
    const checksummed = client.send(new PutObjectCommand({ ...hello, ChecksumSHA1: 'wdVvKQ==' }));
    await expect(checksummed).rejects.toMatchObject(refused);
  }));
