import { describe, expect, test } from '@jest/globals';
import { toEnv } from '../../src/config.js';
import { testConfig } from '../support/config.js';
import { freePort } from '../support/free-port.js';
import { harness, json, postJson } from '../support/harness.js';
import type { Session } from '../support/person.js';

const page = 'https://app.example.com';
const world = harness({ config: { CORS_ORIGINS: page }, worker: false });
const post = (path: string, body: object, headers: Record<string, string> = {}, url = world.url) =>
  postJson(`${url}/api/v1/auth/${path}`, body, headers);

async function signIn(headers: Record<string, string> = {}, url = world.url): Promise<Response> {
  const { idToken } = await world.idToken({ email: 'browser@example.com' });
  return post('google', { idToken }, headers, url);
}

/** What a browser sends back of a Set-Cookie header. */
const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

test('addresses are printed as localhost, which is one site with the page under development', () => {
  expect(world.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect(world.google.url).toMatch(/^http:\/\/localhost:\d+$/);
});

test('a browser gets the refresh token in the cookie alone, and refreshes and signs out with it', async () => {
  const signedIn = await signIn({ origin: page });
  const cookie = cookieOf(signedIn);
  expect(signedIn.headers.get('set-cookie')).toMatch(
    /^refresh_token=[\w-]{43}; Max-Age=604800; Path=\/api\/v1\/auth; HttpOnly; Secure; SameSite=Strict$/,
  );
  expect(signedIn.headers.get('cache-control')).toBe('no-store');
  expect(Object.keys(await json<object>(signedIn)).sort()).toEqual(['accessToken', 'expiresIn', 'tokenType', 'user']);
  const refreshed = await post('refresh', {}, { origin: page, cookie });
  expect(refreshed.status).toBe(200);
  expect(refreshed.headers.get('access-control-allow-credentials')).toBe('true');
  expect(await json<object>(refreshed)).not.toHaveProperty('refreshToken');
  const next = cookieOf(refreshed);
  expect(next).not.toBe(cookie);
  const signedOut = await post('logout', {}, { origin: page, cookie: next });
  expect(signedOut.status).toBe(204);
  expect(signedOut.headers.get('set-cookie')).toMatch(/^refresh_token=; .*Expires=Thu, 01 Jan 1970/);
  expect((await post('refresh', {}, { origin: page, cookie: next })).status).toBe(401);
});

describe('a browser that signs in anew', () => {
  const asAda = { email: 'ada-of-two@example.com' };
  const asBob = { email: 'bob-of-two@example.com' };
  const enter = async (person: { email: string }, headers: Record<string, string>) => {
    const { idToken } = await world.idToken(person);
    const answer = await post('google', { idToken }, { origin: page, ...headers });
    return { cookie: cookieOf(answer), accessToken: (await json<Session>(answer)).accessToken };
  };
  const me = async (accessToken: string): Promise<unknown> =>
    json(
      await postJson(`${world.url}/graphql`, { query: '{ me { email } }' }, { authorization: `Bearer ${accessToken}` }),
    );
  const isSignedOut = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };

  test.each([
    ['somebody else', asBob],
    ['the same person', asAda],
  ])('as %s ends the session whose cookie is overwritten', async (_, next) => {
    const ada = await enter(asAda, {});
    const { cookie, accessToken } = await enter(next, { cookie: ada.cookie });
    expect(await me(ada.accessToken)).toMatchObject(isSignedOut);
    expect(await me(accessToken)).toEqual({ data: { me: next } });
    expect((await post('refresh', {}, { origin: page, cookie: ada.cookie })).status).toBe(401);
    expect((await post('refresh', {}, { origin: page, cookie })).status).toBe(200);
  });

  test.each([
    ['keeps the cookie when it asks for the body', { 'x-refresh-token': 'body' }],
    ['is signed in whatever the cookie was', { cookie: 'refresh_token=unknown' }],
    ['is signed in whatever long text the cookie was', { cookie: `refresh_token=${'x'.repeat(4_000)}` }],
    ['is signed in where the cookie was empty', { cookie: 'refresh_token=' }],
  ])('%s', async (_, headers) => {
    const ada = await enter(asAda, {});
    const bob = await enter(asBob, { cookie: ada.cookie, ...headers });
    expect(await me(ada.accessToken)).toEqual({ data: { me: asAda } });
    expect(await me(bob.accessToken)).toEqual({ data: { me: asBob } });
  });

  test('and is refused keeps the session that it has', async () => {
    const ada = await enter(asAda, {});
    expect((await post('google', { idToken: 'x' }, { origin: page, cookie: ada.cookie })).status).toBe(401);
    expect(await me(ada.accessToken)).toEqual({ data: { me: asAda } });
  });
});

