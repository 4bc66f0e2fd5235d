import { expect, test } from '@jest/globals';
import { startPushEmulator } from '../../infra/emulators/push.js';
import { newVapidKeys } from '../../infra/vapid-keys.js';
import { type WebPushOptions, webPushProvider } from '../../src/providers/web-push.js';
import { PushService } from '../support/push-service.js';

const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = newVapidKeys();
const provider = (own: Partial<WebPushOptions> = {}) =>
  webPushProvider({
    ...{ publicKey, privateKey, subject: 'mailto:push@example.com', timeoutMs: 5_000, allowLoopback: true },
    ...own,
  });
const message = { payload: '{}', ttlSeconds: 60, urgency: 'normal' as const, topic: 'topic' };

async function withStandIn(work: (standIn: PushService) => Promise<void>): Promise<void> {
  const standIn = new PushService(await startPushEmulator({ port: 0 }));
  await work(standIn).finally(() => standIn.close());
}

test.each([[['127.0.0.1']], [['10.0.0.7']], [['::1']], [['::ffff:169.254.169.254']], [['8.8.8.8', '192.168.0.1']]])(
  'a public name that leads to %j is refused when a push is sent',
  (addresses) =>
    withStandIn(async (standIn) => {
      const browser = await standIn.subscribe();
      const asked: string[] = [];
      const { send } = provider({
        resolve: async (name) => {
          asked.push(name);
          return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        },
      });
      const target = { ...browser, endpoint: `https://rebound.example.com/push/${browser.id}` };
      const reason = 'The endpoint leads to an address that is not public.';
      expect(await send(target, message)).toEqual({ outcome: 'refused', reason });
      expect(asked).toEqual(['rebound.example.com']);
      expect(await standIn.requests()).toBe(0);
    }),
);

test('a name that does not resolve is tried again later', () =>
  withStandIn(async (standIn) => {
    const browser = await standIn.subscribe();
    const resolve = async () => {
      throw Object.assign(new Error('queryA ENOTFOUND secret.example.com'), { code: 'ENOTFOUND' });
    };
    const result = await provider({ resolve }).send({ ...browser, endpoint: 'https://secret.example.com/x' }, message);
    expect(result).toEqual({ outcome: 'later', reason: 'The push service could not be reached (ENOTFOUND).' });
  }));

test('production sends nothing to this machine, whatever the database holds', () =>
  withStandIn(async (standIn) => {
    const browser = await standIn.subscribe();
    expect(await provider({ allowLoopback: false }).send(browser, message)).toMatchObject({ outcome: 'refused' });
    expect(await standIn.requests()).toBe(0);
  }));

test('a push that hangs is given up in time, and its endpoint is left alone for a while', () =>
  withStandIn(async (standIn) => {
    const [browser, other] = [await standIn.subscribe(), await standIn.subscribe()];
    const { send } = provider({ timeoutMs: 300 });
    await standIn.control({ subscription: browser.id, hang: true });
    const silent = { outcome: 'later', reason: 'The push service did not answer in time.' };
    expect(await send(browser, message)).toEqual(silent);
    for (let count = 0; count < 5; count += 1) expect(await send(browser, message)).toEqual(silent);
    expect(await standIn.requests()).toBe(1);
    expect(await send(other, message)).toEqual({ outcome: 'sent' });
  }));

test('an endpoint that asks for patience gets it', () =>
  withStandIn(async (standIn) => {
    const browser = await standIn.subscribe();
    const { send } = provider();
    await standIn.control({ status: 429, retryAfterSeconds: 60 });
    for (let count = 0; count < 3; count += 1) expect(await send(browser, message)).toMatchObject({ outcome: 'later' });
    expect(await standIn.requests()).toBe(1);
  }));

test('a browser whose keys are none is refused', () =>
  withStandIn(async (standIn) => {
    const browser = await standIn.subscribe();
    const p256dh = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
    expect(await provider().send({ ...browser, p256dh }, message)).toMatchObject({ outcome: 'refused' });
  }));

test('the stand-in refuses who signs with another key, and what is for another browser', () =>
  withStandIn(async (standIn) => {
    const [browser, other] = [await standIn.subscribe(), await standIn.subscribe()];
    const forger = provider({ privateKey: newVapidKeys().VAPID_PRIVATE_KEY });
    expect(await forger.send(browser, message)).toMatchObject({ reason: 'The push service answered 403.' });
    const misdirected = { ...browser, auth: other.auth };
    expect(await provider().send(misdirected, message)).toMatchObject({ reason: 'The push service answered 400.' });
    expect(await provider().send(browser, message)).toEqual({ outcome: 'sent' });
  }));
