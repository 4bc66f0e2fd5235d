import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { BenchUser } from './accounts.js';
import { askAssistant, openSocket, subscribe } from './client.js';
import { cpuSecondsOf, databasePids } from './cpu.js';
import { atMost, type Figure, median, percentile, plain } from './report.js';
import { readerIsThereMs, streamQuery, wallClock } from './socket-scenarios.js';
import type { World } from './world.js';

const conversations = 100;
const tokensPerAnswer = 300;
const tokensPerSecond = 50;
const rounds = 5;

/** A process of the API. */
interface Server {
  readonly url: string;
  readonly pid: number;
}

/** Which process writes an answer, and where its reader is. */
interface Route {
  readonly writer: Server;
  readonly reader: Server;
}

/** All answers of a round. `serverMs` and `databaseMs` are CPU of a token, in milliseconds. */
interface Outcome {
  /** From the provider's sending of the first token to the reader's having it, in milliseconds. */
  readonly firstTokenMs: readonly number[];
  /** Answers whose reader, the stored text and the provider do not agree. */
  readonly broken: number;
  readonly serverMs: number;
  readonly databaseMs: number;
}

/**
 * 100 conversations at the pace of a model, through two processes: each answer is read at the process that does not write
 * it, half of them each way. In turns with the same answers of one process that writes and reads all of them, which is
 * what `stream` does as fast as it can.
 */
export async function benchChat(world: World): Promise<Figure[]> {
  const users = await world.users(conversations);
  const second = await world.alone('product');
  const first = { url: world.productUrl, pid: world.productPid };
  const [there, back] = [
    { writer: first, reader: second },
    { writer: second, reader: first },
  ];
  const here = { writer: first, reader: first };
  const apart: Outcome[] = [];
  const together: Outcome[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      apart.push(await answerAll(world, users, [there, back]));
      together.push(await answerAll(world, users, [here]));
    }
  } finally {
    second.kill();
  }
  // The first round warms up.
  return figuresOf(apart.slice(1), together.slice(1));
}

function figuresOf(apart: readonly Outcome[], together: readonly Outcome[]): Figure[] {
  const ratio = median(apart.map(({ serverMs }, round) => serverMs / (together[round]?.serverMs ?? 0)));
  const broken = [...apart, ...together].reduce((sum, outcome) => sum + outcome.broken, 0);
  return [
    ...plainOnes('one process', together),
    plain('chat', 'one process: first token p95', firstTokenP95(together), 'ms'),
    ...plainOnes('two processes', apart),
    atMost('chat', 'two processes: first token p95', firstTokenP95(apart), 'ms', 30),
    atMost('chat', 'server CPU of a token, times that of one process', ratio, '', 1.2),
    atMost('chat', 'answers with text lost or doubled', broken, '', 0),
  ];
}

function plainOnes(who: string, all: readonly Outcome[]): Figure[] {
  const figure = (name: string, values: readonly number[]) => plain('chat', `${who}: ${name}`, median(values), 'ms');
  const serverMs = all.map((each) => each.serverMs);
  const databaseMs = all.map((each) => each.databaseMs);
  return [
    figure('server CPU of a token', serverMs),
    figure('PostgreSQL CPU of a token', databaseMs),
    figure(
      'first token p50',
      all.map(({ firstTokenMs }) => median(firstTokenMs)),
    ),
  ];
}

/** Of the round in the middle: in others something else may have needed the machine. */
function firstTokenP95(all: readonly Outcome[]): number {
  return median(all.map(({ firstTokenMs }) => percentile(firstTokenMs, 0.95)));
}

/** Has everybody ask at about the same time, by each of the routes in turn, and reads all answers to their end. */
async function answerAll(world: World, users: readonly BenchUser[], routes: readonly Route[]): Promise<Outcome> {
  const tokens = Array.from({ length: tokensPerAnswer }, () => '.');
  await world.model({ tokens, stamp: true, tokensPerSecond, delayMs: readerIsThereMs });
  const processes = [...new Set(routes.flatMap(({ writer, reader }) => [writer.pid, reader.pid]))];
  const asked = await Promise.all(
    users.map(async (user, index) => {
      const route = routes[index % routes.length];
      if (!route) throw new Error('There is no route.');
      return { user, route, socket: await openSocket(route.reader.url, user) };
    }),
  );
  const cpu = async () => [cpuSecondsOf(processes), cpuSecondsOf(await databasePids(world.pool))] as const;
  const [server, database] = await cpu();
  const reading: Promise<ReadAnswer>[] = [];
  // Begun over a second, as people do, and then all running at once.
  for (const { user, route, socket } of asked) {
    reading.push(readAnswer(socket));
    const asking = askAssistant({ productUrl: route.writer.url }, user);
    const [id] = await Promise.all([asking, pause(1_000 / users.length)]);
    subscribe(socket, '1', streamQuery, { id });
  }
  const answers = await Promise.all(reading);
  const [serverAfter, databaseAfter] = await cpu();
  const stored = await storedTexts(world, users);
  const ofOne = (seconds: number) => (seconds * 1_000) / (users.length * tokensPerAnswer);
  return {
    firstTokenMs: answers.map(({ text, firstAt }) => firstAt - (momentsOf(text)[0] ?? Number.NaN)),
    broken: asked.filter(({ user }, index) => !isWhole(answers[index]?.text ?? '', stored.get(user.id))).length,
    serverMs: ofOne(serverAfter - server),
    databaseMs: ofOne(databaseAfter - database),
  };
}

/** What a reader has got. */
interface ReadAnswer {
  readonly text: string;
  /** When its first text came. */
  readonly firstAt: number;
}

/** A frame of the subscription; the end has no text. */
const Frame = z.object({
  payload: z.object({ data: z.object({ chatStream: z.object({ text: z.string().optional() }) }) }),
});

/** Reads an answer to its end, and closes the socket. Frames are looked into at the end: the reader shares a core. */
function readAnswer(socket: WebSocket): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    let firstAt = 0;
    const frames: string[] = [];
    socket.on('message', (data) => {
      const frame = String(data);
      if (frame.startsWith('{"type":"ping"')) return socket.send('{"type":"pong"}');
      if (!frame.includes('"complete"')) {
        if (frames.length === 0) firstAt = wallClock();
        frames.push(frame);
        return;
      }
      socket.terminate();
      try {
        const texts = frames.map((each) => Frame.parse(JSON.parse(each)).payload.data.chatStream.text ?? '');
        resolve({ text: texts.join(''), firstAt });
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** The text of the newest answer of each account. */
async function storedTexts({ pool }: World, users: readonly BenchUser[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; content: string }>(
    `select distinct on (account_id) account_id as id, content from assistant.chat_message
     where account_id = any($1) and role = 'ASSISTANT' and state = 'COMPLETE' order by account_id, created_at desc`,
    [users.map(({ id }) => id)],
  );
  return new Map(rows.map(({ id, content }) => [id, content]));
}

/** When the provider sent each token of a text. */
function momentsOf(text: string): number[] {
  return text.split(';').slice(0, -1).map(Number);
}

/** Whether a reader got what is stored, and both have each token of the provider once: each is a later moment. */
function isWhole(text: string, stored: string | undefined): boolean {
  const moments = momentsOf(text);
  const isInOrder = moments.every((moment, index) => index === 0 || moment > (moments[index - 1] ?? Number.NaN));
  return text === stored && moments.length === tokensPerAnswer && isInOrder;
}