test('a page that asks for it gets the refresh token in the body, and no cookie', async () => {
  const answer = await signIn({ origin: page, 'x-refresh-token': 'body' });
  expect(answer.headers.get('set-cookie')).toBeNull();
  const { refreshToken } = await json<Session>(answer);
  const refreshed = await post('refresh', { refreshToken }, { origin: page, 'x-refresh-token': 'body' });
  expect((await json<Session>(refreshed)).refreshToken).toMatch(/^[\w-]{43}$/);
});

describe('a browser with a page that keeps its token in the body and one with a cookie', () => {
  const inBody = { origin: page, 'x-refresh-token': 'body' };
  const both = async () => {
    const cookie = cookieOf(await signIn({ origin: page }));
    const { refreshToken = '' } = await json<Session>(await signIn(inBody));
    return { cookie, refreshToken };
  };

  test('does not give the token of the cookie to the other page', async () => {
    const { cookie } = await both();
    const answer = await post('refresh', {}, { ...inBody, cookie });
    expect(answer.status).toBe(401);
    expect((await post('refresh', {}, { origin: page, cookie })).status).toBe(200);
  });

  test.each([
    ['with the header', inBody],
    ['without it', { origin: page }],
  ])('leaves the cookie as it is when the other page refreshes and logs out, %s', async (_, headers) => {
    const { cookie, refreshToken } = await both();
    const refreshed = await post('refresh', { refreshToken }, { ...headers, cookie });
    expect(refreshed.headers.get('set-cookie')).toBeNull();
    const { refreshToken: next = '' } = await json<Session>(refreshed);
    const out = await post('logout', { refreshToken: next }, { ...headers, cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, null]);
    expect((await post('refresh', { refreshToken: next }, headers)).status).toBe(401);
    expect((await post('refresh', {}, { origin: page, cookie })).status).toBe(200);
  });
});

describe('logging out with an access token', () => {
  const enter = async (email = 'browser@example.com') => {
    const answer = await post('google', await world.idToken({ email }), { origin: page });
    return { cookie: cookieOf(answer), accessToken: (await json<Session>(answer)).accessToken };
  };
  const logOut = (headers: Record<string, string>) => post('logout', {}, { origin: page, ...headers });
  const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });
  const isAlive = async (cookie: string) => (await post('refresh', {}, { origin: page, cookie })).status === 200;

  test('ends its session, and drops the cookie that is of it', async () => {
    const { cookie, accessToken } = await enter();
    const out = await logOut({ ...bearer(accessToken), cookie });
    expect(out.headers.get('set-cookie')).toContain('refresh_token=;');
    expect(await isAlive(cookie)).toBe(false);
  });

  test('ends its session, and the one that the same account has begun since', async () => {
    const [former, next] = [await enter(), await enter()];
    const out = await logOut({ ...bearer(former.accessToken), cookie: next.cookie });
    expect(out.headers.get('set-cookie')).toContain('refresh_token=;');
    expect([await isAlive(former.cookie), await isAlive(next.cookie)]).toEqual([false, false]);
  });

  test('ends its session, and leaves the cookie of somebody else', async () => {
    const [ada, bob] = [await enter(), await enter('bob-with-a-cookie@example.com')];
    const out = await logOut({ ...bearer(ada.accessToken), cookie: bob.cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, null]);
    expect([await isAlive(ada.cookie), await isAlive(bob.cookie)]).toEqual([false, true]);
  });

  test('takes one that has expired, and has nothing to end the second time', async () => {
    const { cookie, accessToken } = await enter();
    world.clock.advance(3_600_000);
    expect((await logOut(bearer(accessToken))).status).toBe(204);
    expect((await logOut(bearer(accessToken))).status).toBe(204);
    expect(await isAlive(cookie)).toBe(false);
  });

  test.each([
    ['a token of nobody', 'Bearer x.y.z'],
    ['no token', 'Bearer'],
    ['another scheme', 'Basic YTpi'],
  ])('refuses %s, and ends nothing', async (_, authorization) => {
    const { cookie } = await enter();
    const out = await logOut({ authorization, cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([401, null]);
    expect(await isAlive(cookie)).toBe(true);
  });
});

