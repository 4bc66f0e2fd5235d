import { z } from 'zod';
import { type Answer, element, xml } from './s3-answer.js';
import { bodyOf, readWhole } from './s3-body.js';
import { S3Error } from './s3-error.js';
import { isForNewOnly, keptHeaders, type Work } from './s3-objects.js';
import { parameterOf } from './s3-request.js';
import type { NamedPart, Uploads } from './s3-uploads.js';

/** What an operation on parts works with. */
export interface PartsWork extends Work {
  readonly uploads: Uploads;
}

const maxParts = 10_000;
/** What 10,000 parts need, each with a checksum. */
const maxListBytes = 4 * 1024 ** 2;

const PartNumber = z.coerce.number().int().min(1).max(maxParts);
const Part = z.object({ number: PartNumber, etag: z.string().regex(/^[0-9a-f]{32}$/) });

/** Begins an object that comes in parts. */
export function createUpload({ request, uploads }: PartsWork): Answer {
  const { bucket, key } = request;
  const id = uploads.begin({ bucket, key, headers: keptHeaders(request) });
  return xml(200, 'InitiateMultipartUploadResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('UploadId', id),
  ]);
}

/** Keeps a part. */
export async function uploadPart({ request, payload, store, uploads }: PartsWork): Promise<Answer> {
  const number = PartNumber.safeParse(parameterOf(request, 'partNumber'));
  if (!number.success) throw new S3Error('InvalidArgument', `A part number is between 1 and ${maxParts}, inclusive.`);
  const id = uploadOf(request);
  uploads.require(id, request.bucket, request.key);
  const body = bodyOf(request, payload);
  const draft = await store.draft(body.content);
  await uploads.put(id, number.data, draft);
  return { status: 200, headers: { etag: `"${draft.md5}"`, ...Object.fromEntries(body.checksums) } };
}

/** Makes an object of the parts that are named. */
export async function completeUpload({ request, payload, store, uploads, now }: PartsWork): Promise<Answer> {
  const { bucket, key } = request;
  const id = uploadOf(request);
  const isExclusive = isForNewOnly(request);
  const parts = partsOf(await readWhole(bodyOf(request, payload), maxListBytes));
  const { headers } = uploads.require(id, bucket, key);
  const { etag, ...draft } = await uploads.join(id, parts);
  await store.commit(request, draft, { etag, modifiedAt: now().toISOString(), headers, checksums: {} }, isExclusive);
  uploads.end(id);
  return xml(200, 'CompleteMultipartUploadResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('ETag', `"${etag}"`),
  ]);
}

/** Removes what came of an object. */
export function abortUpload({ request, uploads }: PartsWork): Answer {
  const id = uploadOf(request);
  uploads.require(id, request.bucket, request.key);
  uploads.end(id);
  return { status: 204 };
}

function uploadOf(request: Work['request']): string {
  return parameterOf(request, 'uploadId') ?? '';
}

/** The parts that the list of a completion names, as the SDK writes it. @throws S3Error MalformedXML */
function partsOf(list: string): NamedPart[] {
  const parts = [...list.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) =>
    Part.safeParse({
      number: /<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1],
      etag: /<ETag>(?:"|&quot;|&#34;)?(\w+)(?:"|&quot;|&#34;)?<\/ETag>/.exec(part)?.[1],
    }),
  );
  return parts.map(({ data }) => {
    if (!data) throw new S3Error('MalformedXML', 'The XML you provided was not well-formed.');
    return data;
  });
}
