import { generateKeyPairSync } from 'node:crypto';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { asProduction } from '../support/config.js';
import { harness } from '../support/harness.js';
import { type RoleProcess, startRoles } from '../support/role.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });
const JWT_SIGNING_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const world = harness({
  worker: false,
  config: { JWT_SIGNING_KEY },
  shared: 'a process of it runs beside the tests, and takes seconds to start',
});
const cases = 5_000;
const atOnce = 50;
/** To repeat a run: `FUZZ_SEED=… npm test`. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

let product: RoleProcess;

beforeAll(async () => {
  product = await startRoles(asProduction(world.config), ['api']);
});

afterAll(async () => {
  expect(await product.terminate()).toBe(0);
});

/** Repeatable chance (mulberry32). */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  bytes(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(this.below(256))).join('');
  }
}

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'PUT',
  'OPTIONS',
  'HEAD',
  'CONNECT',
  'TRACE',
  'PRI',
  'get',
  'X\u0000Y',
  '',
] as const;
const targets = [
  ...[
    '/graphql',
    '/graphql',
    '//[',
    'http://x//[',
    '/graphql?query=%',
    '/graphql?variables={',
    '*',
    '/',
    '//',
    '[',
    '%',
    '/%00',
  ],
  ...[
    'http://[/graphql',
    'http://h:99999999/graphql',
    '/graphql/../..',
    '/api/v1/auth/refresh',
    '/metrics',
    '/\u00ff',
    'x:y',
    '',
  ],
] as const;
const versions = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP', ''] as const;
const handshake = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
] as const;
const headers = [
  ...[
    'Host: x',
    'Host: [',
    'Host:',
    'Connection: keep-alive, Upgrade',
    'Connection: close',
    'Upgrade: h2c',
    'Upgrade: websocket, x',
  ],
  ...[
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 99',
    'Sec-WebSocket-Extensions: permessage-deflate; =',
    'Sec-WebSocket-Protocol: ,',
  ],
  ...[
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    'Sec-WebSocket-Protocol: graphql-transport-ws-not',
    'Origin: ://',
    'Origin: null',
  ],
  ...[
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: x',
  ],
  ...[
    'Expect: 100-continue',
    'Expect: x',
    'Content-Type: application/json',
    'Content-Type: ;;;=',
    'Authorization: Bearer',
    'Authorization: Bearer a.b.c',
  ],
  ...[
    'X-Forwarded-For: [::1',
    'Cookie: refresh_token=%; ; =',
    'Accept: ;q=x,,',
    'Idempotency-Key: \u00e9',
    'no colon',
    ': no name',
    ' folded',
  ],
] as const;
const protocol = 'Sec-WebSocket-Protocol: graphql-transport-ws';
const bodies = ['', '{"query":', '[]', '{"__proto__":{}}', '5\r\nhello\r\n', 'zz\r\n', '0\r\n\r\n', '\u0000'] as const;

function request(chance: Chance): string {
  // A handshake that is right is followed by frames that are not.
  if (chance.below(5) === 0) {
    const lines = ['GET /graphql HTTP/1.1', 'Host: x', ...handshake, protocol];
    return `${lines.join('\r\n')}\r\n\r\n${chance.bytes(chance.below(200))}`;
  }
  const line = [chance.one(methods), chance.one(targets), chance.one(versions)].join(
    chance.one([' ', ' ', ' ', ' ', '\t', '']),
  );
  const some: string[] = Array.from({ length: chance.below(7) }, () => chance.one(headers));
  if (chance.below(2) === 0) some.push(...handshake);
  if (chance.below(20) === 0) some.push(`X: ${'x'.repeat(20_000)}`);
  const end = chance.one(['\r\n', '\r\n', '\r\n', '\n', '\r']);
  return `${line}${end}${some.join(end)}${end}${end}${chance.one(bodies)}`;
}

/** One client: it connects, says something, perhaps in pieces, and leaves one way or another at some moment. */
async function visit(port: number, chance: Chance): Promise<void> {
  const bytes = Buffer.from(request(chance), 'latin1');
  const cut = chance.below(4) === 0 ? chance.below(bytes.length) : bytes.length;
  const [waitMs, way] = [chance.one([0, 0, 1, 5, 20]), chance.one(['reset', 'reset', 'end', 'destroy'])];
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(bytes.subarray(0, cut));
  await pause(waitMs);
  if (cut < bytes.length && chance.below(2) === 0) socket.write(bytes.subarray(cut));
  if (way === 'reset') socket.resetAndDestroy();
  else if (way === 'destroy') socket.destroy();
  else {
    socket.end();
    setTimeout(() => socket.destroy(), 200);
  }
}

