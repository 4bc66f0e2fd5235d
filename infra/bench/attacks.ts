import { once } from 'node:events';
import net from 'node:net';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** Somebody who attacks: one step is sent again as soon as it was answered. */
export interface Attacker {
  readonly url: string;
  readonly token: string;
}

/** One step, and what it was answered: an HTTP status, a socket's message, or that the connection ended. */
type Step = (attacker: Attacker, count: number) => Promise<string>;

/** Fragments that double at each of 26 levels. */
const doubling = `query { me { ...F0 } } ${Array.from({ length: 25 }, (_, level) => `fragment F${level} on User { ...F${level + 1} ...F${level + 1} }`).join(' ')} fragment F25 on User { id }`;

/** 55 aliases that no other document has: some 10 KB. */
function distinctDocument(): string {
  const mark = `x${Math.random().toString(36).slice(2)}`;
  const aliases = Array.from({ length: 55 }, (_, index) => `${mark.padEnd(150, 'x')}${index}: name`);
  return `{ me { ${aliases.join(' ')} } }`;
}

/** 55 lists under names that no other document has, for more objects than an operation may ask for: refused once it was read. */
function refusedDocument(): string {
  const mark = `x${Math.random().toString(36).slice(2)}`;
  const lists = Array.from(
    { length: 55 },
    (_, index) => `${mark}${index}: tasks(first: 45) { nodes { id subtasks { id } } }`,
  );
  return `{ ${lists.join(' ')} }`;
}

const computed = `{ ${Array.from({ length: 24 }, (_, index) => `a${index}: taskTemplates(first: 50) { nodes { nextOccurrences(count: 50) } }`).join(' ')} }`;

const conversations = (count: number) =>
  `mutation { ${Array.from({ length: count }, (_, index) => `a${index}: startConversation { conversation { id } }`).join(' ')} }`;

/** Entries of the log that match nothing, as often as one operation may look for them. */
const filters = `{ ${Array.from({ length: 7 }, (_, index) => `a${index}: activity(first: 1, filter: { source: AI, types: ["no.such"] }) { totalCount }`).join(' ')} }`;

const subscriptionsOfSocket = 40;
const eventsOfReplay = 4_000;

/** The whole log on each of as many subscriptions as a socket may have, of which some thousand events are awaited. */
async function replay(attacker: Attacker): Promise<string> {
  const after = await beginningOfLog(attacker);
  if (after === null) return 'refused';
  const socket = await openSocket(attacker);
  let [events, ended] = [0, 0];
  const { promise: isRead, resolve } = Promise.withResolvers<string>();
  socket.on('message', (data: Buffer) => {
    events += 1;
    if (events === eventsOfReplay) resolve('read');
    // Beyond what an account may open, each is told so, and nothing comes after that.
    ended += /"type":"(complete|error)"/.test(data.toString('latin1')) ? 1 : 0;
    if (ended === subscriptionsOfSocket) resolve('refused');
  });
  socket.on('close', (code) => resolve(String(code)));
  subscribeOften(socket, `subscription { changes(after: "${after}") { cursor } }`);
  return isRead.finally(() => socket.terminate());
}

const socketsOfAccount = 10;
const follow = 'subscription { changes { cursor node { entity { ... on Task { title subtasks { title } } } } } }';
const creations = `mutation { ${Array.from({ length: 3 }, (_, index) => `a${index}: createTask(input: { title: "x" }) { task { id } }`).join(' ')} }`;

/** Writes that wake as many subscriptions as an account may have. */
async function fanOut(attacker: Attacker, count: number): Promise<string> {
  if (count >= socketsOfAccount) return send(attacker, creations);
  subscribeOften(await openSocket(attacker), follow);
  return 'opened';
}

function subscribeOften(socket: WebSocket, query: string): void {
  for (let id = 0; id < subscriptionsOfSocket; id += 1) {
    socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query } }));
  }
}

const undeclared = JSON.stringify(
  Object.fromEntries(Array.from({ length: 14_000 }, (_, index) => [`v${index}`, index])),
);

function request({ url, token }: Attacker, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });
}

async function send(attacker: Attacker, query: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await request(attacker, query, headers);
  await response.arrayBuffer();
  return String(response.status);
}

