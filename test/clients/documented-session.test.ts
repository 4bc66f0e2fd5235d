import { afterEach, describe, expect, test } from '@jest/globals';
import { print } from 'graphql';
import { z } from 'zod';
import { CreateTask, FollowChanges, Me, SignOutEverywhere } from '../../generated/documents.js';
import { Cable } from '../support/cable.js';
import { eventually, harness, json, postJson } from '../support/harness.js';
import { Browser, type Tab } from './browser.js';

const CloseEvent = z.object({ code: z.int() });

const page = 'https://app.example.com';
const browsers: Browser[] = [];
const cables: Cable[] = [];
// Before the world ends.
afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.close();
  for (const cable of cables.splice(0)) await cable.remove();
});
const world = harness({ config: { CORS_ORIGINS: page }, worker: false });

function browser(): Browser {
  const opened = new Browser(world.url, page);
  browsers.push(opened);
  return opened;
}

/** A tab in which somebody has signed in. */
async function signedIn(tab: Tab, name: string): Promise<Tab> {
  await tab.signIn(await world.idToken({ email: `${name}@example.com`, name }));
  return tab;
}

async function send(tab: Tab, document: Parameters<typeof print>[0], variables: object = {}) {
  const headers = { authorization: `Bearer ${tab.accessToken}` };
  const response = await postJson(`${world.url}/graphql`, { query: print(document), variables }, headers);
  return json<{ data?: { me?: { name: string } }; errors?: { extensions: { code: string } }[] }>(response);
}

/** Whose tab it is by its access token; the code of the error when it is nobody's. */
async function whose(tab: Tab): Promise<string | undefined> {
  const { data, errors } = await send(tab, Me);
  return data?.me?.name ?? errors?.[0]?.extensions.code;
}

/** The types of the events that a tab's socket gets, and how the subscription ended. */
function follow(tab: Tab): { types: string[]; ended: Promise<unknown> } {
  const types: string[] = [];
  const ended = new Promise((resolve) => {
    tab.socket.subscribe<{ changes: { node: { type: string } } }>(
      { query: print(FollowChanges) },
      {
        next: ({ data }) => types.push(data?.changes.node.type ?? ''),
        error: resolve,
        complete: () => resolve(null),
      },
    );
  });
  return { types, ended };
}

async function write(tab: Tab, title = 'x'): Promise<void> {
  expect(await send(tab, CreateTask, { input: { title } })).not.toHaveProperty('errors');
}

test('a page that is loaded anew is signed in by its cookie, and one without a cookie is not', async () => {
  const own = browser();
  const first = own.open();
  await expect(first.refresh()).rejects.toThrow(first.SignedOut);
  expect(first.reloads).toBe(0);
  await signedIn(first, 'loaded');
  const second = own.open();
  await second.refresh();
  expect([await whose(first), await whose(second)]).toEqual(['loaded', 'loaded']);
});

test('tabs that refresh at once, for as long as it takes, are all signed in', async () => {
  const own = browser();
  const tabs = [await signedIn(own.open(), 'many'), ...Array.from({ length: 5 }, () => own.open())];
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(tabs.flatMap((tab) => [tab.refresh(), tab.refresh()]));
    expect(await Promise.all(tabs.map(whose))).toEqual(tabs.map(() => 'many'));
    world.clock.advance(11_000);
  }
  // Two that wait in one tab share a refresh.
  expect(own.sent.filter((path) => path === 'refresh')).toHaveLength(3 * tabs.length);
});

test('a tab whose account signs in again in another one goes on, its socket too', async () => {
  const own = browser();
  const first = await signedIn(own.open(), 'again');
  const { types } = follow(first);
  await eventually(
    () => write(first).then(() => types.length),
    (count) => count > 0,
  );
  const second = await signedIn(own.open(), 'again');
  expect(await whose(first)).toBe('UNAUTHENTICATED');
  await eventually(
    () => whose(first),
    (name) => name === 'again',
  );
  const before = types.length;
  await eventually(
    () => write(second).then(() => types.length),
    (count) => count > before,
  );
});

