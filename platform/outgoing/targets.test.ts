import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { readTarget } from './targets.ts';

describe('an address', () => {
  it.each([
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '100.64.0.1', '169.254.169.254', '172.31.255.255', '192.168.1.1'],
    ...['192.0.0.8', '198.19.0.1', '224.0.0.1', '255.255.255.255', '203.0.113.7', '192.88.99.1'],
    ...['::', '::1', '::ffff:8.8.8.8', '::ffff:127.0.0.1', '64:ff9b::7f00:1', 'fe80::1', 'fe80::1%eth0', 'fc00::1'],
    ...['fd12:3456::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001:0:7f00:1::', 'localhost', '', '1.2.3'],
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    '%s is',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('a target outside development', () => {
  it.each([
    ...['http://shop.example/x', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/'],
    ...['https://localhost/', 'https://localhost./', 'https://a.localhost/', 'https://db/', 'https://db.internal/'],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[fe80::1]/', 'https://user:secret@shop.example/'],
    ...[
      'https://169.254.169.254/latest/meta-data/',
      'https://shop.example/#x',
      'ftp://shop.example/',
      'file:///etc/passwd',
    ],
    ...['javascript:alert(1)', 'https://', '', `https://shop.example/${'x'.repeat(2_000)}`, 'https://１２７.0.0.1/'],
  ])('is never %s', (url) => {
    expect(readTarget(url, { isStrict: true }).ok).toBe(false);
  });

  it.each([
    'https://shop.example/hook',
    'https://shop.example:8443/a?b=c',
    'https://8.8.8.8/',
    'https://xn--bcher-kva.example/',
  ])('may be %s', (url) => {
    expect(readTarget(url, { isStrict: true }).ok).toBe(true);
  });

  it('may be anything that can be called within it', () => {
    expect(readTarget('http://127.0.0.1:24000/hook', { isStrict: false }).ok).toBe(true);
    expect(readTarget('ftp://127.0.0.1/', { isStrict: false }).ok).toBe(false);
  });
});
