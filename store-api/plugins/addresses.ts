/** Where a request comes from, for counting: one IPv4 address, or the /64 that one subscriber of IPv6 usually has. */
import { isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import { createAddressSet } from '../../platform/address-set.ts';

export function countedAs(address: string): string {
  return isIP(address) === 0 ? 'unknown' : normalizeIP(address);
}

/** Whether a peer of Node's is among the addresses: `::ffff:127.0.0.1` is an IPv4 client on a socket that listens to both. */
export function createPeerSet(entries: readonly string[]): (address: string) => boolean {
  const isAmong = createAddressSet(entries);
  return (address) => isIP(address) !== 0 && isAmong(normalizeIP(address, 128));
}