describe('when another account signs in in another tab', () => {
  const twoAccounts = async (name: string) => {
    const own = browser();
    const ada = await signedIn(own.open(), `ada-${name}`);
    const { ended } = follow(ada);
    const bob = await signedIn(own.open(), `bob-${name}`);
    return { own, ada, bob, ended };
  };

  test('the tabs before it are signed out, and nothing of theirs becomes the other’s', async () => {
    const { ada, bob, ended } = await twoAccounts('x');
    expect(await whose(ada)).toBe('UNAUTHENTICATED');
    await expect(ada.refresh()).rejects.toThrow(ada.SignedOut);
    expect(ada.reloads).toBeGreaterThan(0);
    expect(await ended).toBeInstanceOf(ada.SignedOut);
    expect(await whose(ada)).toBe('UNAUTHENTICATED');
    expect(await whose(bob)).toBe('bob-x');
  });

  test('logging out in a tab of the first one leaves the other signed in', async () => {
    const { ada, bob } = await twoAccounts('y');
    await ada.logOut();
    expect(ada.reloads).toBe(1);
    await bob.refresh();
    expect(await whose(bob)).toBe('bob-y');
  });

  test('a refresh whose answer comes late does not take its cookie away', async () => {
    const own = browser();
    const ada = await signedIn(own.open(), 'ada-z');
    const answer = Promise.withResolvers<void>();
    own.holding = answer.promise;
    const late = ada.refresh();
    await eventually(
      () => own.sent,
      (sent) => sent.includes('refresh'),
    );
    const bob = own.open();
    const signingIn = signedIn(bob, 'bob-z');
    own.holding = null;
    answer.resolve();
    await Promise.all([late, signingIn]);
    await bob.refresh();
    expect([await whose(ada), await whose(bob)]).toEqual(['UNAUTHENTICATED', 'bob-z']);
  });
});

test('somebody else who signs in in the same tab gets a page of their own, with nothing of the one before', async () => {
  const own = browser();
  const tab = await signedIn(own.open(), 'before');
  const { ended } = follow(tab);
  await expect(signedIn(tab, 'after')).rejects.toThrow(tab.SignedOut);
  expect(tab.reloads).toBe(1);
  // What was under way in the old page until it is gone is nobody's.
  await expect(tab.refresh()).rejects.toThrow(tab.SignedOut);
  expect(await ended).toBeInstanceOf(tab.SignedOut);
  expect(await whose(tab)).toBe('UNAUTHENTICATED');
  const loaded = own.open();
  await loaded.refresh();
  expect(await whose(loaded)).toBe('after');
});

test('the same person who signs in again in the same tab goes on there', async () => {
  const tab = await signedIn(browser().open(), 'twice');
  await signedIn(tab, 'twice');
  expect([tab.reloads, await whose(tab)]).toEqual([0, 'twice']);
});

test.each([
  ['when answers get lost', ['lost', 'lost']],
  ['when the server has no time', [503, 'lost', 429, 500]],
  ['when half an answer comes', ['half']],
] as const)('a refresh goes on %s', async (_, failures) => {
  const own = browser();
  const tab = await signedIn(own.open(), 'unlucky');
  own.failures.push(...failures);
  await tab.refresh();
  expect(await whose(tab)).toBe('unlucky');
  await tab.refresh();
  expect(await whose(tab)).toBe('unlucky');
});

test.each([
  ['there is no time for it', [503]],
  ['it does not get through', ['lost-before']],
] as const)('a sign-in is tried once more when %s', async (_, failures) => {
  const own = browser();
  own.failures.push(...failures);
  expect(await whose(await signedIn(own.open(), 'once-more'))).toBe('once-more');
});

test('a sign-in that is refused says why', async () => {
  await expect(browser().open().signIn({ idToken: 'x' })).rejects.toThrow('Google did not vouch for this sign-in.');
});

test('logging out in a tab of a session that is over ends the one that took its place', async () => {
  const own = browser();
  const idle = await signedIn(own.open(), 'idle');
  const other = await signedIn(own.open(), 'idle');
  await idle.logOut();
  expect([own.cookie, await whose(other)]).toEqual([null, 'UNAUTHENTICATED']);
});

test('logging out without a cookie ends the session of the page', async () => {
  const own = browser();
  const tab = await signedIn(own.open(), 'blocked');
  const { accessToken } = tab;
  own.cookie = null;
  await tab.logOut();
  expect(await whose({ ...tab, accessToken })).toBe('UNAUTHENTICATED');
});

