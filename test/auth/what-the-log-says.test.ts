import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { EndSession, Me, MySessions, SignOutEverywhere } from '../../generated/documents.js';
import { eventually, harness, json, postJson } from '../support/harness.js';
import { Person, type Session } from '../support/person.js';

const world = harness({ config: { LOG_LEVEL: 'info' }, worker: false });

const Line = z.looseObject({ msg: z.string(), address: z.string().optional(), sessionId: z.string().optional() });

/** A refresh with a token that nobody has, as it goes over a connection. */
function refreshOf(requestId: string): string {
  const body = '{"refreshToken":"invented"}';
  const head = `POST /api/v1/auth/refresh HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${requestId}`;
  return `${head}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** The log's lines that say this, as they were written since the app began to start. */
const linesOf = (msg: string) =>
  world.log.map((line) => Line.parse(JSON.parse(line))).filter((line) => line.msg === msg);
const post = (path: string, body: object) => postJson(`${world.url}/api/v1/auth/${path}`, body);

test('sign-ins, refreshes, sign-outs and what is refused of them are in the log, with address, and without secrets', async () => {
  const ada = await world.user();
  const { refreshToken } = ada.session;
  const next = await json<Session>(await post('refresh', { refreshToken }));
  await json<Session>(await post('refresh', { refreshToken: next.refreshToken }));
  await post('refresh', { refreshToken });
  await post('refresh', { refreshToken: 'invented' });
  const { idToken } = await world.idToken({ email: 'mallory@example.com', audience: 'somebody-else' });
  await post('google', { idToken });
  await new Person(world.url, next).send(Me);

  const again = await world.signIn({ email: ada.session.user.email });
  const other = await world.signIn({ email: ada.session.user.email });
  const sessions = (await again.ok(MySessions, {})).mySessions;
  await again.ok(EndSession, { input: { id: sessions.find(({ current }) => !current)?.id ?? '' } });
  await post('logout', { refreshToken: again.session.refreshToken });
  await (await world.signIn({ email: ada.session.user.email })).ok(SignOutEverywhere, {});

  const expected: Readonly<Record<string, number>> = {
    'signed in': 4,
    'a session was refreshed': 2,
    'a spent refresh token came back: its session ends': 1,
    'a refresh token was refused': 2,
    'a sign-in was refused': 1,
    'a token was refused': 1,
    'a session was ended': 1,
    'signed out': 1,
    'signed out everywhere': 1,
  };
  for (const [msg, count] of Object.entries(expected)) {
    const lines = linesOf(msg);
    expect([msg, lines.length]).toEqual([msg, count]);
    for (const line of lines) expect(line).toMatchObject({ address: '127.0.0.1', requestId: expect.any(String) });
  }
  expect(linesOf('signed out')[0]?.sessionId).toBe(linesOf('signed in')[1]?.sessionId);
  const text = world.log.join('');
  const secrets = [ada, again, other].flatMap(({ session }) => [session.accessToken, session.refreshToken]);
  for (const secret of [...secrets, next.refreshToken, idToken, '@example.com']) expect(text).not.toContain(secret);
});

test('whoever resets the connection after a request is in the log with the address', async () => {
  const { hostname, port } = new URL(world.url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  const requestId = randomUUID();
  await new Promise((resolve) => socket.write(refreshOf(requestId), resolve));
  socket.resetAndDestroy();
  const line = await eventually(
    () => linesOf('a refresh token was refused').find((each) => each['requestId'] === requestId),
    (found) => found !== undefined,
  );
  expect(line?.address).toBe('127.0.0.1');
});

test('a connection that was reset before the server took it is not listened to', async () => {
  const { hostname, port } = new URL(world.url);
  const requestId = randomUUID();
  // The server, which is in this process, takes no connection before the client has ended.
  const client = `const socket = require('node:net').connect(${port}, '${hostname}', () =>
    socket.write(${JSON.stringify(refreshOf(requestId))}, () => socket.resetAndDestroy()));`;
  execFileSync(process.execPath, ['-e', client]);
  await post('refresh', { refreshToken: 'invented' });
  await post('refresh', { refreshToken: 'invented' });
  expect(linesOf('a refresh token was refused').filter((each) => each['requestId'] === requestId)).toEqual([]);
});
