import type { RawData, WebSocket } from 'ws';

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
  socket.removeAllListeners('message');
  socket.on('message', (data, isBinary) => {
    const text = String(data);
    const readIf = (isAdmitted: boolean) => {
      if (isAdmitted && socket.readyState === socket.OPEN) read?.call(socket, withQuery(text, data), isBinary);
    };
    const admitted = admit(text, Buffer.byteLength(text));
    if (typeof admitted === 'boolean') readIf(admitted);
    else void admitted.then(readIf);
  });
}

function withQuery(text: string, data: RawData): RawData {
  if (!text.includes('"persistedQuery"')) return data;
  const message = parseJson(text);
  if (!isObject(message) || message.type !== 'subscribe') return data;
  const { payload } = message;
  if (!isObject(payload) || (payload.query ?? null) !== null) return data;
  if (!isObject(payload.extensions) || !isObject(payload.extensions.persistedQuery)) return data;
  return Buffer.from(JSON.stringify({ ...message, payload: { ...payload, query: '' } }));
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
