import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { BenchUser } from './accounts.js';
import { askAssistant, openSocket, openStream, subscribe } from './client.js';
import { memory } from './memory.js';
import { atLeast, atMost, type Figure, median, percentile, plain } from './report.js';
import type { World } from './world.js';

const answers = 100;
const tokensPerAnswer = 400;
const rounds = 5;
const idleConnections = 2_000;
/** Subscribers are there before the first token. */
export const readerIsThereMs = 1_500;

/** What an answer is read by. */
export const streamQuery = `subscription($id: ID!) { chatStream(messageId: $id) {
  __typename ... on ChatDelta { position text } ... on ChatFinished { message { state } } } }`;

/** Tokens of 100 answers to 100 subscribers, against hand-made frames from the same provider. */
export async function benchStream(world: World): Promise<Figure[]> {
  const users = await world.users(answers);
  const tokens = Array.from({ length: tokensPerAnswer }, (_, index) => ` token${index % 10}`);
  const fast = { tokens, tokensPerSecond: 0, delayMs: readerIsThereMs };
  const runs = { product: [] as number[], limit: [] as number[], ratios: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    await world.model(fast);
    const limit = await limitRate(world);
    const product = await productRate(world, users);
    // The first round warms up.
    if (round === 0) continue;
    runs.limit.push(limit);
    runs.product.push(product);
    runs.ratios.push(product / limit);
  }
  const latencies = await firstTokenLatencies(world, users);
  return [
    plain('stream', 'limit', median(runs.limit), 'tokens/s'),
    plain('stream', 'product', median(runs.product), 'tokens/s'),
    atLeast('stream', 'of the limit', median(runs.ratios), '', 0.66),
    plain('stream', 'first token p50', percentile(latencies, 0.5), 'ms'),
    atMost('stream', 'first token p95', percentile(latencies, 0.95), 'ms', 20),
  ];
}

/** Memory of a subscription on each of 2,000 sockets, and of 2,000 streams of events. */
export async function benchIdle(world: World): Promise<Figure[]> {
  const users = await world.users(20);
  const { productUrl } = world;
  const query = 'subscription { changes { cursor } }';
  const ofSocket = await idleMemory(world, async (index) => {
    const socket = await openSocket(productUrl, userAt(users, index));
    subscribe(socket, '1', query);
    return () => socket.terminate();
  });
  const ofStream = await idleMemory(world, async (index) => {
    const stream = await openStream(productUrl, userAt(users, index), query);
    return () => stream.destroy();
  });
  return [
    atMost('idle', 'a subscription on its socket', ofSocket, 'KB', 15),
    atMost('idle', 'a subscription as a stream of events', ofStream, 'KB', 25),
  ];
}

/**
 * Kilobytes that each of 2,000 takes, after the garbage collector has run; `open` answers how one is closed. A few come
 * and go before: code that is compiled by the first is not what a connection takes.
 */
async function idleMemory(world: World, open: (index: number) => Promise<() => unknown>): Promise<number> {
  const first = await Promise.all(Array.from({ length: 200 }, (_, index) => open(index)));
  for (const close of first) close();
  await pause(2_000);
  const before = await memory(world);
  const closes: (() => unknown)[] = [];
  for (let index = 0; index < idleConnections; index += 50) {
    closes.push(...(await Promise.all(Array.from({ length: 50 }, (_, place) => open(index + place)))));
  }
  await pause(2_000);
  const kilobytes = ((await memory(world)) - before) / closes.length / 1_024;
  for (const close of closes) close();
  await pause(2_000);
  return kilobytes;
}

async function limitRate(world: World): Promise<number> {
  const sockets = await Promise.all(
    Array.from({ length: answers }, async () => {
      const socket = new WebSocket(world.limitUrl.replace('http', 'ws'));
      await once(socket, 'open');
      return socket;
    }),
  );
  const reading = sockets.map((socket) => read(socket));
  for (const [index, socket] of sockets.entries()) socket.send(String(index));
  return rateOf(await Promise.all(reading));
}

async function productRate(world: World, users: readonly BenchUser[]): Promise<number> {
  const sockets = await Promise.all(users.map((user) => openSocket(world.productUrl, user)));
  const reading = sockets.map((socket) => read(socket));
  await Promise.all(users.map(async (user, index) => follow(world, user, sockets[index])));
  return rateOf(await Promise.all(reading));
}

async function firstTokenLatencies(world: World, users: readonly BenchUser[]): Promise<number[]> {
  const tokens = Array.from({ length: 60 }, () => '.');
  await world.model({ tokens, stamp: true, tokensPerSecond: 20, delayMs: readerIsThereMs });
  const sockets = await Promise.all(users.map((user) => openSocket(world.productUrl, user)));
  const reading = sockets.map((socket) => read(socket));
  // Begun over a second, as people do, and then all running at once.
  for (const [index, user] of users.entries()) {
    await Promise.all([follow(world, user, sockets[index]), pause(1_000 / answers)]);
  }
  return (await Promise.all(reading)).map(({ firstText, firstAt }) => firstAt - Number(firstText.split(';')[0]));
}

async function follow(world: World, user: BenchUser, socket: WebSocket | undefined): Promise<void> {
  if (!socket) throw new Error('There is no socket.');
  subscribe(socket, '1', streamQuery, { id: await askAssistant(world, user) });
}

interface ReadStream {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly characters: number;
  readonly firstText: string;
}

/** Reads frames to the end with as little work as can be: the reader shares the machine with what it measures. */
function read(socket: WebSocket): Promise<ReadStream> {
  return new Promise((resolve) => {
    let firstAt = 0;
    let firstText = '';
    let position = '0';
    socket.on('message', (data) => {
      const frame = String(data);
      if (frame.includes('"complete"')) {
        socket.terminate();
        return resolve({ firstAt, lastAt: wallClock(), characters: Number(position), firstText });
      }
      const found = /"position":(\d+)/.exec(frame)?.[1];
      if (!found) return;
      position = found;
      if (firstAt > 0) return;
      firstAt = wallClock();
      firstText = /"text":"([^"]*)"/.exec(frame)?.[1] ?? '';
    });
  });
}

function rateOf(streams: readonly ReadStream[]): number {
  const from = Math.min(...streams.map(({ firstAt }) => firstAt));
  const to = Math.max(...streams.map(({ lastAt }) => lastAt));
  const whole = tokensPerAnswer * ' token0'.length;
  if (streams.some(({ characters }) => characters !== whole)) throw new Error('An answer is not whole.');
  return (streams.length * tokensPerAnswer * 1_000) / (to - from);
}

/** The moment by the clock of this machine, in milliseconds with their fractions. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

/** One of the users, in turn. */
function userAt(users: readonly BenchUser[], index: number): BenchUser {
  const user = users[index % users.length];
  if (!user) throw new Error('There is nobody.');
  return user;
}
