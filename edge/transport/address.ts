/** Where a client speaks from: the peer of the connection, or what a proxy that we know says about it. */
import { isIP } from 'node:net';
import { createAddressSet } from '../../platform/address-set.ts';

export interface AddressRules {
  /** `peer` as its 4 or 16 bytes, `forwardedFor` as the header came. */
  clientOf(peer: ArrayBuffer, forwardedFor: string): string;
}

/** A header with more hops than this is not read to its end: nobody has so many proxies. */
const MOST_HOPS = 16;
const UNKNOWN = 'unknown';

export function createAddressRules(trustedProxies: readonly string[]): AddressRules {
  const isTrusted = createAddressSet(trustedProxies);
  return {
    clientOf(peer, forwardedFor) {
      const address = textOf(peer);
      if (forwardedFor === '' || !isTrusted(address)) return address;
      // Each proxy appends whom it heard it from: only what stands right of the last one that we do not know is true.
      const hops = forwardedFor.split(',').slice(-MOST_HOPS).reverse();
      let client = address;
      for (const hop of hops) {
        const said = normalAddress(hop.trim());
        if (said === undefined) break;
        client = said;
        if (!isTrusted(said)) break;
      }
      return client;
    },
  };
}

/** Whom to count together: an IPv4 address, or the /64 that one subscriber of IPv6 usually has to themselves. */
export function countedAs(address: string): string {
  return isIP(address) === 6 ? `${address.split(':').slice(0, 4).join(':')}::/64` : address;
}

/** IPv4 as it is, IPv6 with all its eight groups and no zeros left out, so that a prefix can be cut off it. */
function normalAddress(said: string): string | undefined {
  // `[2001:db8::1]:443` and `192.0.2.1:443`: some proxies tell the port as well.
  const bare = /^\[(?<v6>[^\]]+)\](?::\d+)?$|^(?<v4>[\d.]+)(?::\d+)?$/.exec(said)?.groups;
  const text = bare?.['v6'] ?? bare?.['v4'] ?? said;
  const family = isIP(text);
  if (family === 4) return text;
  if (family !== 6 || text.includes('%')) return undefined;
  return unmapped(groupsOf(new URL(`http://[${text}]`).hostname.slice(1, -1)));
}

function groupsOf(canonical: string): number[] {
  const [left = '', right] = canonical.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (right === undefined) return numbers(left);
  const [head, tail] = [numbers(left), numbers(right)];
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function textOf(peer: ArrayBuffer): string {
  const bytes = new Uint8Array(peer);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return UNKNOWN;
  const view = new DataView(peer);
  return unmapped(Array.from({ length: 8 }, (_, at) => view.getUint16(2 * at)));
}

/** `::ffff:192.0.2.1` is an IPv4 client on a socket that listens to both. */
function unmapped(groups: readonly number[]): string {
  const [, , , , , marker, high = 0, low = 0] = groups;
  const isMapped = marker === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return groups.map((group) => group.toString(16)).join(':');
}
