import { PassThrough, Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { hashingOf } from './hashing.js';
import { ObjectMissing, type ObjectStore } from './object-store.js';

/** A bucket of an S3-compatible server, and who we are there. */
export interface BucketOptions {
  /** Of the server; null for Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Two parts are on their way at once, so an upload takes twice as much memory. Amazon takes no part below 5 MB. */
const partBytes = 5 * 1_024 * 1_024;
const partsAtOnce = 2;
const connectMs = 5_000;
/** How long an answer may take to begin. */
const silenceMs = 30_000;
/** Connections of a process: those of slow downloads are not in the way of what is written and finished. */
const maxSockets = 500;
const maxAttempts = 2;

/** Keeps objects in a bucket of any server that speaks S3. */
export function bucketStore({ endpoint, region, bucket: Bucket, ...credentials }: BucketOptions): ObjectStore {
  const client = new S3Client({
    region,
    credentials,
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts,
    // An answer that has begun may pause for as long as whoever reads it does.
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: silenceMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
    // Other servers do not know the checksums that Amazon's has come to like.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    put: async (Key, body, signal) => {
      const stream = new PassThrough();
      const upload = new Upload({
        client,
        params: { Bucket, Key, Body: stream },
        partSize: partBytes,
        queueSize: partsAtOnce,
      });
      const abort = () => stream.destroy(new Error('The upload was given up.'));
      signal.addEventListener('abort', abort, { once: true });
      body.once('error', (error) => stream.destroy(error));
      const result = hashingOf(body);
      body.pipe(stream);
      try {
        signal.throwIfAborted();
        await upload.done();
        return result();
      } catch (error) {
        await upload.abort().catch(() => undefined);
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    read: async (Key, range, abortSignal) => {
      const Range = range ? `bytes=${range.from}-${range.to}` : undefined;
      const { Body } = await client
        .send(new GetObjectCommand({ Bucket, Key, Range }), { abortSignal })
        .catch((error: unknown) => {
          throw error instanceof NoSuchKey ? new ObjectMissing(Key) : error;
        });
      if (!(Body instanceof Readable)) throw new Error('The bucket answered no stream.');
      return Body;
    },
    sizeOf: async (Key) => {
      try {
        return (await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength ?? null;
      } catch (error) {
        if (error instanceof NotFound) return null;
        throw error;
      }
    },
    remove: async (Key) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    list: async (after, limit) => {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket, StartAfter: after === '' ? undefined : after, MaxKeys: limit }),
      );
      return Contents.flatMap(({ Key, LastModified }) =>
        Key !== undefined && LastModified ? [{ key: Key, modifiedAt: LastModified }] : [],
      );
    },
    directUpload: async (Key, { contentType, bytes, seconds }) => {
      const command = new PutObjectCommand({
        Bucket,
        Key,
        ContentType: contentType,
        ContentLength: bytes,
        IfNoneMatch: '*',
      });
      const bound = ['content-type', 'content-length', 'if-none-match'];
      const url = await getSignedUrl(client, command, {
        expiresIn: seconds,
        signableHeaders: new Set(bound),
        unhoistableHeaders: new Set(bound),
      });
      // A client sends the length by itself: browsers let no page set it.
      return { url, headers: { 'content-type': contentType, 'if-none-match': '*' } };
    },
  };
}
