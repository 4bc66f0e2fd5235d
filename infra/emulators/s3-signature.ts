import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { S3Error } from './s3-error.js';
import { decode, headerOf, parameterOf, type S3Request } from './s3-request.js';

/** Whose signatures are taken, for which region, and by which clock. */
export interface Authority {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly now: () => Date;
}

/** Who says to have signed what, and when; the same from a header and from a presigned query. */
interface Claim {
  readonly scope: string;
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20270301T080000Z` */
  readonly date: string;
  /** Seconds from its date on; null where it is a header, which is good for as long as clocks may differ. */
  readonly expiresSeconds: number | null;
  /** What the signature says of the body. */
  readonly payload: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const maxSkewMs = 15 * 60_000;
const SignedHeaders = z.string().transform((names) => names.split(';'));
const Signature = z.string().regex(/^[0-9a-f]{64}$/);
const Moment = z.string().regex(/^\d{8}T\d{6}Z$/);

const Presigned = z.object({
  'X-Amz-Algorithm': z.literal(algorithm),
  'X-Amz-Credential': z.string(),
  'X-Amz-Date': Moment,
  'X-Amz-Expires': z.coerce.number().int().min(1).max(604_800),
  'X-Amz-SignedHeaders': SignedHeaders,
  'X-Amz-Signature': Signature,
  'X-Amz-Content-Sha256': z.string().optional(),
});

/**
 * Checks the signature of a request (AWS Signature Version 4, in its header or its query) by making it anew. Answers what
 * was signed about the body: its SHA-256 as hex, or a word such as `UNSIGNED-PAYLOAD`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @throws S3Error AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed, SignatureDoesNotMatch, or what is malformed
 */
export function verifySignature(request: S3Request, authority: Authority): string {
  const claim = claimOf(request);
  if (claim.accessKeyId !== authority.accessKeyId)
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  const scope = `${claim.date.slice(0, 8)}/${authority.region}/s3/aws4_request`;
  if (claim.scope !== scope) throw malformed(claim, `The credential is for ${claim.scope}; expecting ${scope}.`);
  requireInTime(claim, authority.now());
  requireSigned(request, claim);
  const expected = signatureOf(request, claim, authority.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(claim.signature, 'hex')))
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  return claim.payload;
}

function claimOf(request: S3Request): Claim {
  const authorization = headerOf(request, 'authorization');
  const isPresigned = parameterOf(request, 'X-Amz-Algorithm') !== undefined;
  if (authorization !== undefined && isPresigned)
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed: the query or the Authorization header.');
  if (isPresigned) return presignedClaim(request);
  if (authorization === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  return headerClaim(request, authorization);
}

function presignedClaim(request: S3Request): Claim {
  const parsed = Presigned.safeParse(Object.fromEntries(request.query));
  if (!parsed.success) throw new S3Error('AuthorizationQueryParametersError', z.prettifyError(parsed.error));
  const { data } = parsed;
  return {
    ...credentialOf(data['X-Amz-Credential']),
    signedHeaders: data['X-Amz-SignedHeaders'],
    signature: data['X-Amz-Signature'],
    date: data['X-Amz-Date'],
    expiresSeconds: data['X-Amz-Expires'],
    payload: data['X-Amz-Content-Sha256'] ?? headerOf(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  };
}

function headerClaim(request: S3Request, authorization: string): Claim {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
  const [, credential = '', signedHeaders = '', signature = ''] = parts.exec(authorization) ?? [];
  if (!signature) throw new S3Error('AuthorizationHeaderMalformed', `The authorization is not one of ${algorithm}.`);
  const date = Moment.safeParse(headerOf(request, 'x-amz-date'));
  if (!date.success)
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header.');
  const payload = headerOf(request, 'x-amz-content-sha256');
  if (payload === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return {
    ...credentialOf(credential),
    signedHeaders: signedHeaders.split(';'),
    signature,
    date: date.data,
    expiresSeconds: null,
    payload,
  };
}

/** `<key>/<day>/<region>/s3/aws4_request` */
function credentialOf(credential: string): { accessKeyId: string; scope: string } {
  const [accessKeyId = '', ...scope] = credential.split('/');
  return { accessKeyId, scope: scope.join('/') };
}

function malformed({ expiresSeconds }: Claim, message: string): S3Error {
  return new S3Error(
    expiresSeconds === null ? 'AuthorizationHeaderMalformed' : 'AuthorizationQueryParametersError',
    message,
  );
}

function requireInTime(claim: Claim, now: Date): void {
  const { date, expiresSeconds } = claim;
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(signedAt)) throw malformed(claim, `There is no such moment: ${date}.`);
  const age = now.getTime() - signedAt;
  if (expiresSeconds === null && Math.abs(age) > maxSkewMs)
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  if (expiresSeconds === null) return;
  if (age < -maxSkewMs) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (age > expiresSeconds * 1_000) throw new S3Error('AccessDenied', 'Request has expired');
}

/** What changes the meaning of a request may not be added to it by another. */
function requireSigned(request: S3Request, claim: Claim): void {
  if (!claim.signedHeaders.includes('host')) throw malformed(claim, 'The host is not signed.');
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name),
  );
  if (unsigned.length > 0)
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    );
}

function signatureOf(request: S3Request, { date, scope, signedHeaders, payload }: Claim, secret: string): string {
  const canonicalRequest = [
    request.method,
    request.path.split('/').map(decode).map(encode).join('/'),
    canonicalQuery(request),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    '',
    signedHeaders.join(';'),
    payload,
  ].join('\n');
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  const key = scope.split('/').reduce<string | Buffer>((parent, part) => hmac(parent, part), `AWS4${secret}`);
  return hmac(key, [algorithm, date, scope, hash].join('\n')).toString('hex');
}

function canonicalQuery({ query }: S3Request): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [other, otherValue]) => compare(name, other) || compare(value, otherValue))
    .map((pair) => pair.join('='))
    .join('&');
}

function canonicalHeader({ headers }: S3Request, name: string): string {
  return (headers[name] ?? []).map((value) => value.trim().replace(/\s+/g, ' ')).join(',');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** All but what RFC 3986 calls unreserved. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
