import { once } from 'node:events';
import { request } from 'node:https';
import { expect, test } from '@jest/globals';
import { isPublicAddress, publicUrlFault } from '../../src/platform/http/public-address.js';
import { PublicAgent, type ResolveName } from '../../src/platform/http/public-agent.js';

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
  expect(publicUrlFault(`https://${host}/push`, { allowLoopback: false })).not.toBeNull();
});

test('outside production only the three names of this machine are let through', () => {
  const allowed = inside.filter(
    (host) => publicUrlFault(`https://${host}:4103/push`, { allowLoopback: true }) === null,
  );
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
])('%s is no public URL', (url) => expect(publicUrlFault(url, { allowLoopback: false })).not.toBeNull());

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QGuQyavXutnMH',
  'https://db5p.notify.windows.com/w/?token=BQYAAAC',
  'https://fcm.googleapis.com:443/x',
  'https://8.8.8.8/x',
  'https://[2606:4700::1111]/x',
  `https://fcm.googleapis.com/${'x'.repeat(1_900)}`,
])('%s is one', (url) => expect(publicUrlFault(url, { allowLoopback: false })).toBeNull());

/** Why the agent does not connect to a URL: the error's code. */
async function refusalOf(url: string, resolve?: ResolveName): Promise<unknown> {
  const agent = new PublicAgent(resolve);
  const [error] = await once(request(url, { agent }), 'error');
  agent.destroy();
  return error.code;
}

test.each(['https://127.0.0.1:1/', 'https://[::1]:1/', 'https://[::ffff:169.254.169.254]/', 'https://168.63.129.16/'])(
  'the agent does not connect to %s, whoever has checked the URL before',
  async (url) => expect(await refusalOf(url)).toBe('ENOTPUBLIC'),
);

test('a name is judged by what it leads to when one connects, by all of it', async () => {
  const answers = [['8.8.8.8', '10.0.0.7'], ['127.0.0.1'], ['::ffff:192.168.0.1']];
  const resolve = async () =>
    (answers.pop() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  for (const _ of [1, 2, 3]) expect(await refusalOf('https://rebound.example.com/', resolve)).toBe('ENOTPUBLIC');
  expect(answers).toEqual([]);
});

test('what is connected to is what was checked', async () => {
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];
  const { lookup } = new PublicAgent(async () => addresses).options;
  const { promise, resolve } = Promise.withResolvers<unknown[]>();
  lookup?.('hooks.example.com', { all: true }, (...found) => resolve(found));
  expect(await promise).toEqual([null, addresses]);
});
