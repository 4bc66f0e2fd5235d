import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { startS3Emulator } from '../../infra/emulators/s3.js';
import { postJson } from './harness.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-tests' };

/** A request as the SDK signed it, not sent yet. */
const SignedRequest = z.object({
  method: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.string()).default({}),
  headers: z.record(z.string(), z.string()),
});

/** The same. */
export type SignedRequest = z.infer<typeof SignedRequest>;

const Control = z.object({ requests: z.record(z.string(), z.number()) });

/** A bucket, `files`, of a stand-in whose time can be moved. */
export class TestBucket {
  readonly client: S3Client;
  readonly #others: S3Client[] = [];

  constructor(
    readonly url: string,
    readonly folder: string,
    /** Moves the stand-in's time forward. */
    readonly advance: (seconds: number) => void,
  ) {
    this.client = this.newClient();
  }

  /** A client that tries once, unlike the SDK by itself. */
  newClient(own: S3ClientConfig = {}): S3Client {
    const client = new S3Client({
      endpoint: this.url,
      forcePathStyle: true,
      region: 'us-east-1',
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      credentials,
      ...own,
    });
    this.#others.push(client);
    return client;
  }

  /** What the SDK would send for a command. */
  async signed(work: (client: S3Client) => Promise<unknown>, own: S3ClientConfig = {}): Promise<SignedRequest> {
    const held: unknown[] = [];
    const handle = async (request: unknown) => {
      held.push(request);
      throw new Error('It is not sent.');
    };
    const silent = () => undefined;
    const logger = { debug: silent, info: silent, warn: silent, error: silent };
    await work(this.newClient({ ...own, logger, requestHandler: { handle } })).catch(silent);
    return SignedRequest.parse(held[0]);
  }

  /** Sends a request as it is given. */
  async send({ method, path, query, headers }: SignedRequest, body: string | Buffer = ''): Promise<RawAnswer> {
    const url = new URL(`${this.url}${path}`);
    url.search = new URLSearchParams(query).toString();
    const request = httpRequest(url, { method, headers });
    const answered = new Promise<RawAnswer>((resolve, reject) => {
      request.once('error', reject).once('response', (response) => {
        const answer = async () => ({ status: response.statusCode ?? 0, text: (await buffer(response)).toString() });
        answer().then(resolve, reject);
      });
    });
    request.end(body);
    return answered;
  }

  async control(behaviour: object): Promise<void> {
    await postJson(`${this.url}/_control`, behaviour);
  }

  /** How many requests came, by operation. */
  async requests(): Promise<Record<string, number>> {
    return Control.parse(await (await fetch(`${this.url}/_control`)).json()).requests;
  }

  /** The files with bytes of objects, of drafts and of parts. */
  files(): string[] {
    const parts = readdirSync(join(this.folder, 'uploads'), { recursive: true, encoding: 'utf8' });
    return [...readdirSync(join(this.folder, 'content')), ...parts];
  }

  close(): void {
    for (const client of this.#others) client.destroy();
  }
}

/** What came back on a connection of its own. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Its status, and code and message of its XML. */
export function refusalOf({ status, text }: RawAnswer): [status: number, code: string, message: string] {
  const inside = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1] ?? '';
  return [status, inside('Code'), inside('Message')];
}

/** What a fetch came to. */
export async function rawAnswerOf(response: Response): Promise<RawAnswer> {
  return { status: response.status, text: await response.text() };
}

/** Works with a bucket of its own, in a folder of its own unless one is given. */
export async function withBucket(work: (bucket: TestBucket) => Promise<void>, given?: string): Promise<void> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'bucket-'));
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const emulator = await startS3Emulator({ port: 0, folder, buckets: ['files'], ...credentials, now });
  const bucket = new TestBucket(emulator.url, folder, (seconds) => {
    aheadMs += seconds * 1_000;
  });
  try {
    await work(bucket);
  } finally {
    bucket.close();
    await emulator.close();
    if (given === undefined) rmSync(folder, { recursive: true });
  }
}
