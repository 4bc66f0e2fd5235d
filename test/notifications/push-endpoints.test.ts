import { expect, test } from '@jest/globals';
import { startPushEmulator } from '../../infra/emulators/push.js';
import { newVapidKeys } from '../../infra/vapid-keys.js';
import { isPublicAddress } from '../../src/platform/http/public-address.js';
import { publicLookup } from '../../src/platform/http/public-lookup.js';
import { endpointFault } from '../../src/providers/push-endpoint.js';
import { type WebPushOptions, webPushProvider } from '../../src/providers/web-push.js';
import { PushService } from '../support/push-service.js';

/** IANA's special-purpose registries, both ends of each range, and what clouds have of their own. */
const ranges: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
  ['168.63.129.16', '168.63.129.16'],
  ['161.26.0.0', '161.26.255.255'],
  ['166.8.0.0', '166.11.255.255'],
  ['::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

test.each(ranges)('no address from %s to %s is public, as it is or written as an IPv6 one', (first, last) => {
  const addresses = [first, last].flatMap((address) =>
    address.includes(':') ? [address] : [address, `::ffff:${address}`, `64:ff9b::${address}`, `::${address}`],
  );
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test('addresses beside those are public', () => {
  const beside = ['100.63.255.255', '100.128.0.0', '168.63.129.15', '168.63.129.17', '161.27.0.0', '166.12.0.0'];
  const all = [...beside, '223.255.255.255', '2001:200::', '2003::', '2600::', '::ffff:8.8.8.8'];
  expect(all.filter((address) => !isPublicAddress(address))).toEqual([]);
});

const inside = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'intranet', 'host.internal', 'printer.local', 'nas.lan'],
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1.', '127.255.255.254'],
  ...['0.0.0.0', '0', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '0xc0a80101'],
  ...['169.254.169.254', '0xa9fea9fe', '100.64.0.1', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:10.0.0.1]'],
  ...['[::127.0.0.1]', '[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[fec0::1]', '[ff02::1]', '[2001:db8::1]'],
  ...[
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[100::1]',
    '[4000::1]',
    '[::ffff:0:7f00:1]',
  ],
  ...['%31%32%37.0.0.1', '①②⑦.0.0.1', '１２７.0.0.1'],
];

test.each(inside)('production refuses https://%s/', (host) => {
  expect(endpointFault(`https://${host}/push`, false)).not.toBeNull();
});

test('outside production only the three names of this machine are let through', () => {
  const allowed = inside.filter((host) => endpointFault(`https://${host}:4103/push`, true) === null);
  // Those are spellings of the same: `URL` turns them into the usual one.
  const loopback = ['localhost', 'LOCALHOST', 'localhost.', '127.0.0.1', '127.1', '2130706433', '0x7f000001'];
  const others = ['0177.0.0.1', '127.0.0.1.', '[::1]', '[0:0:0:0:0:0:0:1]', '%31%32%37.0.0.1'];
  expect(allowed.sort()).toEqual([...loopback, ...others].sort());
});

test.each([
  ['http://fcm.googleapis.com/x'],
  ['ftp://fcm.googleapis.com/x'],
  ['https://user@fcm.googleapis.com/x'],
  ['https://user:secret@fcm.googleapis.com/x'],
  [`https://fcm.googleapis.com/${'x'.repeat(2_000)}`],
  [`https://fcm.googleapis.com/${'ü'.repeat(700)}`],
  ['https://fcm.googleapis.com\\@127.0.0.1/x'],
  ['https://fcm.googleapis.com/x\nHost: y'],
  ['https://fcm.googleapis.com/x y'],
  ['https://fcm.googleapis.com/\u0000'],
  ['https://fcm.googleapis.com/\ud800'],
  ['https:fcm.googleapis.com/x'],
  ['https:/fcm.googleapis.com/x'],
  ['https://①②⑦.0.0.1/x'],
  ['https://１２７.0.0.1/x'],
  ['https://fcm.googleapis.com:22/x'],
  ['https://fcm.googleapis.com:8443/x'],
  ['https://8.8.8.8:80/x'],
  ['//fcm.googleapis.com/x'],
  ['javascript:alert(1)'],
  ['https://'],
  ['https://[::1'],
  [''],
])('%s is no endpoint', (endpoint) => expect(endpointFault(endpoint, false)).not.toBeNull());

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QGuQyavXutnMH',
  'https://db5p.notify.windows.com/w/?token=BQYAAAC',
  'https://fcm.googleapis.com:443/x',
  'https://8.8.8.8/x',
  'https://[2606:4700::1111]/x',
  `https://fcm.googleapis.com/${'x'.repeat(1_900)}`,
])('%s is one', (endpoint) => expect(endpointFault(endpoint, false)).toBeNull());

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

test('a public name that leads to public addresses is let through', async () => {
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];
  const lookup = publicLookup(async () => addresses);
  const { promise, resolve } = Promise.withResolvers<unknown[]>();
  lookup('push.example.com', { all: true }, (...found) => resolve(found));
  expect(await promise).toEqual([null, addresses]);
});

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