test(`${cases} malformed handshakes, request lines, header sets and resets leave a process that answers`, async () => {
  const ada = (await world.user()).at(product.url);
  const port = Number(new URL(product.url).port);
  const chance = new Chance(seed);
  for (let sent = 0; sent < cases; sent += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => visit(port, new Chance(chance.below(2 ** 32)))));
    if (sent % 500 === 0) await ada.ok(Me, {});
  }
  await ada.ok(Me, {});
});

/** Everything that a request is answered, until the connection ends. */
async function answerTo(bytes: string): Promise<string> {
  const socket = net.connect(Number(new URL(world.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(Buffer.from(bytes, 'latin1'));
  await new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
  return answer;
}

const close = 'Host: x\r\nConnection: close\r\n';
const upgrade = `Host: x\r\n${handshake.join('\r\n')}\r\n`;
test.each([
  ['a target that is no URL, with an upgrade', `GET //[ HTTP/1.1\r\n${upgrade}\r\n`, 404, 'NOT_FOUND'],
  [
    'an absolute target that is no URL, with an upgrade',
    `GET http://x//[ HTTP/1.1\r\n${upgrade}\r\n`,
    404,
    'NOT_FOUND',
  ],
  ['a target that is no URL', `GET //[ HTTP/1.1\r\n${close}\r\n`, 404, 'NOT_FOUND'],
  ['an absolute target that is no URL', `GET http://x//[ HTTP/1.1\r\n${close}\r\n`, 404, 'NOT_FOUND'],
  ['a target that cannot be decoded', `GET /graphql/% HTTP/1.1\r\n${close}\r\n`, 400, 'VALIDATION_FAILED'],
  ['an upgrade without our protocol', `GET /graphql HTTP/1.1\r\n${upgrade}\r\n`, 400, 'VALIDATION_FAILED'],
  [
    'a protocol whose name begins like ours',
    `GET /graphql HTTP/1.1\r\n${upgrade}${protocol}-not\r\n\r\n`,
    400,
    'VALIDATION_FAILED',
  ],
  [
    'a handshake without a key',
    `GET /graphql HTTP/1.1\r\n${upgrade.replace(/Sec-WebSocket-Key.*\r\n/, '')}${protocol}\r\n\r\n`,
    400,
    'VALIDATION_FAILED',
  ],
  ['a handshake by POST', `POST /graphql HTTP/1.1\r\n${upgrade}${protocol}\r\n\r\n`, 400, 'VALIDATION_FAILED'],
  ['a request without a host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'VALIDATION_FAILED'],
  ['a request with two hosts', `GET /health/live HTTP/1.1\r\n${close}host: y\r\n\r\n`, 400, 'VALIDATION_FAILED'],
  [
    'a request with two tokens',
    `GET /health/live HTTP/1.1\r\n${close}Authorization: Bearer x\r\nauthorization: Bearer y\r\n\r\n`,
    400,
    'VALIDATION_FAILED',
  ],
  ['what is no HTTP', '\u0000\u0001\u0002\r\n\r\n', 400, 'VALIDATION_FAILED'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost\r\n\r\n', 400, 'VALIDATION_FAILED'],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'VALIDATION_FAILED',
  ],
  [
    'two lengths',
    `POST /graphql HTTP/1.1\r\n${close}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    400,
    'VALIDATION_FAILED',
  ],
  [
    'a length and chunks',
    `POST /graphql HTTP/1.1\r\n${close}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'VALIDATION_FAILED',
  ],
  [
    'an expectation that nobody meets',
    `POST /graphql HTTP/1.1\r\n${close}Expect: x\r\nContent-Length: 0\r\n\r\n`,
    417,
    'VALIDATION_FAILED',
  ],
  [
    'a body that is no JSON',
    `POST /api/v1/auth/refresh HTTP/1.1\r\n${close}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    400,
    'VALIDATION_FAILED',
  ],
  [
    'a body of another kind',
    `POST /api/v1/auth/refresh HTTP/1.1\r\n${close}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`,
    415,
    'VALIDATION_FAILED',
  ],
])('%s is refused in the shape of every error', async (_, bytes, status, code) => {
  const answer = await answerTo(bytes);
  expect(answer.split('\r\n', 1)[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.toLowerCase()).toContain('content-type: application/json');
  const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
  expect(body).toMatchObject({ error: { code, message: expect.any(String), requestId: expect.any(String) } });
});

test('HTTP/1.0, the absolute form and requests that do not wait for each other are served', async () => {
  expect(await answerTo('GET /health/live HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await answerTo(`GET http://x/health/live HTTP/1.1\r\n${close}\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  const two = await answerTo(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\n${close}\r\n`);
  expect(two.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
  const asked = await answerTo(
    `POST /api/v1/auth/logout HTTP/1.1\r\n${close}Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
  );
  expect(asked).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 204 /);
  const h2c = await answerTo(
    `GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`,
  );
  expect(h2c).toMatch(/^HTTP\/1\.1 200 /);
});
