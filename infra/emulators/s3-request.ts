import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.js';

/** A request of S3 with path-style addressing, taken apart; its body is still to come. */
export interface S3Request {
  readonly method: string;
  /** As it was sent, percent-encoded. */
  readonly path: string;
  readonly bucket: string;
  /** Empty where the request is about the bucket. */
  readonly key: string;
  /** Names and values in the order in which they were sent, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: IncomingMessage['headersDistinct'];
  readonly message: IncomingMessage;
}

/** Bytes of a key in UTF-8. */
const maxKeyBytes = 1_024;

/** Takes a request apart. @throws S3Error InvalidURI, KeyTooLongError */
export function readRequest(message: IncomingMessage): S3Request {
  const { method = 'GET', url = '/', headersDistinct: headers } = message;
  // Not by URL: it would take `..` and `//` out of a key.
  const [, path = '/', search = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const query = search
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair.replaceAll('+', ' ')) ?? [];
      return [decode(name), decode(value)] as const;
    });
  const decodedKey = decode(key);
  if (Buffer.byteLength(decodedKey) > maxKeyBytes) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return { method, path, bucket: decode(bucket), key: decodedKey, query, headers, message };
}

/** The value of a header; undefined when it was not sent. */
export function headerOf({ headers }: S3Request, name: string): string | undefined {
  return headers[name]?.join(', ');
}

/** The value of a parameter of the query, whose name is compared as it is; undefined when it was not sent. */
export function parameterOf({ query }: S3Request, name: string): string | undefined {
  return query.find(([each]) => each === name)?.[1];
}

/** The value of an `x-amz-…` header, which a presigned URL may have in its query. */
export function amzFieldOf(request: S3Request, name: string): string | undefined {
  return headerOf(request, name) ?? request.query.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** Undoes percent-encoding. @throws S3Error InvalidURI */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}