test('a browser asks before it sends the header that asks for the body', async () => {
  const asked = await fetch(`${world.url}/api/v1/auth/refresh`, {
    method: 'OPTIONS',
    headers: {
      ...{ origin: page, 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'content-type,x-refresh-token',
    },
  });
  expect(asked.headers.get('access-control-allow-headers')).toContain('x-refresh-token');
});

test('a client that is no browser gets the refresh token in the body, and needs no body for its cookie', async () => {
  const answer = await signIn();
  const cookie = cookieOf(answer);
  expect((await json<Session>(answer)).refreshToken).toMatch(/^[\w-]{43}$/);
  const refreshed = await fetch(`${world.url}/api/v1/auth/refresh`, { method: 'POST', headers: { cookie } });
  expect(refreshed.status).toBe(200);
});

test.each([
  ['no cookie', {}],
  ['an empty one', { cookie: 'refresh_token=' }],
  ['others', { cookie: 'theme=dark' }],
])('a browser that has %s is signed out: 401 for a refresh, and a logout has nothing to end', async (_, headers) => {
  const own = { origin: page, 'content-type': 'application/json', ...headers };
  for (const body of [undefined, '{}', '{"refreshToken":null}', '{"refreshToken":""}']) {
    const send = (path: string) =>
      fetch(`${world.url}/api/v1/auth/${path}`, { method: 'POST', headers: own, ...(body ? { body } : {}) });
    const refreshed = await send('refresh');
    expect(refreshed.status).toBe(401);
    expect(await refreshed.json()).toMatchObject({
      error: { code: 'UNAUTHENTICATED', message: 'There is no refresh token. Sign in.' },
    });
    const out = await send('logout');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toContain('refresh_token=;');
  }
});

describe.each(['refresh', 'logout', 'google'])('/%s', (path) => {
  test.each(['https://evil.example.com', `${page}.evil.example.com`, 'http://app.example.com', 'null', ''])(
    'refuses pages of the origin "%s"',
    async (origin) => {
      const cookie = cookieOf(await signIn());
      const answer = await post(path, {}, { origin, cookie });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ error: { code: 'FORBIDDEN', requestId: expect.any(String) } });
      expect((await post('refresh', {}, { cookie })).status).toBe(200);
    },
  );

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'text/json',
  ])('refuses a body of the type %s', async (type) => {
    const cookie = cookieOf(await signIn());
    const answer = await post(path, {}, { cookie, 'content-type': type });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
    expect((await post('refresh', {}, { cookie })).status).toBe(200);
  });

  test('refuses a page that says no type', async () => {
    const headers = { origin: page };
    const answer = await fetch(`${world.url}/api/v1/auth/${path}`, { method: 'POST', headers });
    expect(answer.status).toBe(415);
    const rule = 'must be sent with Content-Type: application/json';
    expect(await answer.json()).toMatchObject({
      error: { message: `body: ${rule}`, fields: [{ field: 'body', rule }] },
    });
  });
});

test('a page of our own origin needs no permission', async () => {
  expect((await signIn({ origin: world.url })).status).toBe(200);
});

test('behind HTTPS the name of the cookie promises it, and SameSite is as configured', async () => {
  const { config } = world;
  const port = await freePort();
  const own = { PORT: `${port}`, PUBLIC_URL: 'https://api.example.com', COOKIE_SAMESITE: 'none' };
  world.config = testConfig({ ...toEnv(config), ...own });
  await world.startApp();
  world.config = config;
  const answer = await signIn({ origin: page }, `http://localhost:${port}`);
  expect(answer.headers.get('set-cookie')).toMatch(/^__Secure-refresh_token=.+; HttpOnly; Secure; SameSite=None$/);
  const headers = { origin: page, cookie: cookieOf(answer) };
  expect((await post('refresh', {}, headers, `http://localhost:${port}`)).status).toBe(200);
});
