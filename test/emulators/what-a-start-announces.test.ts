import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { EndSession, MySessions } from '../../generated/documents.js';
import { SampleSession } from '../../infra/sample-session.js';
import { sampleUser } from '../../infra/seed/sample-user.js';
import { announce } from '../../infra/welcome.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

test('a start says where everything is, on the screen and in a file for scripts alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ready-'));
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const readyFile = join(folder, 'ready.json');
    const { config, url, google, openai, deepgram, checkout } = world;
    const end = await announce({
      config,
      url,
      google,
      openai,
      deepgram,
      checkout,
      push: openai,
      readyFile,
      logFile: 'app.log',
      onToken: () => undefined,
    });
    end();
    const ready = JSON.parse(readFileSync(readyFile, 'utf8'));
    expect(ready).toMatchObject({
      graphqlUrl: `${url}/graphql`,
      subscriptionUrl: `${url.replace('http', 'ws')}/graphql`,
      restUrl: `${url}/api/v1`,
      accessToken: expect.any(String),
      googleEmulatorUrl: google.url,
      openaiEmulatorUrl: openai.url,
      deepgramEmulatorUrl: deepgram.url,
      checkoutEmulatorUrl: checkout.url,
      pushEmulatorUrl: openai.url,
      databaseUrl: config.DATABASE_URL,
    });
    expect(ready.graphqlUrl).toMatch(/^http:\/\/localhost:/);
    // A token and a password are in it.
    expect(statSync(readyFile).mode & 0o077).toBe(0);
    const text = printed.mock.calls.join('\n');
    for (const address of [ready.graphqlUrl, ready.restUrl, google.url, deepgram.url, checkout.url])
      expect(text).toContain(address);
    const { accessToken } = ready;
    const response = await fetch(ready.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: '{ me { email } }' }),
    });
    expect(await response.json()).toEqual({ data: { me: { email: 'ada@example.com' } } });
  } finally {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

test('the sample token is renewed within one session, and signed in anew only when that has ended', async () => {
  const session = new SampleSession(`${world.url}/api/v1`, world.google.url);
  const ada = await world.signIn(sampleUser);
  const others = async () => (await ada.ok(MySessions, {})).mySessions.filter(({ current }) => !current);
  const known = (await others()).map(({ id }) => id);
  for (let count = 0; count < 3; count += 1) await session.renew();
  const [own, ...more] = (await others()).filter(({ id }) => !known.includes(id));
  expect(more).toEqual([]);
  await ada.ok(EndSession, { input: { id: own?.id ?? '' } });
  await session.renew();
  const begun = (await others()).map(({ id }) => id).filter((id) => !known.includes(id));
  expect(begun).toEqual([expect.not.stringMatching(own?.id ?? '')]);
});
