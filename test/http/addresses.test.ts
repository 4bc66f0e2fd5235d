import { expect, test } from '@jest/globals';
import { addressKey, plainAddress, trustedBy } from '../../src/platform/http/addresses.js';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
  ['::FFFF:C000:201', '192.0.2.1'],
  ['2001:DB8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['unknown', 'unknown'],
  ['_hidden', 'unknown'],
  ['1.2.3.4.5', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('%s is the address %s', (written, meant) => {
  expect(plainAddress(written)).toBe(meant);
});

test('hosts of one IPv6 network are counted together, hosts of two are not, nor are two of IPv4', () => {
  expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('[2001:db8:1:2::1]:443'));
  expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
  expect(addressKey('192.0.2.1')).toBe(addressKey('::ffff:192.0.2.1'));
  expect(addressKey('192.0.2.1')).not.toBe(addressKey('192.0.2.2'));
});

test('a proxy is trusted however its address is written', () => {
  const isTrusted = trustedBy(['10.0.0.0/8', '2001:db8::/32']);
  for (const address of ['10.1.2.3', '10.1.2.3:80', '::ffff:10.1.2.3', '[2001:db8::7]:80'])
    expect(isTrusted(address)).toBe(true);
  for (const address of ['11.1.2.3', '2001:db9::1', 'unknown']) expect(isTrusted(address)).toBe(false);
});
