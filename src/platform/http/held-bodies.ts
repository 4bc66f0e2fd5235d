import type { Readable } from 'node:stream';
import { HttpRefusal, tooLarge } from './refusal.js';

/** What a piece takes beside its bytes, so that many small ones count as what they are. */
const pieceBytes = 256;

interface ComingBody {
  held: number;
  refuse(error: Error): void;
}

/**
 * Collects bodies of which nobody knows yet who sends them, in so much memory at most. Where that is not enough, the one that
 * has been coming for longest is refused: whoever is honest sends all of it at once, and waits for nobody.
 */
export class HeldBodies {
  /** In the order of their beginning. */
  readonly #coming = new Set<ComingBody>();
  #held = 0;

  constructor(private readonly maxHeldBytes: number) {}

  /** All bytes of one. @throws 413 when they are more than `maxBytes`; 408 when it is in the way of others */
  async collect(payload: Readable, maxBytes: number): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const body: ComingBody = { held: 0, refuse: reject };
    const pieces: Buffer[] = [];
    let bytes = 0;
    const take = (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxBytes) return reject(tooLarge());
      pieces.push(piece);
      this.#add(body, piece.length + pieceBytes);
    };
    const broken = () => reject(new HttpRefusal(400, 'The body did not come to its end.'));
    const end = () => resolve(Buffer.concat(pieces));
    this.#coming.add(body);
    payload.on('data', take).once('end', end).once('error', broken).once('close', broken);
    try {
      return await promise;
    } finally {
      payload.off('data', take).off('end', end).off('close', broken);
      this.#coming.delete(body);
      this.#held -= body.held;
    }
  }

  #add(body: ComingBody, bytes: number): void {
    body.held += bytes;
    this.#held += bytes;
    let over = this.#held - this.maxHeldBytes;
    for (const oldest of this.#coming) {
      if (over <= 0) return;
      over -= oldest.held;
      oldest.refuse(new HttpRefusal(408, 'The request comes too slowly, and others are waiting.'));
    }
  }
}
