import type { Readable } from 'node:stream';

// Elements of EBML that lead to a block's time, and the block itself (RFC 8794, RFC 9559).
const segment = 0x18538067;
const info = 0x1549a966;
const timestampScale = 0x2ad7b1;
const cluster = 0x1f43b675;
const clusterTimestamp = 0xe7;
const blockGroup = 0xa0;
const block = 0xa1;
const simpleBlock = 0xa3;
const containers: ReadonlySet<number> = new Set([segment, info, cluster, blockGroup]);

/** A block begins with its track, the 16 bits of its time, and flags. */
const blockHeadBytes = 8;
const defaultScale = 1_000_000;
const nanosecondsOfSecond = 1_000_000_000;

/**
 * Seconds of a WebM recording by the times of its blocks: browsers write its length nowhere, since they do not know it
 * while they record. Null when there are none. Only heads of elements are held, whatever stands between them.
 */
export async function webmSeconds(stream: Readable): Promise<number | null> {
  const bytes = new ByteReader(stream);
  let scale = defaultScale;
  let clusterAt = 0;
  let last: number | null = null;
  for (;;) {
    const id = await bytes.readId();
    const size = id === null ? null : await bytes.readSize();
    if (id === null || size === null) break;
    if (containers.has(id)) continue;
    if (id === timestampScale) scale = (await bytes.readNumber(size)) ?? scale;
    else if (id === clusterTimestamp) clusterAt = (await bytes.readNumber(size)) ?? clusterAt;
    else if (id === simpleBlock || id === block) {
      const head = await bytes.read(Math.min(blockHeadBytes, size));
      const trackBytes = head ? lengthOf(head[0] ?? 0) : 0;
      if (!head || head.length < trackBytes + 2) break;
      last = Math.max(last ?? 0, clusterAt + head.readInt16BE(trackBytes));
      if (!(await bytes.skip(size - head.length))) break;
    } else if (!(await bytes.skip(size))) break;
  }
  return last === null ? null : (last * scale) / nanosecondsOfSecond;
}

/** Bytes of a number whose first byte this is; 9 is none. */
function lengthOf(first: number): number {
  return Math.clz32(first) - 23;
}

/** Reads a stream by pieces of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** The next bytes; fewer than asked for are null. */
  async read(length: number): Promise<Buffer | null> {
    while (this.#held.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done) return null;
      this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    }
    const read = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return read;
  }

  /** False when the stream ends before. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (left > this.#held.length) {
      left -= this.#held.length;
      const { done, value } = await this.#chunks.next();
      this.#held = done ? Buffer.alloc(0) : value;
      if (done) return false;
    }
    this.#held = this.#held.subarray(left);
    return true;
  }

  /** An element's id, with the marker of its length. */
  async readId(): Promise<number | null> {
    const first = await this.read(1);
    const length = first ? lengthOf(first[0] ?? 0) : 9;
    if (!first || length > 4) return null;
    const rest = length > 1 ? await this.read(length - 1) : Buffer.alloc(0);
    return rest && Buffer.concat([first, rest]).readUIntBE(0, length);
  }

  /** An element's size; one that is not known is that of a container, and 0 here. */
  async readSize(): Promise<number | null> {
    const first = await this.read(1);
    const length = first ? lengthOf(first[0] ?? 0) : 9;
    if (!first || length > 8) return null;
    const rest = length > 1 ? await this.read(length - 1) : Buffer.alloc(0);
    if (!rest) return null;
    let size = (first[0] ?? 0) & (0xff >> length);
    let isUnknown = size === 0xff >> length;
    for (const byte of rest) {
      size = size * 256 + byte;
      isUnknown &&= byte === 0xff;
    }
    return isUnknown ? 0 : size;
  }

  /** A whole number of so many bytes; null for more than JavaScript counts. */
  async readNumber(length: number): Promise<number | null> {
    const bytes = length >= 1 && length <= 6 ? await this.read(length) : null;
    if (!bytes) await this.skip(length);
    return bytes?.readUIntBE(0, length) ?? null;
  }
}
