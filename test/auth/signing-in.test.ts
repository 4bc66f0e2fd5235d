import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Credits, Me } from '../../generated/documents.js';
import { harness, json, postJson } from '../support/harness.js';
import type { Session } from '../support/person.js';

const world = harness({ worker: false });
const signIn = (body: object) => postJson(`${world.url}/api/v1/auth/google`, body);

test('the first sign-in makes an account with 5 kickstart credits', async () => {
  const ada = await world.signIn({ email: 'ada@example.com', name: 'Ada' });
  const { me } = await ada.ok(Me, {});
  expect(me).toMatchObject({ email: 'ada@example.com', name: 'Ada', tier: 'FREE', timeZone: 'UTC', preferences: {} });
  expect(me.limits).toMatchObject({ tasks: 50, subtasksPerTask: 4, descriptionLength: 1_000 });
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 5, kickstart: 5, held: 0 });
});

test('the second sign-in finds the account by Google’s subject, whatever its e-mail is now', async () => {
  const before = await world.signIn({ email: 'old@example.com', name: 'Bob' });
  const [row] = await world.sql<{ subject: string }>('select google_subject as subject from auth.user where id = $1', [
    before.id,
  ]);
  const { idToken } = await world.idToken({ email: 'new@example.com', sub: row?.subject });
  const after = await json<Session>(await signIn({ idToken }));
  expect(after.user).toMatchObject({ id: before.id, email: 'new@example.com', name: 'Bob' });
});

test('twenty first sign-ins at once make one account with one gift', async () => {
  const twin = async () => {
    const { idToken } = await world.idToken({ email: 'twins@example.com', name: 'Twins' });
    return json<Session>(await signIn({ idToken }));
  };
  const answers = await Promise.all(Array.from({ length: 20 }, twin));
  expect(new Set(answers.map(({ user }) => user.id)).size).toBe(1);
  const rows = await world.sql('select 1 from billing.credit_entry where account_id = $1', [answers[0]?.user.id]);
  expect(rows).toHaveLength(1);
});

test('an ID token signs in once, whoever comes first and however its signature is spelled', async () => {
  const { idToken } = await world.idToken({ email: 'once@example.com' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => signIn({ idToken })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  for (const other of [`${idToken}=`, `${idToken.slice(0, -1)}${idToken.endsWith('A') ? 'B' : 'A'}`]) {
    expect((await signIn({ idToken: other })).status).toBe(401);
  }
  expect(
    await world.sql(
      "select 1 from auth.session s join auth.user u on u.id = s.user_id where u.email = 'once@example.com'",
    ),
  ).toHaveLength(1);
});

test('a code of Google’s is exchanged as well', async () => {
  const { code } = await world.idToken({ email: 'code@example.com', name: 'Code' });
  const body = { code, redirectUri: 'https://app.example.com/callback' };
  expect((await signIn(body)).status).toBe(200);
  expect((await signIn(body)).status).toBe(401);
});

test('a code that was asked for with a challenge wants its verifier, and one that was not wants none', async () => {
  const codeVerifier = 'a~verifier.of-43_characters'.padEnd(43, 'x');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const redirectUri = 'https://app.example.com/callback';
  const exchange = async (asked: object, proof: object) => {
    const { code } = await world.idToken({ email: 'pkce@example.com', ...asked });
    return (await signIn({ code, redirectUri, ...proof })).status;
  };
  expect(await exchange({ codeChallenge }, { codeVerifier })).toBe(200);
  expect(await exchange({ codeChallenge }, { codeVerifier: codeVerifier.replace('a', 'b') })).toBe(401);
  expect(await exchange({ codeChallenge }, {})).toBe(401);
  expect(await exchange({}, { codeVerifier })).toBe(401);
  for (const bad of ['short', 'x'.repeat(129), `${codeVerifier} `, 7]) {
    expect(await exchange({ codeChallenge }, { codeVerifier: bad })).toBe(400);
  }
});

describe('an ID token is refused', () => {
  const cases: [string, object][] = [
    ['for another client id', { audience: 'somebody-else' }],
    ['with an unverified e-mail', { emailVerified: false }],
    ['after it expired', { expiresInSeconds: -3_600 }],
    ['a minute after it expired', { expiresInSeconds: -60 }],
    ['of another issuer', { issuer: 'https://evil.example.com' }],
    ['signed with another key', { signWithUnknownKey: true }],
  ];
  test.each(cases)('%s', async (_, request) => {
    const { idToken } = await world.idToken({ email: 'mallory@example.com', ...request });
    const response = await signIn({ idToken });
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(JSON.parse(text).error).toMatchObject({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
    expect(text).not.toContain(idToken);
  });

  test.each([
    ['garbage', { idToken: 'garbage' }, 401],
    ['nothing', {}, 400],
    ['a number', { idToken: 7 }, 400],
  ])('when it is %s', async (_, body, status) => {
    expect((await signIn(body)).status).toBe(status);
    expect(await world.sql("select 1 from auth.user where email = 'mallory@example.com'")).toHaveLength(0);
  });
});

test('a body that is no object is refused as a whole, by a name', async () => {
  const response = await postJson(`${world.url}/api/v1/auth/google`, []);
  expect(response.status).toBe(400);
  const fields = [{ field: 'input', rule: 'must be a JSON object' }];
  expect(await response.json()).toMatchObject({ error: { code: 'VALIDATION_FAILED', fields } });
});

test('malformed JSON and unknown routes answer in the error shape of REST', async () => {
  const malformed = await fetch(`${world.url}/api/v1/auth/google`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'my-request.1' },
    body: '{"idToken":',
  });
  expect(malformed.status).toBe(400);
  expect(malformed.headers.get('x-request-id')).toBe('my-request.1');
  expect(await malformed.json()).toMatchObject({ error: { code: 'VALIDATION_FAILED', requestId: 'my-request.1' } });
  const unknown = await fetch(`${world.url}/api/v2/nothing`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});
