import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { EndSession, Me, MySessions, SignOutEverywhere } from '../../generated/documents.js';
import { harness, json, postJson } from '../support/harness.js';
import { Person, type Session } from '../support/person.js';

const world = harness({ config: { LOG_LEVEL: 'info' }, worker: false });

const Line = z.looseObject({ msg: z.string(), address: z.string().optional(), sessionId: z.string().optional() });

/** The log's lines that say this, as they were written since the test began. */
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
