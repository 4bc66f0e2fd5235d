import { expect, test } from '@jest/globals';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/platform/log.js';
import { Cable } from '../support/cable.js';
import { eventually, harness, json, postJson } from '../support/harness.js';

const world = harness({ worker: false });

test.each([
  [
    'an ID token, while its keys are away',
    { status: 503 },
    (token: string) => ({ idToken: token }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, while the token endpoint is away',
    { status: 500 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    503,
    'UNAVAILABLE',
  ],
  [
    'a code, when it refuses our client',
    { status: 401 },
    () => ({ code: 'code', redirectUri: 'http://localhost:5173' }),
    500,
    'INTERNAL',
  ],
])('signing in at Google with %s', async (_, control, bodyOf, status, code) => {
  if (code === 'INTERNAL') world.expectErrors(/Google refuses our client/);
  // Google's keys are kept: only an app that has not seen them asks.
  const fresh = await world.fresh();
  const { idToken } = await fresh.idToken({ email: 'ada@example.com' });
  await postJson(`${fresh.google.url}/_control`, control);
  const response = await postJson(`${fresh.url}/api/v1/auth/google`, bodyOf(idToken));
  expect(response.status).toBe(status);
  const { error } = await json<{ error: { code: string; retryAfter?: number } }>(response);
  expect(error).toMatchObject(code === 'UNAVAILABLE' ? { code, retryAfter: 1 } : { code });
  expect(response.headers.get('retry-after')).toBe(code === 'UNAVAILABLE' ? '1' : null);
});

test.each(['frozen', 'cut'])(
  'while the database is %s everything is answered UNAVAILABLE, and nothing is a fault of ours',
  async (how) => {
    const cable = new Cable(world.config.DATABASE_URL);
    const config = { ...world.config, DATABASE_URL: await cable.lay(), DATABASE_STATEMENT_SECONDS: 1 };
    const log: string[] = [];
    const roles = { api: true, worker: true };
    const app = await startApp(config, roles, createLog('warn', { write: (line: string) => void log.push(line) }));
    try {
      const ada = (await world.user()).at(app.url ?? '');
      const codes = () =>
        Promise.all(
          [ada.send(Tasks), ada.send(CreateTask, { input: { title: 'x' } })].map(
            async (sent) => (await sent).body.errors?.[0]?.extensions?.['code'] ?? 'OK',
          ),
        );
      const signIn = async () => {
        const { idToken } = await world.idToken({ email: 'eve@example.com' });
        return (await postJson(`${app.url}/api/v1/auth/google`, { idToken })).status;
      };
      expect(await codes()).toEqual(['OK', 'OK']);
      if (how === 'cut') cable.cut();
      else cable.isFrozen = true;
      expect(await Promise.all([codes(), signIn()])).toEqual([['UNAVAILABLE', 'UNAVAILABLE'], 503]);
      cable.isCut = false;
      cable.isFrozen = false;
      await eventually(codes, (seen) => seen.every((code) => code === 'OK'));
      await eventually(signIn, (status) => status === 200);
      expect(log.length).toBeGreaterThan(0);
      expect(log.filter((line) => line.includes('"level":50') || line.includes('"stack"'))).toEqual([]);
    } finally {
      await app.close();
      await cable.remove();
    }
  },
);