test('logging out in one tab ends all of the account in this browser, and no other browser', async () => {
  const own = browser();
  const [first, second] = [await signedIn(own.open(), 'out'), own.open()];
  await second.refresh();
  const elsewhere = await signedIn(browser().open(), 'out');
  const { ended } = follow(second);
  await first.logOut();
  expect([first.reloads, own.cookie]).toEqual([1, null]);
  expect(await whose(second)).toBe('UNAUTHENTICATED');
  expect(await ended).toBeInstanceOf(second.SignedOut);
  await second.logOut();
  expect(await whose(elsewhere)).toBe('out');
});

test('a socket waits where the server says so, goes on, and ends when its tab is signed out', async () => {
  const own = browser();
  const [first, second] = [await signedIn(own.open(), 'waiting'), own.open()];
  // More than it tries at once: it then connects without a token, and is refused.
  own.failures.push(429, 503, 503, 503, 503, 503);
  const closes: unknown[] = [];
  second.socket.on('closed', (event) => closes.push(CloseEvent.parse(event).code));
  const { types, ended } = follow(second);
  await eventually(
    () => second.accessToken,
    (token) => token !== '',
  );
  await eventually(
    () => write(first).then(() => types.length),
    (count) => count > 0,
  );
  expect(closes).toEqual([4_403]);
  expect(own.waits.filter((ms) => ms === 7_000)).toHaveLength(5);
  await first.logOut();
  expect(await ended).toBeInstanceOf(second.SignedOut);
  await eventually(
    () => closes,
    (codes) => codes.at(-1) === 4_005,
  );
});

test('a socket whose connection has died without a word is made anew, and one that is not acknowledged', async () => {
  const cable = new Cable(world.url);
  cables.push(cable);
  const own = new Browser(await cable.lay(), page);
  browsers.push(own);
  own.deadAfterMs = 200;
  const tab = await signedIn(own.open(), 'dead');
  const { types } = follow(tab);
  await eventually(
    () => write(tab).then(() => types.length),
    (count) => count > 0,
  );
  const before = cable.attempts;
  cable.isFrozen = true;
  await eventually(
    () => cable.attempts,
    (attempts) => attempts > before + 1,
  );
  cable.isFrozen = false;
  const seen = types.length;
  await eventually(
    () => write(tab).then(() => types.length),
    (count) => count > seen,
  );
});

test('a socket of a session that has ended comes back no more, and asks for no more tokens', async () => {
  const own = browser();
  const tab = await signedIn(own.open(), 'ended');
  const { types, ended } = follow(tab);
  await eventually(
    () => write(tab).then(() => types.length),
    (count) => count > 0,
  );
  await send(tab, SignOutEverywhere);
  expect(await ended).toBeInstanceOf(tab.SignedOut);
  expect(own.sent).toEqual(['google', 'refresh']);
});

describe('a stream of events', () => {
  test('comes again after what is for now, as late as it was told, and with a fresh token', async () => {
    const own = browser();
    const tab = await signedIn(own.open(), 'streams');
    own.failures.push(503, 429, 'lost-before', 401);
    const results = tab.events.iterate<{ changes: { node: { type: string } } }>({ query: print(FollowChanges) });
    const first = results.next();
    await eventually(
      () => write(tab).then(() => Promise.race([first, null])),
      (seen) => seen !== null,
    );
    expect(own.waits.filter((ms) => ms === 7_000)).toHaveLength(3);
    expect(own.sent.filter((path) => path === 'refresh')).toHaveLength(1);
    await results.return?.();
  });

  test('ends for whoever is signed out, and tells what is refused for good once', async () => {
    const own = browser();
    const tab = await signedIn(own.open(), 'final');
    const results: unknown[] = [];
    for await (const result of tab.events.iterate({ query: `#${'x'.repeat(300_000)}` })) results.push(result);
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] }]);
    expect(own.sent.filter((path) => path === 'graphql')).toHaveLength(1);
    await send(tab, SignOutEverywhere);
    const after = tab.events.iterate({ query: print(FollowChanges) });
    await expect(after.next()).rejects.toThrow(tab.SignedOut);
  });
});
