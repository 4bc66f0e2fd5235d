import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { BenchUser } from './accounts.js';
import { bearer } from './load.js';
import type { World } from './world.js';

/** Sends one operation, and answers its result. @throws when none comes */
export async function ask(
  { productUrl }: Pick<World, 'productUrl'>,
  user: BenchUser,
  query: string,
  variables: object = {},
): Promise<unknown> {
  const response = await fetch(`${productUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(user) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  return response.json();
}

/** What sending a question answers. */
export const Sent = z.object({
  data: z.object({ sendChatMessage: z.object({ answer: z.object({ id: z.string() }) }) }),
});

/** Asks the assistant, and answers the id of its answer. */
export async function askAssistant(world: Pick<World, 'productUrl'>, user: BenchUser): Promise<string> {
  const query = 'mutation { sendChatMessage(input: { content: "bench" }) { answer { id } } }';
  return Sent.parse(await ask(world, user, query)).data.sendChatMessage.answer.id;
}

/** A socket that has said who it is. */
export async function openSocket(url: string, user: BenchUser): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(user) }));
  await once(socket, 'message');
  return socket;
}

/** A subscription that is answered by a stream of events, on a connection of its own; it has begun. */
export async function openStream(url: string, user: BenchUser, query: string): Promise<IncomingMessage> {
  const asking = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(user) },
  });
  asking.end(JSON.stringify({ query }));
  const [response]: IncomingMessage[] = await once(asking, 'response');
  if (response?.statusCode !== 200) throw new Error(`A stream was answered ${response?.statusCode}.`);
  return response.on('error', () => undefined).resume();
}

/** Begins a subscription on a socket. */
export function subscribe(socket: WebSocket, id: string, query: string, variables: object = {}): void {
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query, variables } }));
}