const Log = z.object({ data: z.object({ changes: z.object({ pageInfo: z.object({ endCursor: z.string() }) }) }) });

/** The oldest place in the attacker's log; null when asking for it is refused. */
async function beginningOfLog(attacker: Attacker): Promise<string | null> {
  const response = await request(attacker, '{ changes(first: 1) { pageInfo { endCursor } } }');
  return Log.safeParse(await response.json()).data?.data.changes.pageInfo.endCursor ?? null;
}

const sockets = new Map<string, WebSocket>();

/** A subscription with 14,000 variables that nobody declared, on one socket as long as that lasts. */
async function subscribe(attacker: Attacker, count: number): Promise<string> {
  const socket = sockets.get(attacker.token) ?? (await openSocket(attacker));
  const payload = `{"query":"subscription { changes { cursor } }","variables":${undeclared}}`;
  socket.send(`{"type":"subscribe","id":"${count}","payload":${payload}}`);
  // A subscription that is accepted says nothing; a ping behind it says that it was read.
  socket.send('{"type":"ping"}');
  const answer = await first((signal) => [
    once(socket, 'message', { signal }).then(([data]) => String(JSON.parse(String(data)).type)),
    once(socket, 'close', { signal }).then(([code]) => String(code)),
  ]);
  if (answer === 'pong') socket.send(`{"type":"complete","id":"${count}"}`);
  return answer;
}

/** What comes first; the others are no longer listened for. */
async function first(waits: (signal: AbortSignal) => readonly Promise<string>[]): Promise<string> {
  const others = new AbortController();
  return Promise.race(waits(others.signal)).finally(() => others.abort());
}

async function openSocket({ url, token }: Attacker): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => undefined).on('close', () => sockets.delete(token));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await once(socket, 'message');
  sockets.set(token, socket);
  return socket;
}

const strangers: readonly RequestInit[] = [
  { body: JSON.stringify({ query: doubling }) },
  { body: JSON.stringify({ query: `{ a: me { id } } # ${'x'.repeat(200_000)}` }) },
  { body: '{"query":', headers: { authorization: 'Bearer a.b.c' } },
  { body: '{}', headers: { authorization: `Bearer ${'x'.repeat(8_000)}` } },
];

async function stranger({ url }: Attacker, count: number): Promise<string> {
  const { headers, ...init } = strangers[count % strangers.length] ?? {};
  const response = await fetch(`${url}/graphql`, {
    ...init,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  await response.arrayBuffer();
  return String(response.status);
}

const handshake =
  'Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const upgrades: readonly string[] = [
  `GET //[ HTTP/1.1\r\n${handshake}\r\n`,
  `GET /graphql HTTP/1.1\r\n${handshake}Sec-WebSocket-Protocol: other\r\n\r\n`,
  `GET /graphql HTTP/1.1\r\n${handshake}Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n\u00ff\u00ff`,
  `GET /graphql HTTP/1.1\r\nHost x\r\n${handshake}\r\n`,
];

/** Half of them are reset at once, the others wait for the answer. */
async function upgrade({ url }: Attacker, count: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(Buffer.from(upgrades[count % upgrades.length] ?? '', 'latin1'));
  if (Math.floor(count / upgrades.length) % 2 === 0) {
    socket.resetAndDestroy();
    return 'reset';
  }
  const answer = await first((signal) => [
    once(socket, 'data', { signal }).then(([data]) => String(data).slice(9, 12)),
    once(socket, 'close', { signal }).then(() => 'closed'),
  ]);
  socket.destroy();
  return answer;
}

/** What may be tried, by name. */
export const attacks = {
  fragments: (attacker) => send(attacker, doubling),
  documents: (attacker) => send(attacker, distinctDocument()),
  variables: subscribe,
  computed: (attacker) => send(attacker, computed),
  mutations: (attacker, count) =>
    count % 2
      ? send(attacker, conversations(60))
      : send(attacker, conversations(10), { 'idempotency-key': `k${count}` }),
  filters: (attacker) => send(attacker, filters),
  crowd: (attacker) => send(attacker, refusedDocument()),
  replay,
  fanOut,
  strangers: stranger,
  upgrades: upgrade,
} as const satisfies Record<string, Step>;
