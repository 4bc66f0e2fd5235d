import type { FastifyReply } from 'fastify';
import { AppError } from '../../kernel/errors.js';

/** Characters of answers that may wait in a process for clients that read slowly, or not at all. */
const maxUnsent = 128 * 1_024 * 1_024;
/** Answers of so many characters are sent in any case and not waited for: the system takes them over. Most are shorter. */
const small = 64 * 1_024;

/** Bounds what the answers of a process take that their clients have not read yet. */
export class UnsentAnswers {
  #length = 0;

  constructor(private readonly maxLength = maxUnsent) {}

  /** Sends an answer; resolves once a large one is sent, or its client gone. @throws UNAVAILABLE when too much waits already */
  async send(reply: FastifyReply, body: string): Promise<void> {
    const { length } = body;
    if (length <= small) {
      reply.send(body);
      return;
    }
    const release = this.hold(length);
    reply.send(body);
    await closingOf(reply);
    release();
  }

  /**
   * Counts what waits for a client, unless it is small, until the returned function is called.
   * @throws UNAVAILABLE when too much waits already
   */
  hold(length: number): () => void {
    if (length <= small) return () => undefined;
    if (this.#length + length > this.maxLength) {
      throw new AppError('UNAVAILABLE', 'Too many answers wait for their clients. Try again.', { retryAfter: 1 });
    }
    this.#length += length;
    return () => {
      this.#length -= length;
    };
  }
}

/** Waits until an answer is sent or given up: behind others of its connection it does not hear that this has ended. */
async function closingOf({ raw }: FastifyReply): Promise<void> {
  const { socket } = raw.req;
  if (raw.closed || socket.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  raw.once('close', resolve);
  // As many as requests may be under way on it.
  socket.setMaxListeners(0).once('close', resolve);
  await promise;
  socket.off('close', resolve);
}
