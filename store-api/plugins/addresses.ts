/** Where a request comes from, for counting: one IPv4 address, or the /64 that one subscriber of IPv6 usually has. */
import { BlockList, isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';

export function countedAs(address: string): string {
  return isIP(address) === 0 ? 'unknown' : normalizeIP(address);
}

/** Addresses and networks (`10.0.0.0/8`) as one question. */
export function createAddressSet(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return (address) => {
    // `::ffff:127.0.0.1` is an IPv4 client on a socket that listens to both.
    const plain = isIP(address) === 0 ? '' : normalizeIP(address, 128);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}
