import { CloseCode, MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { SocketOperations } from './socket-operations.js';

/** What only servers send. graphql-ws takes it for a fault of ours, and prints it to the console. */
const ofServers: ReadonlySet<unknown> = new Set([MessageType.ConnectionAck, MessageType.Next, MessageType.Error]);

/**
 * Has each message of a socket looked at before it is parsed: `admit` answers whether it may be read, now or when its
 * turn has come, which keeps their order. To be called once graphql-ws listens.
 *
 * Clients may name a trusted document by its hash and leave out the text, as over HTTP: graphql-ws closes the socket of
 * a message without `query`, so that it is handed an empty one. Its `jsonMessageReviver` is called for every value of
 * every message, which costs 70 ms for one of 256 KB.
 */
export function interceptMessages(
  socket: WebSocket,
  admit: (text: string, bytes: number) => boolean | Promise<boolean>,
): void {
  const [read] = socket.listeners('message');
  const operations = new SocketOperations();
  const pass = (text: string): unknown => (socket.readyState === socket.OPEN ? read?.call(socket, text) : undefined);
  const take = (text: string) => {
    const message = parseJson(text);
    if (!isObject(message)) return void pass(text);
    const { type, id } = message;
    if (ofServers.has(type)) socket.close(CloseCode.BadRequest, 'Only a server sends this');
    else if (typeof id !== 'string') pass(text);
    else if (type === MessageType.Subscribe) {
      const isFree = operations.begin(id, () => pass(withQuery(message, text)));
      if (!isFree) socket.close(CloseCode.SubscriberAlreadyExists, 'An operation of this id runs');
    } else if (type !== MessageType.Complete || operations.complete(id)) pass(text);
  };
  socket.removeAllListeners('message');
  socket.on('message', (data) => {
    const text = String(data);
    const admitted = admit(text, Buffer.byteLength(text));
    if (typeof admitted !== 'boolean') void admitted.then((isAdmitted) => isAdmitted && take(text));
    else if (admitted) take(text);
  });
}

function withQuery(message: Record<string, unknown>, text: string): string {
  const { payload } = message;
  if (!isObject(payload) || (payload.query ?? null) !== null) return text;
  if (!isObject(payload.extensions) || !isObject(payload.extensions.persistedQuery)) return text;
  return JSON.stringify({ ...message, payload: { ...payload, query: '' } });
}

/** What is no JSON is for graphql-ws to refuse. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
