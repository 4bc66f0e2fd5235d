import { createPrivateKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { Me } from '../../generated/documents.js';
import { toEnv } from '../../src/config.js';
import { newSigningKey, testConfig } from '../support/config.js';
import { harness, json } from '../support/harness.js';
import { Person } from '../support/person.js';

const world = harness({ worker: false });

const withToken = (accessToken: string) =>
  new Person(world.url, { accessToken, refreshToken: '', expiresIn: 0, user: { id: '', email: '', name: '' } });

async function forge(
  claims: object,
  { key = newSigningKey(), kid, typ }: { key?: string; kid?: string; typ?: string } = {},
): Promise<string> {
  const { session } = await world.user();
  const header = decodeProtectedHeader(session.accessToken);
  return new SignJWT({ ...decodeJwt(session.accessToken), ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: typ ?? 'at+jwt', kid: kid ?? header.kid ?? '' })
    .sign(createPrivateKey(key));
}

async function expectUnauthenticated(token: string, details: object = {}): Promise<void> {
  const { status, body } = await withToken(token).send(Me);
  expect(status).toBe(401);
  expect(body.errors?.[0]?.extensions).toMatchObject({
    code: 'UNAUTHENTICATED',
    requestId: expect.any(String),
    ...details,
  });
  expect(JSON.stringify(body)).not.toContain(token);
}

test('an access token is a JWT with kid, typ, sub, sid, iss, aud, and nothing else, good for 15 minutes', async () => {
  const { session } = await world.user();
  const claims = decodeJwt(session.accessToken);
  expect(decodeProtectedHeader(session.accessToken)).toEqual({
    ...{ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) },
  });
  expect(claims).toEqual({
    ...{ sub: session.user.id, sid: expect.any(String), iss: 'perpetua-flow', aud: 'perpetua-flow' },
    ...{ iat: expect.any(Number), exp: expect.any(Number) },
  });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
  expect(session.expiresIn).toBe(900);
});

test('the public key is at /.well-known/jwks.json', async () => {
  const { session } = await world.user();
  const { keys } = await json<{ keys: { kid: string; d?: string }[] }>(
    await fetch(`${world.url}/.well-known/jwks.json`),
  );
  expect(keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(session.accessToken).kid);
  expect(keys.every(({ d }) => d === undefined)).toBe(true);
});

test('an expired token says that a refresh is required', async () => {
  const ada = await world.user();
  await ada.ok(Me, {});
  world.clock.advance(901_000);
  await expectUnauthenticated(ada.session.accessToken, { refreshRequired: true });
});

test('a token signed by another key is refused', async () => expectUnauthenticated(await forge({})));

test('a token of an unknown key id is refused', async () => expectUnauthenticated(await forge({}, { kid: 'unknown' })));

test('a token for another audience or of another issuer is refused', async () => {
  const key = world.config.JWT_SIGNING_KEY;
  await expectUnauthenticated(await forge({ aud: 'another' }, { key }));
  await expectUnauthenticated(await forge({ iss: 'another' }, { key }));
});

test.each(['JWT', 'whatever'])('a token of our own key that is a %s is refused', async (typ) => {
  await expectUnauthenticated(await forge({}, { key: world.config.JWT_SIGNING_KEY, typ }));
});

test('a token of a session that is not there is refused', async () => {
  const sid = '00000000-0000-7000-8000-000000000000';
  await expectUnauthenticated(await forge({ sid }, { key: world.config.JWT_SIGNING_KEY }));
});

test("a token of somebody else's session is refused, whether that session is known to the process or not", async () => {
  const bob = await world.user('Bob');
  const { sid } = decodeJwt(bob.session.accessToken);
  const key = world.config.JWT_SIGNING_KEY;
  await expectUnauthenticated(await forge({ sid }, { key }));
  await bob.ok(Me, {});
  await expectUnauthenticated(await forge({ sid }, { key }));
  await bob.ok(Me, {});
});

test('an unsigned token is refused', async () => {
  const { session } = await world.user();
  await expectUnauthenticated(new UnsecuredJWT(decodeJwt(session.accessToken)).encode());
});

test('garbage, and no token at all, are refused', async () => {
  await expectUnauthenticated('garbage');
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ me { id } }' }),
  });
  expect(response.status).toBe(401);
});

test('keys rotate without logging anyone out', async () => {
  const ada = await world.user();
  const oldKey = world.config.JWT_SIGNING_KEY;
  const config = testConfig({ ...toEnv(world.config), JWT_SIGNING_KEY: newSigningKey(), JWT_OTHER_KEY: oldKey });
  world.config = config;
  const rotated = await world.startApp();
  const there = ada.at(rotated.url ?? '');
  expect((await there.ok(Me, {})).me.id).toBe(ada.id);
  const bob = await world.user('Bob', rotated.url ?? '');
  expect(decodeProtectedHeader(bob.session.accessToken).kid).not.toBe(
    decodeProtectedHeader(ada.session.accessToken).kid,
  );
  const { keys } = await json<{ keys: object[] }>(await fetch(`${rotated.url}/.well-known/jwks.json`));
  expect(keys).toHaveLength(2);
});
