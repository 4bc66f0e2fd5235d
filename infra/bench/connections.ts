import { connect, type Socket } from 'node:net';
import type { RawRequest } from './load.js';

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A client that keeps its connections and sends each request at once, on a new one when all are busy: nobody waits for others. */
export class Connections {
  readonly #idle: Socket[] = [];
  readonly #all = new Set<Socket>();
  readonly #hostname: string;
  readonly #port: number;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#hostname = hostname;
    this.#port = Number(port);
  }

  /** Sends a request. @throws when its connection ends before the answer has come */
  send(request: RawRequest): Promise<Answer> {
    const socket = this.#idle.pop() ?? this.#open();
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      let [length, wanted] = [0, Number.POSITIVE_INFINITY];
      const onClose = () => reject(new Error('The connection ended before the answer.'));
      const onData = (piece: Buffer) => {
        pieces.push(piece);
        length += piece.length;
        if (wanted === Number.POSITIVE_INFINITY) wanted = lengthOf(Buffer.concat(pieces));
        if (length < wanted) return;
        socket.off('data', onData).off('close', onClose);
        const answer = Buffer.concat(pieces).toString('utf8');
        if (/^connection: close/im.test(answer.slice(0, answer.indexOf('\r\n\r\n')))) socket.destroy();
        else this.#idle.push(socket);
        resolve({ status: Number(answer.slice(9, 12)), body: answer.slice(answer.indexOf('\r\n\r\n') + 4) });
      };
      socket.on('data', onData).once('close', onClose);
      socket.write(request);
    });
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #open(): Socket {
    const socket = connect(this.#port, this.#hostname).setNoDelay();
    this.#all.add(socket);
    // Whoever waits for an answer hears that it closes.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#all.delete(socket);
      const place = this.#idle.indexOf(socket);
      if (place >= 0) this.#idle.splice(place, 1);
    });
    return socket;
  }
}

/** Bytes of an answer with its headers; infinite until those have come. */
function lengthOf(seen: Buffer): number {
  const end = seen.indexOf('\r\n\r\n');
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = /content-length: (\d+)/i.exec(seen.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error('The answer does not say how long it is.');
  return end + 4 + Number(length);
}
