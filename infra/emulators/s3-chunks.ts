import { S3Error } from './s3-error.js';

/** Bytes of a line that says how long a chunk is, or of a trailer. */
const maxLineBytes = 512;
const maxTrailers = 8;
const lineEnd = '\r\n';

/**
 * Undoes `aws-chunked`, in which a body of unknown checksum is sent: chunks with their length before them, a last one that
 * is empty, and then trailers, which are put into `trailers` by their names in lower case.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws S3Error IncompleteBody
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const pieces = new Pieces(source);
  try {
    yield* decode(pieces, trailers);
  } finally {
    await pieces.close();
  }
}

async function* decode(pieces: Pieces, trailers: Map<string, string>): AsyncGenerator<Buffer> {
  for (;;) {
    const [, size] = /^([0-9a-f]{1,8})$/i.exec(await pieces.line()) ?? [];
    if (size === undefined) throw incomplete();
    const bytes = Number.parseInt(size, 16);
    if (bytes === 0) break;
    yield* pieces.bytes(bytes);
    if ((await pieces.line()) !== '') throw incomplete();
  }
  let lines = 0;
  for (let line = await pieces.line(); line !== ''; line = await pieces.line()) {
    lines += 1;
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === '' || lines > maxTrailers) throw incomplete();
    trailers.set(name.toLowerCase(), value.trim());
  }
  if (await pieces.isMore()) throw incomplete();
}

/** A stream as lines and counted bytes; it holds one piece of it and a line at most. */
class Pieces {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether anything is left. */
  async isMore(): Promise<boolean> {
    return this.#rest.length > 0 || (await this.#read());
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(lineEnd);
      if (end > maxLineBytes || (end === -1 && this.#rest.length > maxLineBytes)) throw incomplete();
      if (end !== -1) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + lineEnd.length);
        return line;
      }
      if (!(await this.#read())) throw incomplete();
    }
  }

  /** The next so many bytes. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (!(await this.isMore())) throw incomplete();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Lets go of the stream, so that somebody else can read the rest of it. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #read(): Promise<boolean> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done) return false;
      this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
      if (next.value.length > 0) return true;
    }
  }
}

function incomplete(): S3Error {
  return new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
}
