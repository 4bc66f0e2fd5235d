import { S3Error } from './s3-error.js';
import { headerOf, parameterOf, type S3Request } from './s3-request.js';

/** What the stand-in can do, by the names of S3. */
export const operationNames = [
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateMultipartUpload',
  'DeleteObject',
  'GetObject',
  'HeadObject',
  'ListObjectsV2',
  'PutObject',
  'UploadPart',
] as const;

/** One of them. */
export type OperationName = (typeof operationNames)[number];

interface Route {
  readonly name: OperationName;
  readonly method: string;
  readonly isOnBucket?: boolean;
  /** Parameters of the query without which it is another one. */
  readonly needs: readonly string[];
  readonly mayHave?: readonly string[];
}

const overrides = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type'];

/** What an answer's headers may be replaced with, by a parameter of the query. */
export const overridable: readonly string[] = overrides;

/** Those that need more come first. */
const routes: readonly Route[] = [
  { name: 'UploadPart', method: 'PUT', needs: ['partNumber', 'uploadId'] },
  { name: 'PutObject', method: 'PUT', needs: [] },
  { name: 'GetObject', method: 'GET', needs: [], mayHave: overrides.map((name) => `response-${name}`) },
  { name: 'HeadObject', method: 'HEAD', needs: [] },
  { name: 'AbortMultipartUpload', method: 'DELETE', needs: ['uploadId'] },
  { name: 'DeleteObject', method: 'DELETE', needs: [] },
  { name: 'CreateMultipartUpload', method: 'POST', needs: ['uploads'] },
  { name: 'CompleteMultipartUpload', method: 'POST', needs: ['uploadId'] },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    isOnBucket: true,
    needs: ['list-type'],
    mayHave: ['prefix', 'continuation-token', 'start-after', 'max-keys'],
  },
];

/**
 * What a request asks for.
 * @throws S3Error MethodNotAllowed, and NotImplemented for what it would be answered wrongly without
 */
export function operationOf(request: S3Request): OperationName {
  const route = routes.find(
    ({ method, isOnBucket = false, needs }) =>
      method === request.method &&
      isOnBucket === (request.key === '') &&
      needs.every((name) => parameterOf(request, name) !== undefined),
  );
  if (!route) throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  const known = ['x-id', ...route.needs, ...(route.mayHave ?? [])];
  const unknown = request.query.find(([name]) => !known.includes(name) && !/^x-amz-/i.test(name));
  if (unknown) throw new S3Error('NotImplemented', `The stand-in does not know the parameter ${unknown[0]}.`);
  const isCopy = headerOf(request, 'x-amz-copy-source') !== undefined;
  if (isCopy && route.name !== 'PutObject') throw new S3Error('NotImplemented', 'The stand-in copies whole objects.');
  return isCopy ? 'CopyObject' : route.name;
}
