import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, test } from '@jest/globals';
import { type TestBucket, withBucket } from '../support/bucket.js';

const object = { Bucket: 'files', Key: 'large.bin' };
/** The least that a part may be, but the last one. */
const partBytes = 5 * 1024 ** 2;

async function hashOf({ client }: TestBucket): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand(object));
  return createHash('sha256')
    .update((await Body?.transformToByteArray()) ?? '')
    .digest('hex');
}

/** Begins an upload, and sends parts of these sizes. */
async function withParts({ client }: TestBucket, sizes: readonly number[]) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, ContentType: 'text/plain' }));
  const Parts: CompletedPart[] = [];
  for (const [place, size] of sizes.entries()) {
    const part = { ...object, UploadId, PartNumber: place + 1, Body: Buffer.alloc(size, place) };
    const { ETag } = await client.send(new UploadPartCommand(part));
    Parts.push({ ETag, PartNumber: part.PartNumber });
  }
  const complete = (named: readonly CompletedPart[] = Parts, own: { IfNoneMatch?: string } = {}) =>
    client.send(
      new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: [...named] }, ...own }),
    );
  return { UploadId, Parts, complete };
}

test.each([
  ['in one piece', 1_000, /^"[0-9a-f]{32}"$/],
  ['in parts', 2 * partBytes + 1_000, /^"[0-9a-f]{32}-3"$/],
])('a stream of unknown length is stored %s', (_, size, etag) =>
  withBucket(async (bucket) => {
    const bytes = Buffer.alloc(size, 'some bytes');
    // As the SDK does by itself: with checksums.
    const client = bucket.newClient({ requestChecksumCalculation: 'WHEN_SUPPORTED' });
    const pieces = Array.from({ length: 100 }, (_, place) =>
      bytes.subarray(Math.ceil((place * size) / 100), Math.ceil(((place + 1) * size) / 100)),
    );
    const upload = new Upload({
      client,
      params: { ...object, Body: Readable.from(pieces), ContentType: 'text/plain' },
    });
    expect((await upload.done()).ETag).toMatch(etag);
    expect(await hashOf(bucket)).toBe(createHash('sha256').update(bytes).digest('hex'));
    const head = await client.send(new HeadObjectCommand(object));
    expect(head).toMatchObject({ ContentLength: size, ContentType: 'text/plain' });
    expect(bucket.files()).toHaveLength(1);
  }),
);

test('a part takes the place of the one of its number, and parts that are not named are left out', () =>
  withBucket(async (bucket) => {
    const { UploadId, Parts, complete } = await withParts(bucket, [partBytes, 10, 20]);
    const again = new UploadPartCommand({ ...object, UploadId, PartNumber: 2, Body: Buffer.from('again') });
    const { ETag } = await bucket.client.send(again);
    await expect(complete()).rejects.toMatchObject({ name: 'InvalidPart' });
    await complete([...Parts.slice(0, 1), { PartNumber: 2, ETag }]);
    const head = await bucket.client.send(new HeadObjectCommand(object));
    expect(head.ContentLength).toBe(partBytes + 'again'.length);
    expect(bucket.files()).toHaveLength(1);
  }));

test('parts out of order, parts that are too small and no parts are refused, and the upload stays', () =>
  withBucket(async (bucket) => {
    const { Parts, complete } = await withParts(bucket, [10, 20]);
    await expect(complete()).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([...Parts].reverse())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ PartNumber: 1, ETag: '"../upload.json"' }])).rejects.toMatchObject({
      name: 'MalformedXML',
    });
    await complete(Parts.slice(0, 1));
  }));

test('an upload in parts that was aborted leaves nothing, and takes no more', () =>
  withBucket(async (bucket) => {
    const { UploadId, complete } = await withParts(bucket, [10]);
    const { client } = bucket;
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
    expect(bucket.files()).toEqual([]);
    const gone = { name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } };
    await expect(complete()).rejects.toMatchObject(gone);
    const part = { ...object, PartNumber: 1, Body: Buffer.from('late') };
    await expect(client.send(new UploadPartCommand({ ...part, UploadId }))).rejects.toMatchObject(gone);
    await expect(client.send(new UploadPartCommand({ ...part, UploadId: '../x' }))).rejects.toMatchObject(gone);
    await expect(client.send(new AbortMultipartUploadCommand({ ...object, UploadId }))).rejects.toMatchObject(gone);
  }));

test('a part has a number from 1 to 10,000', () =>
  withBucket(async (bucket) => {
    const { UploadId } = await withParts(bucket, []);
    const put = (PartNumber: number) => bucket.client.send(new UploadPartCommand({ ...object, UploadId, PartNumber }));
    await expect(put(0)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(put(10_001)).rejects.toMatchObject({ name: 'InvalidArgument' });
  }));

test('an object in parts is made only where there is none, when that is asked for', () =>
  withBucket(async (bucket) => {
    const { Parts, complete } = await withParts(bucket, [10]);
    await bucket.client.send(new PutObjectCommand({ ...object, Body: 'first' }));
    const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    await expect(complete(Parts, { IfNoneMatch: '*' })).rejects.toMatchObject(refused);
    const head = await bucket.client.send(new HeadObjectCommand(object));
    expect(head.ContentLength).toBe('first'.length);
  }));
