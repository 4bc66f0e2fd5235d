import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredObject } from './s3-store.js';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** XML, or the bytes of an object and their number. */
  readonly body?: string | { readonly content: Readable; readonly length: number };
}

/** An element whose content is XML, or the text that is given, as XML. */
export function element(name: string, content: string | number | readonly string[]): string {
  const inner = Array.isArray(content) ? content.join('') : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A document of S3. */
export function xml(status: number, root: string, content: readonly string[]): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** A failure in the words of S3. */
export function errorAnswer(status: number, code: string, message: string, requestId: string): Answer {
  return xml(status, 'Error', [element('Code', code), element('Message', message), element('RequestId', requestId)]);
}

/** What every answer says about an object. */
export function headersOf({ headers, etag, modifiedAt }: StoredObject): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...headers,
    etag: `"${etag}"`,
    'last-modified': new Date(modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** Sends an answer, or the first half of its body and then nothing more; without a body, nothing at all. */
export async function send(answer: Answer, response: ServerResponse, isCut: boolean): Promise<void> {
  const { status, headers = {}, body } = answer;
  const [content, length] =
    typeof body === 'object' ? [body.content, body.length] : [[Buffer.from(body ?? '')], Buffer.byteLength(body ?? '')];
  if (isCut && body === undefined) {
    response.destroy();
    return;
  }
  // A HEAD says how long the body would be, and 204 has none to say it of.
  response.writeHead(status, body === undefined ? headers : { ...headers, 'content-length': length });
  if (!isCut) return pipeline(content, response);
  await pipeline(firstBytes(content, Math.floor(length / 2)), response, { end: false });
  // What was sent goes out before the line breaks.
  response.socket?.destroySoon();
}

async function* firstBytes(content: Readable | readonly Buffer[], count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of content) {
    const piece: Buffer = chunk.subarray(0, left);
    left -= piece.length;
    yield piece;
    if (left === 0) return;
  }
}

/** Also what XML cannot hold otherwise, which a key may. */
function escapeXml(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    /[&<>"\u0000-\u001f]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
