import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, errorAnswer, send } from './s3-answer.js';
import { bodyOf, readWhole } from './s3-body.js';
import { Control, ControlState } from './s3-control.js';
import { S3Error } from './s3-error.js';
import { copyObject, deleteObject, getObject, listObjects, putObject } from './s3-objects.js';
import { type OperationName, operationOf } from './s3-operations.js';
import { abortUpload, completeUpload, createUpload, type PartsWork, uploadPart } from './s3-parts.js';
import { readRequest, type S3Request } from './s3-request.js';
import { type Authority, verifySignature } from './s3-signature.js';
import { ObjectStore } from './s3-store.js';
import { Uploads } from './s3-uploads.js';
import { type Emulator, type Handler, type ListenOptions, listen, readJson, respond, sendJson } from './server.js';

/** Where it listens, what it keeps where, and whose signatures it takes. */
export interface S3Options extends ListenOptions {
  /** Everything is kept in it, and found again at the next start; it is made when it is not there. */
  readonly folder: string;
  readonly buckets: readonly string[];
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `us-east-1` when not given. */
  readonly region?: string;
  /** By which signatures expire and objects are dated; the machine's time when not given. */
  readonly now?: () => Date;
}

interface Server {
  readonly authority: Authority;
  readonly buckets: readonly string[];
  readonly store: ObjectStore;
  readonly uploads: Uploads;
  readonly state: ControlState;
}

const operations: Readonly<Record<OperationName, (work: PartsWork) => Answer | Promise<Answer>>> = {
  AbortMultipartUpload: abortUpload,
  CompleteMultipartUpload: completeUpload,
  CopyObject: copyObject,
  CreateMultipartUpload: createUpload,
  DeleteObject: deleteObject,
  GetObject: getObject,
  HeadObject: getObject,
  ListObjectsV2: listObjects,
  PutObject: putObject,
  UploadPart: uploadPart,
};

/** Those that read a body themselves. */
const withBody: readonly OperationName[] = ['CompleteMultipartUpload', 'PutObject', 'UploadPart'];

/**
 * Stands in for a server of S3 with path-style addressing, which takes only what is signed (AWS Signature Version 4).
 * @throws the server's own error, such as EADDRINUSE
 */
export function startS3Emulator(options: S3Options): Promise<Emulator> {
  const { accessKeyId, secretAccessKey, region = 'us-east-1', now = () => new Date(), folder, buckets } = options;
  const store = new ObjectStore(folder, buckets);
  const uploads = new Uploads(join(folder, 'uploads'), store);
  const state = new ControlState();
  const server = { authority: { accessKeyId, secretAccessKey, region, now }, buckets, store, uploads, state };
  return listen((message, response) => {
    if (message.url === '/_control') void respond(control(state), message, response);
    else serve(server, message, response).catch(() => response.destroy());
  }, options);
}

function control(state: ControlState): Handler {
  return ({ method, body }, response) => {
    if (method === 'POST') state.set(readJson(Control, body));
    sendJson(response, 200, state.show());
  };
}

async function serve(server: Server, message: IncomingMessage, response: ServerResponse): Promise<void> {
  allowAnyOrigin(message, response);
  if (message.method === 'OPTIONS') return void response.writeHead(204).end();
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  response.setHeader('x-amz-request-id', requestId);
  const { answer, isCut } = await outcomeOf(server, message, requestId);
  // The rest is read and thrown away: leaving now would break the line before the answer is out.
  message.resume();
  await send(answer, response, isCut);
}

async function outcomeOf(
  server: Server,
  message: IncomingMessage,
  requestId: string,
): Promise<{ answer: Answer; isCut: boolean }> {
  let isCut = false;
  try {
    const request = readRequest(message);
    const operation = operationOf(request);
    const { delayMs, status, cut = false } = server.state.take(operation);
    isCut = cut;
    // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
    if (delayMs) await pause(delayMs, undefined, { ref: false });
    const answer = status
      ? errorAnswer(status, 'EmulatedFailure', 'An emulated failure.', requestId)
      : await perform(server, operation, request);
    return { answer, isCut };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { answer: errorAnswer(error.status, error.code, error.message, requestId), isCut };
  }
}

async function perform(server: Server, operation: OperationName, request: S3Request): Promise<Answer> {
  const { authority, buckets, store, uploads } = server;
  const payload = verifySignature(request, authority);
  if (!buckets.includes(request.bucket)) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  // What has no body is signed as such.
  if (!withBody.includes(operation)) await readWhole(bodyOf(request, payload), 0);
  return operations[operation]({ request, payload, store, uploads, now: authority.now });
}

/** CORS, also of a preflight: pages of whatever origin, as for a bucket that browsers write to. */
function allowAnyOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  if (!headers.origin) return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'etag, content-range, x-amz-request-id');
  if (!headers['access-control-request-method']) return;
  response.setHeader('access-control-allow-methods', 'GET, HEAD, PUT, POST, DELETE');
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? 'content-type');
}
