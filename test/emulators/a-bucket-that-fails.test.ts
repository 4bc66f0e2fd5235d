import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from '@jest/globals';
import { withBucket } from '../support/bucket.js';

const object = { Bucket: 'files', Key: 'hello.txt' };
const hello = { ...object, Body: Buffer.from('hello') };

test('an operation fails as often as it is asked to, and is counted', () =>
  withBucket(async (bucket) => {
    const { client } = bucket;
    await bucket.control({ operation: 'PutObject', status: 503, times: 2 });
    const failed = { name: 'EmulatedFailure', $metadata: { httpStatusCode: 503 } };
    await expect(client.send(new PutObjectCommand(hello))).rejects.toMatchObject(failed);
    await expect(client.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
    // A client that tries three times has it done.
    await bucket.newClient({ maxAttempts: 3 }).send(new PutObjectCommand(hello));
    expect(await bucket.requests()).toEqual({ PutObject: 3, HeadObject: 1 });
    await bucket.control({ status: 500 });
    await expect(client.send(new DeleteObjectCommand(object))).rejects.toMatchObject({ name: 'EmulatedFailure' });
    await bucket.control({ reset: true });
    await client.send(new DeleteObjectCommand(object));
    expect(await bucket.requests()).toEqual({ DeleteObject: 1 });
  }));

test('an answer breaks off in its middle', () =>
  withBucket(async (bucket) => {
    const Body = Buffer.alloc(1_000_000, 'some bytes');
    await bucket.client.send(new PutObjectCommand({ ...object, Body }));
    await bucket.control({ operation: 'GetObject', cut: true, times: 1 });
    const response = await fetch(await getSignedUrl(bucket.client, new GetObjectCommand(object)));
    expect(response.headers.get('content-length')).toBe('1000000');
    let received = 0;
    const read = async () => {
      for await (const chunk of response.body ?? []) received += chunk.length;
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(received).toBe(500_000);
  }));

test('an upload is stored whose answer nobody gets', () =>
  withBucket(async (bucket) => {
    await bucket.control({ operation: 'PutObject', cut: true, times: 1 });
    await expect(bucket.client.send(new PutObjectCommand(hello))).rejects.toThrow('socket hang up');
    const head = await bucket.client.send(new HeadObjectCommand(object));
    expect(head.ContentLength).toBe(5);
  }));

test('an answer that is late is given up, and does not keep the stand-in from closing', () =>
  withBucket(async (bucket) => {
    await bucket.control({ operation: 'HeadObject', delayMs: 600_000 });
    const late = bucket.client.send(new HeadObjectCommand(object), { abortSignal: AbortSignal.timeout(50) });
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
    await expect(bucket.client.send(new GetObjectCommand(object))).rejects.toMatchObject({ name: 'NoSuchKey' });
  }));

test('what the stand-in is told must make sense', () =>
  withBucket(async ({ url }) => {
    const told = (body: string) => fetch(`${url}/_control`, { method: 'POST', body });
    expect((await told('{"operation":"RenameObject","status":500}')).status).toBe(400);
    expect((await told('{"status":200}')).status).toBe(400);
    expect((await told('{')).status).toBe(400);
  }));

test('a page of any origin may upload what was signed for it', () =>
  withBucket(async ({ client }) => {
    const url = await getSignedUrl(client, new PutObjectCommand(object));
    const origin = 'https://app.example.com';
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,if-none-match',
      },
    });
    const allowed = (name: string) => preflight.headers.get(`access-control-allow-${name}`);
    expect([preflight.status, allowed('origin')]).toEqual([204, '*']);
    expect(allowed('methods')).toContain('PUT');
    expect(allowed('headers')).toBe('content-type,if-none-match');
    const answer = await fetch(url, { method: 'PUT', body: 'hello', headers: { origin } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(answer.headers.get('access-control-expose-headers')).toContain('etag');
  }));
