import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../../src/app.js';
import { lastAnswerOf } from '../../src/platform/database/answers.js';
import { createLog } from '../../src/platform/log.js';
import { Readiness } from '../../src/platform/readiness.js';
import { openDatabase } from '../../src/services.js';
import { eventually, harness } from '../support/harness.js';

// Before the database is dropped.
afterEach(async () => {
  line.thaw();
  await app.close();
  line.remove();
});
const world = harness({ worker: false });
let line: Line;
let app: App;

/** Between the app and its database: what stands still keeps its connections and says nothing. */
class Line {
  readonly #sockets = new Set<net.Socket>();
  readonly #server = net.createServer((socket) => this.#join(socket));

  async lay(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(world.config.DATABASE_URL);
    const address = this.#server.address();
    url.port = typeof address === 'object' && address ? String(address.port) : '';
    return url.href;
  }

  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  remove(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(client: net.Socket): void {
    const { hostname, port } = new URL(world.config.DATABASE_URL);
    const server = net.connect(Number(port), hostname);
    for (const [end, other] of [[client, server] as const, [server, client] as const]) {
      this.#sockets.add(end);
      end.on('data', (chunk) => other.write(chunk));
      end.on('error', () => undefined).on('close', () => other.destroy());
    }
  }
}

beforeEach(async () => {
  line = new Line();
  const url = await line.lay();
  const log = createLog('silent', { write: () => undefined });
  const config = { ...world.config, DATABASE_URL: url, DIRECT_URL: url };
  app = await startApp(config, { api: config, worker: null }, log);
});

const ready = async () => {
  // Longer than it may take on a busy machine, shorter than a statement may take.
  const response = await fetch(`${app.url}/health/ready`, { signal: AbortSignal.timeout(8_000) });
  return { status: response.status, body: await response.json() };
};

test('whoever asks is told within a second that the database stands still, and that it goes on', async () => {
  expect(await ready()).toEqual({ status: 200, body: { status: 'ok' } });
  line.freeze();
  await eventually(ready, ({ status }) => status === 503);
  const reason = 'The database does not answer.';
  expect(await ready()).toEqual({ status: 503, body: { status: 'unavailable', reason } });
  line.thaw();
  await eventually(ready, ({ status }) => status === 200);
});

test('however many ask, the database is asked once at a time', async () => {
  const questions: { answer: () => void }[] = [];
  const readiness = new Readiness(
    () => new Promise<null>((resolve) => questions.push({ answer: () => resolve(null) })),
    () => 0,
  );
  const asked = Array.from({ length: 100 }, () => readiness.whyNot());
  questions[0]?.answer();
  expect(new Set(await Promise.all(asked))).toEqual(new Set([null]));
  expect(questions).toHaveLength(1);
  expect(await readiness.whyNot()).toBeNull();
  expect(questions).toHaveLength(1);
});

test('a database that answers others is busy, and not silent: all its connections may be taken', async () => {
  const never = () => Promise.withResolvers<null>().promise;
  expect(await new Readiness(never, () => Number.POSITIVE_INFINITY).whyNot()).toBeNull();
  expect(await new Readiness(never, () => 0).whyNot()).toBe('The database does not answer.');
});

test('every connection of the pool tells when the database answers', async () => {
  const orm = openDatabase(world.config);
  const pool = await orm.em.getConnection().getNativeClient();
  for (const _ of [1, 2]) {
    const before = lastAnswerOf(pool);
    await pool.query('select 1');
    expect(lastAnswerOf(pool)).toBeGreaterThan(before);
  }
  await orm.close();
});

test('the metrics say what documents keep in memory, and how many errors nobody handled', async () => {
  const ada = await world.user();
  const metric = async (name: string) => {
    const text = await (await fetch(`${world.url}/metrics`)).text();
    return text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1);
  };
  const documents = 'graphql_document_cache_bytes{cache="documents"}';
  const compiled = 'graphql_document_cache_bytes{cache="compiled"}';
  const before = Number(await metric(documents));
  for (let count = 0; count < 3; count += 1) await ada.send('{ me { email } }');
  expect(Number(await metric(documents))).toBeGreaterThan(before);
  expect(Number(await metric(compiled))).toBeGreaterThan(0);
  const counts = () =>
    Promise.all([
      metric('process_faults_total{fault="unhandled_rejection"}'),
      metric('process_faults_total{fault="uncaught_exception"}'),
    ]);
  expect(await counts()).toEqual(['0', '0']);
  world.apps[0]?.countFault('unhandled_rejection');
  expect(await counts()).toEqual(['1', '0']);
});
