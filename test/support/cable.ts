import { once } from 'node:events';
import net from 'node:net';

/** Something between a client and a server that can be cut, frozen and mended. */
export class Cable {
  readonly #sockets = new Set<net.Socket>();
  readonly #server = net.createServer((socket) => this.#join(socket));
  attempts = 0;
  /** It is cut after so many connections. */
  lasts = Number.POSITIVE_INFINITY;
  /** Connections are refused. */
  isCut = false;
  /** Connections are there, and nothing comes through. */
  isFrozen = false;
  /** Once a connection has asked for these, one behind the other, it breaks with the answer to the last, which is lost. */
  losesAnswerTo: readonly string[] | null = null;

  constructor(private readonly serverUrl: string) {}

  get open(): number {
    return this.#sockets.size / 2;
  }

  /** Answers the address of the server through it. */
  async lay(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(this.serverUrl);
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
    url.host = `127.0.0.1:${address.port}`;
    return url.href;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async remove(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(socket: net.Socket): void {
    this.attempts += 1;
    socket.on('error', () => undefined);
    if (this.isCut || this.attempts > this.lasts) {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(this.serverUrl);
    const server = net.connect(Number(port), hostname).on('error', () => undefined);
    let asked = 0;
    for (const [end, other] of [
      [socket, server],
      [server, socket],
    ] as const) {
      this.#sockets.add(end);
      end.on('data', (bytes: Buffer) => {
        const awaited = this.losesAnswerTo ?? [];
        if (end === socket) while (asked < awaited.length && bytes.includes(awaited[asked] ?? '')) asked += 1;
        else if (awaited.length > 0 && asked === awaited.length) {
          this.losesAnswerTo = null;
          return void end.destroy();
        }
        if (!this.isFrozen) other.write(bytes);
      });
      end.on('close', () => {
        this.#sockets.delete(end);
        other.destroy();
      });
    }
  }
}
