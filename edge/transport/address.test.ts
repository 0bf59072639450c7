import { describe, expect, it } from 'vitest';
import { countedAs, createAddressRules } from './address.ts';

const v4 = (text: string): ArrayBuffer => Uint8Array.from(text.split('.').map(Number)).buffer;
const v6 = (...groups: number[]): ArrayBuffer =>
  Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])).buffer;

describe('the address of a client', () => {
  const { clientOf } = createAddressRules(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48']);

  it.each([
    ['a peer that is no proxy of ours, whatever it says', v4('203.0.113.5'), '198.51.100.1', '203.0.113.5'],
    ['a proxy that says nothing', v4('10.1.2.3'), '', '10.1.2.3'],
    ['what our proxy heard', v4('10.1.2.3'), '198.51.100.1', '198.51.100.1'],
    ['not what a client told our proxy before', v4('10.1.2.3'), '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['the hop before a chain of ours', v4('10.1.2.3'), '1.1.1.1, 198.51.100.1, 192.0.2.7, 10.9.9.9', '198.51.100.1'],
    ['the outermost when all are ours', v4('10.1.2.3'), '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['our proxy when what it says is no address', v4('10.1.2.3'), 'unknown', '10.1.2.3'],
    ['the last that can be read', v4('10.1.2.3'), '198.51.100.1, <script>, 10.0.0.2', '10.0.0.2'],
    ['an address with its port', v4('10.1.2.3'), '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 with its port', v4('10.1.2.3'), '[2001:DB8::A]:443', '2001:db8:0:0:0:0:0:a'],
    ['IPv4 inside IPv6', v6(0, 0, 0, 0, 0, 0xffff, 0x0a01, 0x0203), '::ffff:198.51.100.1', '198.51.100.1'],
    ['a proxy with IPv6', v6(0x2001, 0xdb8, 1, 0, 0, 0, 0, 9), '2001:db8:2::1', '2001:db8:2:0:0:0:0:1'],
    ['nothing that is known', new ArrayBuffer(0), '198.51.100.1', 'unknown'],
  ])('is that of %s', (_who, peer, forwardedFor, expected) => {
    expect(clientOf(peer, forwardedFor)).toBe(expected);
  });

  it('is found in a header of any length without reading all of it', () => {
    expect(clientOf(v4('10.1.2.3'), `1.2.3.4,${'10.0.0.1,'.repeat(100_000)}10.0.0.2`)).toBe('10.0.0.1');
  });
});

it('counts an IPv4 address alone and an IPv6 subscriber as one', () => {
  expect(countedAs('198.51.100.1')).toBe('198.51.100.1');
  expect(countedAs('2001:db8:1:2:aaaa:0:0:1')).toBe('2001:db8:1:2::/64');
  expect(countedAs('unknown')).toBe('unknown');
});
